"""Sentences on screen that hold words of other people: a file's name, a cell, a link's text.

Streamlit reads what it shows as Markdown, so such words could become formulas, links, or pictures
from another host.
"""

from __future__ import annotations

import re

import streamlit as st

_SIGNS = re.compile(r"([\\`*\[\]<>$~|]|(?<!\w)_|_(?!\w))")  # hidden_size has no emphasis
_BEGINNINGS = re.compile(r"^(\s*)(#+|[-+=]|\d+(?=[.)]))", re.MULTILINE)  # of headings and lists


def plain(text: str) -> str:
    """Markdown that reads as text does."""
    escaped = _SIGNS.sub(r"\\\1", writable(text))
    return _BEGINNINGS.sub(lambda found: found[1] + _unlike_a_beginning(found[2]), escaped)


def writable(text: str) -> str:
    """Without the half characters that a link or a JSON file can hold and no message may."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _unlike_a_beginning(sign: str) -> str:
    return f"{sign}\u2060" if sign[0].isdigit() else f"\\{sign}"  # a word joiner, not seen


def problem(*sentences: str | None) -> None:
    """What will not do, and what to change; None where nothing is wrong."""
    for sentence in filter(None, sentences):
        st.error(plain(sentence), icon=":material/error:")


def unexpected(error: Exception) -> bool:
    """Say that a page could not be drawn; whoever runs the server finds the error in its log.

    Browsers meet this when a message is not what any control says. True: the page says no more.
    """
    st.error(
        "This page could not be drawn, for something on it is not as seqviz left it: reload the "
        "page, and what its address holds comes back.",
        icon=":material/error:",
    )
    return True
