"""The button `Print a handout`: print_page.js behind one typed function."""

from __future__ import annotations

import streamlit as st

from pages.components.source import source

_PRINT_PAGE = st.components.v2.component(
    "print_page",
    html='<button type="button">Print a handout</button>',
    css=source("copy_link/copy_link.css"),
    js=source("print_page/print_page.js"),
)


def print_page() -> None:
    """The button `Print a handout`. What is printed is said by the styles of component classroom
    and player for paper.
    """
    _PRINT_PAGE(key="_print_page")
