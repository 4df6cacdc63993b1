"""The button `Copy link`: copy_link.js behind one typed function."""

from __future__ import annotations

import streamlit as st

from pages.components.source import source

_COPY_LINK = st.components.v2.component(
    "copy_link",
    html='<button type="button">Copy link</button>\n<span role="status"></span>',
    css=source("copy_link/copy_link.css"),
    js=source("copy_link/copy_link.js"),
)


def copy_link(link: str, key: str = "_copy_link") -> None:
    """The button `Copy link`. link: what it copies."""
    _COPY_LINK(key=key, data={"link": link})
