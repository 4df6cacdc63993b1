"""The draw pad: draw_pad.js behind one typed function."""

from __future__ import annotations

from typing import Any, Literal

import streamlit as st

from pages.components.source import bundle, source

Answer = Literal["none", "awaited", "drawing"]
_DRAW_PAD = st.components.v2.component(
    "draw_pad",
    html='<div class="place"><div class="pad"><div class="values" aria-hidden="true">'
    "<span>+1</span><span>0</span><span>−1</span></div>"
    '<canvas role="img" aria-label="Draw a sequence"></canvas>'
    '<div class="hint" aria-hidden="true"></div></div><div class="recognised" hidden></div></div>',
    css=source("draw_pad/draw_pad.css"),
    js=bundle("draw_pad/draw_pad.js"),
)


def draw_pad(
    *,
    key: str,
    mode: str,
    steps: int,
    levels: tuple[int, ...],
    strokes: tuple[Any, ...],
    version: int,
    columns: tuple[int, int],
    ahead: tuple[float, ...],
    taken: int,
    answer: Answer = "none",
) -> None:
    """The pad. mode: "curve" or "pen". version: grows when the pad has to take levels or strokes,
    instead of keeping what is on it. columns: the player's before and after those of the steps; a
    curve leaves room for them, so that its points stand above their columns. ahead: values from -1
    to 1, drawn dashed after the curve while no hand draws. taken: the revision of the message that
    was taken last, 0 before any; what the pad said after it is said again by a pad that takes its
    place. answer: whether there is a line below for what a trained network takes the drawing for,
    which the player says of each of its frames: "none", "awaited" while the player shows something
    else, or "drawing".

    While the pointer moves the page reruns, and finds in st.session_state[key]["drawing"] {mode,
    levels or strokes, live, revision, version}.
    """
    data = {
        "name": key,
        "mode": mode,
        "steps": steps,
        "levels": levels,
        "strokes": strokes,
        "version": version,
        "columns": columns,
        "ahead": ahead,
        "taken": taken,
        "answer": answer,
    }
    _DRAW_PAD(key=key, data=data, on_drawing_change=lambda: None)
