"""From a use to Train, where a network much like it learns, and to Explore, where it is opened."""

from __future__ import annotations

import streamlit as st

from pages.panels.shared.button import button
from pages.panels.shared.messages import plain
from pages.panels.shared.put_on_explore import GO, put_on_explore
from pages.panels.shared.sharing import menu
from pages.state.session import Session
from pages.state.training import recipes
from seqviz.applications.application import Application
from seqviz.types import InputSequence


def ways_on(session: Session, application: Application, sequence: InputSequence) -> None:
    """The two buttons; the page changes in the run that does what they ask for. sequence: what the
    network reads now.
    """
    if GO in session.options:
        menu.go(session.options[GO])
    why_not = "" if application.can_be_tried else plain(application.why_not_tried)
    not_opened = plain(application.why_not_opened)
    with st.container(horizontal=True, gap="small"):
        button(
            session,
            "Train it yourself",
            _train,
            application,
            icon=":material/model_training:",
            disabled=bool(why_not),
            help=why_not or "Opens Train with a task like this one and its data.",
        )
        button(
            session,
            "Open in Explore",
            _explore,
            application,
            sequence,
            icon=":material/visibility:",
            disabled=bool(not_opened),
            help=not_opened or "Opens Explore with this network and what it reads here.",
        )
    for reason in filter(None, (why_not, not_opened, plain(application.left_out))):
        st.caption(reason)  # a phone shows no help


def _train(session: Session, application: Application) -> None:
    recipe = application.nearby_recipe()
    if recipe is not None:
        recipes.open_recipe(session, recipe)
        session.options[GO] = "train"


def _explore(session: Session, application: Application, sequence: InputSequence) -> None:
    put_on_explore(session, application.key, application.model(), sequence)
