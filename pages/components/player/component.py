"""The player: its JavaScript behind one typed function."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages.components.source import source

_PLAYER = st.components.v2.component(
    "player",
    html='<div class="player" role="group" aria-label="Player"></div>',
    css=source("player/player.css"),
    js="".join(
        source(f"player/player{idea}.js")  # in this order: each continues the one before
        for idea in ("_painting", "_reading", "_line", "")
    ),
)


def player(frame: bytes, *, key: str, on_view: Callable[[], None]) -> None:
    """The player. frame: what `frame` gives.

    on_view runs before the rerun that follows a new step or cell, found in
    st.session_state[key].view as {step, last, cell, range, digest}.
    """
    _PLAYER(key=key, data=frame, on_view_change=on_view)
