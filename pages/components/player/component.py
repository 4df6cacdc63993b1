"""The player: its JavaScript behind one typed function."""

from __future__ import annotations

import streamlit as st

from pages.components.scripts import fetched
from pages.components.source import source

_PLAYER = st.components.v2.component(
    "player",
    html='<div class="player" role="group" aria-label="Player"></div>',
    css=source("player/player.css"),
    js=fetched("player", "player/served.js"),
)


def player(frame: bytes, *, key: str) -> None:
    """The player. frame: what `frame` gives.

    At rest a new step, cell or look reruns the page, which finds in st.session_state[key]["view"]
    {command, step, cell, range, speed, loop, future, zoom, scale, gate_scale}. step: None at the
    last one. Where there is a training it finds checkpoint, too: an iteration, None at the newest;
    and once a training has come to its end, training: {id, state}.
    """
    _PLAYER(key=key, data=frame, on_view_change=lambda: None)
