"""Lesson 9's way to the five uses, each of which opens ready."""

from __future__ import annotations

import streamlit as st

from pages.panels.shared.button import button
from pages.state.classroom import course
from pages.state.schema import USES
from pages.state.session import Session

_GO = "go from learn to uses"


def uses_links(session: Session) -> None:
    """A button for each."""
    words = course.words(session)
    if session.options.pop(_GO, None):
        st.switch_page("uses.py")
    for use in USES:
        button(
            session,
            words(f"uses.{use}"),
            _open,
            use,
            key=f"_use_{use}",
            type="tertiary",
            icon=":material/arrow_outward:",
        )


def _open(session: Session, use: str) -> None:
    session.set(use=use)
    session.options[_GO] = True
