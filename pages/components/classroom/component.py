"""The classroom's styles, which no part of Streamlit offers: classroom.css behind one function."""

from __future__ import annotations

import streamlit as st

from pages.components.source import bundle, source

KEY = "classroom"
"""Of the st.container that stands in the page's header."""
ABOVE, BESIDE = "poll_above", "poll_beside"
"""Of the st.container that holds a poll: BESIDE takes the left of a wide screen."""

_STYLES = st.components.v2.component(
    "classroom",
    css=source("classroom/classroom.css"),
    js=bundle("classroom/classroom.js"),
    isolate_styles=False,  # they are about the page, not about what stands in a component
)


def classroom_styles(embedded: bool, screen: str) -> None:
    """Put the st.container(key=KEY) into the header, and let the page be printed as a handout.

    embedded: it stands in a frame of another page, and has no header there. screen: what the page
    shows; another one is seen from its top.
    """
    data = {"embedded": embedded, "screen": screen}
    _STYLES(key="_classroom_styles", data=data, height="content")
