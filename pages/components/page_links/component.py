"""The row of pages on a phone: page_links.js behind one typed function."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from pages.components.source import bundle, source

_PAGE_LINKS = st.components.v2.component(
    "page_links",
    html='<nav aria-label="Pages"></nav>',
    css=source("page_links/page_links.css"),
    js=bundle("page_links/page_links.js"),
)


def page_links(pages: Mapping[str, str], here: str) -> str | None:
    """One press from page to page, on screens too narrow for Streamlit's own navigation, which
    hides there behind two. Elsewhere nothing is seen and takes no room.

    pages: path -> title. here: the path of the page shown. Returns the path that was pressed, in
    the one run that follows. A browser's word: check it.
    """
    result = _PAGE_LINKS(
        key="page_links",
        data={"pages": tuple(pages.items()), "here": here},
        height="content",
        on_page_change=lambda: None,
    )
    pressed = result.get("page")
    return pressed if isinstance(pressed, str) and pressed in pages else None
