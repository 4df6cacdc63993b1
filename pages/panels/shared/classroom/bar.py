"""The classroom's controls in the header: Present, Notes, Class link and Class poll."""

from __future__ import annotations

import streamlit as st

from pages.components.classroom.component import KEY, classroom_styles
from pages.panels.shared.classroom.class_link import class_link_panel
from pages.panels.shared.classroom.class_poll import class_poll_panel
from pages.panels.shared.classroom.questions import Questions
from pages.state.schema import LONGEST_NOTES
from pages.state.session import Session
from pages.state.setup import Setup


def place(session: Session) -> None:
    """Keep a place at the page's beginning: it is drawn at its end, when all is known."""
    classroom_styles(bool(st.context.is_embedded), f"{session.page} {session.settings.lesson}")
    session.bar = st.container(
        key=KEY, horizontal=True, vertical_alignment="center", gap="small", width="content"
    )


def bar(session: Session, setup: Setup, questions: Questions, opens: str) -> None:
    """Draw the controls, unless a link or a frame around the page has no use for them. opens: what
    is seen by a link to the page, as of show_link.
    """
    hidden = "classroom" in session.settings.hide.split(",")
    if hidden or st.context.is_embedded:
        return
    with session.bar:
        if session.settings.present:
            _notes(session)
        class_link_panel(session, setup, opens)
        class_poll_panel(session, setup, questions)
        st.toggle(
            "Present",
            **session.tie("present"),
            help="For the projector: large, without controls. The arrow keys, Home, End and Space "
            "work, and so does a presenter's remote control.",
        )


def _notes(session: Session) -> None:
    with st.popover("Notes", key="_notes"):
        st.text_area(
            "Teacher's notes",
            **session.tie("notes"),
            height=220,
            max_chars=LONGEST_NOTES,
            placeholder="Your own words, for this state. A class link leaves them out.",
        )
