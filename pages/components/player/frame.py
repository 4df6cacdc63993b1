"""All that a player shows at once, as the bytes that decode.js takes apart."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from pages.components.player.thinning import thinned
from pages.components.player.tracks import Cell, Track
from pages.components.player.training import in_json
from seqviz.figures import palette


def frame(
    tracks: Sequence[Track],
    *,
    digest: str,
    caption: str,
    quantity: str,
    ends: tuple[float, float],
    capacity: int = 0,
    ahead: int = 0,
    live: bool = False,
    command: int = 0,
    moves: bool = True,
    step: int | None = None,
    cell: Cell | None = None,
    look: Mapping[str, Any] | None = None,
    ranges: bool = False,
    chosen: tuple[int, int] | None = None,
    present: bool = False,
    limit: int | None = None,
    readout: bool = True,
    opened: Mapping[str, Any] | None = None,
    details: str = "",
    empty: str = "",
    below: int = 0,
    channel: str = "",
    training: Mapping[str, Any] | None = None,
) -> bytes:
    """All that a player shows: tracks from top to bottom, on one scale from ends[0] to ends[1].

    Of tracks with more numbers than anybody can see it gets a part, see `thinned`.

    digest: of the sequence; a new one plays once by itself. capacity: steps that a sequence being
    drawn may still get. ahead: steps after the last one that have a place, for a network that goes
    on by itself. live: it is being drawn, so the newest step is shown and nothing plays.
    command: a number that changes when step, cell, look and chosen are orders (a link, a jump) and
    not what the player itself reported; moves: false where chosen alone is new. look: speed, loop,
    future, zoom, scale and gate_scale. ranges: steps can be selected by dragging along the input;
    chosen is the selected first and last step, counted from 1. present: it stands on a projector,
    large and without its controls. limit: the last step that may be seen, None for all of them.
    readout: what is said below of the open cell is announced; no other part of the page does.
    opened: how the open cell's value came about, {"cell", "step", "text"}. details: the name of a
    region that says more of it. below: pixels that the page needs under the player, so that both
    fit one screen. channel: the token of the PlayerChannel by which frames come sooner. training:
    how far the network shown has come in learning, for the panel beside the tracks and the film
    below them, as training.Training describes it.
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
        "ahead": ahead,
        "live": live,
        "command": command,
        "moves": moves,
        "step": step,
        "cell": cell and named_cell(cell),
        "look": look or {},
        "ranges": ranges,
        "range": chosen,
        "present": present,
        "limit": limit,
        "readout": readout,
        "opened": opened,
        "details": details,
        "empty": empty,
        "below": below,
        "channel": channel,
        "training": in_json(training),
    }
    return packed(header, thinned(tracks))


def named_cell(cell: Cell) -> dict[str, int]:
    """As the player's JavaScript has it."""
    return dict(zip(("run", "layer", "direction", "unit"), cell, strict=True))


def fit(tracks: Sequence[Track]) -> tuple[float, float]:
    """Smallest and largest value of all gates shown, for who wants to see them fill the scale."""
    gates = [track.arrays["values"] for track in tracks if track.header.get("sequential")]
    finite = [found for values in gates if (found := values[np.isfinite(values)]).size]
    low = min((float(values.min()) for values in finite), default=0.0)
    high = max((float(values.max()) for values in finite), default=1.0)
    return (low, high) if low < high else (0.0, 1.0)


def packed(header: Mapping[str, Any], tracks: Sequence[Track]) -> bytes:
    """One bytes, as decode.js takes it apart: number, length, JSON, padding, float32 blocks.

    The number is 0: a frame that comes only once needs none, see PlayerChannel.numbered.
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
