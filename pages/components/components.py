"""The components of our own: one typed function for each JavaScript file of the same name."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from pages.components.player.tracks import Cell, Track
from seqviz.figures import palette

_HERE = Path(__file__).parent


def _source(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


_DRAW_PAD = st.components.v2.component(
    "draw_pad",
    html='<div class="pad"><canvas role="img" aria-label="Draw a sequence"></canvas>'
    '<div class="hint" aria-hidden="true"></div></div>',
    css=_source("draw_pad/draw_pad.css"),
    js=_source("draw_pad/draw_pad.js"),
)
_PLAYER = st.components.v2.component(
    "player",
    html='<div class="player" role="group" aria-label="Player"></div>',
    css=_source("player/player.css"),
    js="".join(
        _source(f"player/player{idea}.js")  # in this order: each continues the one before
        for idea in ("_painting", "_reading", "_line", "")
    ),
)
_COPY_LINK = st.components.v2.component(
    "copy_link",
    html='<button type="button">Copy link</button>\n<span role="status"></span>',
    css=_source("copy_link/copy_link.css"),
    js=_source("copy_link/copy_link.js"),
)
_LANDMARK = st.components.v2.component("landmark", js=_source("landmark/landmark.js"))


def landmark(name: str, key: str) -> None:
    """Make the st.container(key=key) this is called in a region called name."""
    _LANDMARK(key=f"_{key}_landmark", data={"name": name, "key": key}, height="content")


def copy_link(query: str) -> None:
    """The button `Copy link`. query: what follows the ? of this page's own address."""
    _COPY_LINK(key="_copy_link", data={"query": query})


def draw_pad(
    *,
    key: str,
    mode: str,
    steps: int,
    levels: tuple[int, ...],
    strokes: tuple[Any, ...],
    revision: int,
    on_drawing: Callable[[], None],
) -> None:
    """The pad. mode: "curve" or "pen". While the pointer moves, on_drawing runs before each rerun
    and finds in st.session_state[key].drawing {mode, levels or strokes, live, revision}.
    """
    _DRAW_PAD(
        key=key,
        data={
            "mode": mode,
            "steps": steps,
            "levels": levels,
            "strokes": strokes,
            "revision": revision,
        },
        on_drawing_change=on_drawing,
    )


def player(frame: bytes, *, key: str, on_view: Callable[[], None]) -> None:
    """The player. frame: what `frame` gives.

    on_view runs before the rerun that follows a new step or cell, found in
    st.session_state[key].view as {step, last, cell, range, digest}.
    """
    _PLAYER(key=key, data=frame, on_view_change=on_view)


def frame(
    tracks: Sequence[Track],
    *,
    digest: str,
    caption: str,
    quantity: str,
    ends: tuple[float, float],
    capacity: int = 0,
    live: bool = False,
    command: int = 0,
    step: int | None = None,
    cell: Cell | None = None,
    ranges: bool = False,
    chosen: tuple[int, int] | None = None,
    readout: bool = True,
    empty: str = "",
    line: str = "",
) -> bytes:
    """All that a player shows: tracks from top to bottom, on one scale from ends[0] to ends[1].

    digest: of the sequence; a new one plays once by itself. capacity: steps that a sequence being
    drawn may still get. live: it is being drawn, so the newest step is shown and nothing plays.
    command: a number that changes when step and cell are orders (a link, a jump) and not what the
    player itself reported. ranges: steps can be selected by dragging along the input; chosen is the
    selected first and last step, counted from 1, an order like step. readout: say below which cell
    is open. line: the token of the Line by which frames come sooner.
    """
    header = {
        "T": max(track.header["T"] for track in tracks),
        "digest": digest,
        "caption": caption,
        "quantity": quantity,
        "sequential": palette.is_sequential(quantity),
        "ends": ends,
        "fit": fit(tracks),
        "palette": palette.for_browser(),
        "capacity": capacity,
        "live": live,
        "command": command,
        "step": step,
        "cell": cell and dict(zip(("run", "layer", "direction", "unit"), cell, strict=True)),
        "ranges": ranges,
        "range": chosen,
        "readout": readout,
        "empty": empty,
        "line": line,
    }
    return packed(header, tracks)


def fit(tracks: Sequence[Track]) -> tuple[float, float]:
    """Smallest and largest value of all gates shown, for who wants to see them fill the scale."""
    gates = [track.arrays["values"] for track in tracks if track.header.get("sequential")]
    finite = [found for values in gates if (found := values[np.isfinite(values)]).size]
    low = min((float(values.min()) for values in finite), default=0.0)
    high = max((float(values.max()) for values in finite), default=1.0)
    return (low, high) if low < high else (0.0, 1.0)


def packed(header: Mapping[str, Any], tracks: Sequence[Track]) -> bytes:
    """One bytes, as player.js takes it apart: number, length, JSON, padding, float32 blocks.

    The number is 0: a frame that comes only once needs none, see frames.numbered.
    """
    described = [
        {**track.header, "blocks": {name: int(array.size) for name, array in track.arrays.items()}}
        for track in tracks
    ]
    text = json.dumps({**header, "tracks": described}, separators=(",", ":")).encode()
    padding = b"\0" * (-len(text) % 4)
    bodies = [
        np.ascontiguousarray(array, dtype="<f4").tobytes()
        for track in tracks
        for array in track.arrays.values()
    ]
    return b"".join([struct.pack("<II", 0, len(text)), text, padding, *bodies])
