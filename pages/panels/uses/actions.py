"""From a use to Train, where a network much like it learns, and to Explore, where it is opened."""

from __future__ import annotations

import streamlit as st

from pages.panels.shared.button import button
from pages.state.files.upload import Upload
from pages.state.session import Session
from pages.state.training import recipes
from seqviz.applications.application import Application
from seqviz.weights.written import state_dict_bytes

_GO = "go to"


def ways_on(session: Session, application: Application) -> None:
    """The two buttons; the page changes in the run that does what they ask for."""
    target = session.options.pop(_GO, None)
    if target:
        st.switch_page(str(target))
    with st.container(horizontal=True, gap="small"):
        button(
            session,
            "Train it yourself",
            _train,
            application,
            icon=":material/model_training:",
            disabled=not application.can_be_tried,
            help="Opens Train with a task like this one and its data.",
        )
        button(
            session,
            "Open in Explore",
            _explore,
            application,
            icon=":material/visibility:",
            disabled=not application.can_be_opened,
            help="Opens Explore with this network's weights.",
        )


def _train(session: Session, application: Application) -> None:
    recipe = application.nearby_recipe()
    if recipe is not None:
        recipes.open_recipe(session, recipe)
        session.options[_GO] = "train.py"


def _explore(session: Session, application: Application) -> None:
    model = application.model()
    file = Upload.of(f"{application.key}.safetensors", state_dict_bytes(model))
    session.replace_file("weights", file)
    session.options[_GO] = "explore.py"
