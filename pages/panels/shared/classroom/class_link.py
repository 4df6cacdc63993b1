"""Class link: what is on screen as a link for a class, with what it shall not see folded away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from pages.components.landmark.component import landmark
from pages.panels.shared.sharing.links import show_link
from pages.state.schema import HIDEABLE, Settings
from pages.state.session import Session
from pages.state.setup import Setup
from seqviz.rnn.model import constructor

NAMES = {
    "build": "Build",
    "feed": "Feed",
    "inspect": "Inspect",
    "export": "Export",
    "classroom": "Class tools",
    "future": "The future, until the class has predicted",
}
_CHOSEN = "hidden in class link"


def class_link_panel(session: Session, setup: Setup, opens: str) -> None:
    """The popover `Class link`. opens: as of show_link."""
    with st.popover("Class link", on_change="rerun", key="_class_link") as opened:
        if opened.open:
            with st.container(key="class_link_region"):
                landmark("Class link", "class_link_region")
                _link(session, setup, opens)


def for_a_class(settings: Settings, hide: Sequence[str], **more: Any) -> Settings:
    """The settings that a class opens: without what is the teacher's own."""
    own = {
        "present": False,
        "notes": "",
        "room": "",
        "round": 0,
        "shown_until": None,
        "answers": "",
    }
    return replace(settings, hide=",".join(hide), **{**own, **more})


def _link(session: Session, setup: Setup, opens: str) -> None:
    st.pills(
        "Hidden for the class",
        list(HIDEABLE),
        format_func=lambda part: NAMES.get(part, str(part)),
        selection_mode="multi",
        **session.tie_choice(_CHOSEN, ["classroom"]),
    )
    chosen = session.options.get(_CHOSEN)
    hide = ["classroom"] if chosen is None else [part for part in HIDEABLE if part in chosen]
    settings = setup.settings
    if "future" in hide and settings.step is None:
        st.caption("Nothing is hidden of the future at the last step: go back to an earlier one.")
    show_link(session, setup, "Class link", for_a_class(settings, hide), opens=opens)
    copied = opens or f"{constructor(setup.spec)} as it is on screen now"
    st.caption(f"Everyone who opens it gets a copy of {copied}, and changes nothing of yours.")
