"""The buttons `Glossary` and `What am I looking at?`: page_help.js behind one typed function."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from pages.components.source import source

_PAGE_HELP = st.components.v2.component(
    "page_help",
    html='<nav aria-label="Help"></nav><dialog></dialog>',
    css=source("page_help/page_help.css"),
    js=source("player/address.js") + source("page_help/page_help.js"),
)


def page_help(
    page: str, *, words: Sequence[str], address: str, about: str, says: Mapping[str, str]
) -> None:
    """At the top of the page, where they take no room. No press runs the page.

    page: its name, under which the browser keeps that `about` was read. words: names of those to
    be listed. address: where their explanations are fetched, from the app's root, with {theme} for
    "light" or "dark". about: what one is looking at, "" where nothing is to be said. says: texts
    by the keys of the section [help].
    """
    data = {"page": page, "words": tuple(words), "address": address, "about": about}
    _PAGE_HELP(data={**data, "says": dict(says)}, height="content")
