"""Sentences on screen that hold words of other people: a file's name, a column, a link's text.

Streamlit reads what it shows as Markdown with additions of its own, so such words could become
links, formulas, colours, emoji, icons, or pictures from another host. What other people say goes
through `plain` wherever Streamlit reads Markdown: texts, boxes, labels, options of radio buttons,
help. tests/pages/test_foreign_words.py walks all these places.
"""

from __future__ import annotations

import re

import streamlit as st

_JOINER = "\u2060"  # a word joiner: takes no room, and nothing is read across it
_SIGNS = re.compile(r"([\\`*\[\]<>$~|&]|(?<![^\W_])_|_(?![^\W_]))")  # hidden_size has no emphasis
_BEGINNINGS = re.compile(r"^(\s*)(#+|[-+=]|\d+(?=[.)]))", re.MULTILINE)  # of headings and lists
_INDENTS = re.compile(r"^(?=[ \t]*\t| {4})", re.MULTILINE)  # of code

# No backslash helps here: Streamlit looks for these in what is left after Markdown was read.
_LINKS = re.compile(r"(?i)(?<=www)(?=\.)|(?<=\w)(?=@)|(?<=:)(?=//)")
_COLONS = re.compile(r"(?<=:)(?=[A-Za-z]|[\w+-]+:)")  # :smile: :100: :material/home: :red[...]
_ARROWS = re.compile(r"(?<=-)(?=[->])|(?<=<)(?=-)|(?<=[<>~])(?==)")  # drawn as other signs


def plain(text: str) -> str:
    """Markdown that reads as text does."""
    joined = writable(text)
    for inner in (_LINKS, _COLONS, _ARROWS, _INDENTS):
        joined = inner.sub(_JOINER, joined)
    escaped = _SIGNS.sub(r"\\\1", joined)
    return _BEGINNINGS.sub(lambda found: found[1] + _unlike_a_beginning(found[2]), escaped)


def writable(text: str) -> str:
    """Without the half characters that a link or a JSON file can hold and no message may."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _unlike_a_beginning(sign: str) -> str:
    return f"{sign}{_JOINER}" if sign[0].isdigit() else f"\\{sign}"


def problem(*sentences: str | None) -> None:
    """What will not do, and what to change; None where nothing is wrong."""
    for sentence in filter(None, sentences):
        st.error(plain(sentence), icon=":material/error:")


def note(*sentences: str | None) -> None:
    """What was done that nobody asked for; None where nothing was."""
    for sentence in filter(None, sentences):
        st.info(plain(sentence), icon=":material/info:")


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
