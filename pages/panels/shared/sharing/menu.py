"""Which pages there are, for Streamlit's navigation and for the row of links on a phone."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from pages.components.page_links.component import page_links


@dataclass(frozen=True)
class Entry:
    """file: in pages/. path: in the address. help: one line, for who points at the title."""

    file: str
    path: str
    title: str
    icon: str
    help: str


MENU = (
    Entry(
        "explore.py",
        "",
        "Explore",
        ":material/visibility:",
        "Build a recurrent network, feed it a sequence, watch its hidden state.",
    ),
    Entry(
        "compare.py",
        "compare",
        "Compare",
        ":material/compare:",
        "Two or three runs under one player: cells, sizes, orders, seeds.",
    ),
    Entry(
        "memory.py",
        "memory",
        "Memory",
        ":material/history:",
        "How long the network remembers: influence, spectrum, gates, trajectory.",
    ),
    Entry(
        "train.py",
        "train",
        "Train",
        ":material/model_training:",
        "A network learns while you watch, and its whole training can be scrubbed.",
    ),
    Entry(
        "uses.py",
        "uses",
        "Uses",
        ":material/apps:",
        "Next word, forecast, pitch, translation, handwriting: five trained networks to try.",
    ),
    Entry(
        "learn.py",
        "learn",
        "Learn",
        ":material/school:",
        "Why RNNs handle sequences: nine lessons, in each you predict before you see.",
    ),
)


def links(here: str) -> None:
    """The row of links, where a screen is narrow. here: the path of the page shown."""
    pressed = page_links({entry.path: entry.title for entry in MENU}, here)
    if pressed is not None:
        go(pressed)


def go(path: str) -> None:
    """To the page at this path of the address; nothing where there is none."""
    for entry in MENU:
        if entry.path == path:
            st.switch_page(entry.file)
