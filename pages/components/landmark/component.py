"""A named region of the page: landmark.js behind one typed function."""

from __future__ import annotations

import streamlit as st

from pages.components.source import source

_LANDMARK = st.components.v2.component("landmark", js=source("landmark/landmark.js"))


def landmark(name: str, key: str) -> None:
    """Make the st.container(key=key) this is called in a region called name."""
    _LANDMARK(data={"name": name, "key": key}, height="content")
