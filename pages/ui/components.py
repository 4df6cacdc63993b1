"""The two components of our own: one typed function for each JavaScript file of the same name."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from seqviz import palette
from seqviz.strokes import ink
from seqviz.types import FloatArray, InputSequence, RNNSpec, Trace

_STATIC = Path(__file__).parent / "static"


def _source(name: str) -> str:
    return (_STATIC / name).read_text(encoding="utf-8")


_DRAW_PAD = st.components.v2.component(
    "draw_pad",
    html='<div class="pad"><canvas role="img" aria-label="Draw a sequence"></canvas>'
    '<div class="hint" aria-hidden="true"></div></div>',
    css=_source("draw_pad.css"),
    js=_source("draw_pad.js"),
)
_PLAYER = st.components.v2.component(
    "player",
    html='<div class="player" role="group" aria-label="Player"></div>',
    css=_source("player.css"),
    js=_source("player.js"),
)


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


def player(
    trace: Trace | None,
    spec: RNNSpec,
    *,
    key: str,
    sequence: InputSequence | None,
    quantity: str,
    capacity: int,
    live: bool,
    command: int,
    step: int | None,
    cell: tuple[int, int, int] | None,
    wave: FloatArray | None,
    on_view: Callable[[], None],
) -> None:
    """The player. None for trace shows it empty, with room for capacity steps.

    live: the sequence is being drawn, so the newest step is shown and nothing plays by itself.
    command: a number that changes when step and cell are orders (a link, a jump) and not what the
    player itself reported. wave: (P, 2) lowest and highest sample, to draw sound. on_view runs
    before the rerun that follows a new step or cell, found in st.session_state[key].view.
    """
    header: dict[str, Any] = {
        "capacity": capacity,
        "live": live,
        "command": command,
        "step": step,
        "cell": None
        if cell is None
        else dict(zip(("layer", "direction", "unit"), cell, strict=True)),
        "palette": palette.for_browser(),
        "quantity": quantity,
        "sequential": palette.is_sequential(quantity),
    }
    blocks: dict[str, FloatArray] = {}
    if trace is None or sequence is None:
        header |= _empty(spec)
    else:
        values = trace.quantity(quantity)
        header |= _described(trace, sequence, quantity, values)
        blocks = {"x": trace.x, "values": values}
        initial = {"h": trace.h_0, "c": trace.c_0}.get(quantity)
        if initial is not None:
            blocks["initial"] = initial
        if wave is not None:
            blocks["wave"] = wave
        if sequence.kind == "gesture":
            blocks["ink"] = ink(sequence)
    _PLAYER(key=key, data=_packed(header, blocks), on_view_change=on_view)


def _described(
    trace: Trace, sequence: InputSequence, quantity: str, values: FloatArray
) -> dict[str, Any]:
    layers, directions, steps, hidden = values.shape
    finite = trace.x[np.isfinite(trace.x)]
    return {
        "T": steps,
        "I": sequence.input_size,
        "L": layers,
        "D": directions,
        "H": hidden,
        "ends": palette.scale(quantity, values),
        "range": (float(finite.min()), float(finite.max())),
        "labels": sequence.labels,
        "features": sequence.feature_names,
        "kind": sequence.kind,
        "digest": sequence.digest,
        "caption": f"{sequence.name} · {steps:,} step{'s' * (steps != 1)}",
    }


def _empty(spec: RNNSpec) -> dict[str, Any]:
    return {
        "T": 0,
        "I": 1,
        "L": spec.num_layers,
        "D": spec.num_directions,
        "H": spec.hidden_size,
        "ends": (-1, 1),
        "range": (-1, 1),
        "labels": (),
        "features": (),
        "kind": "curve",
        "digest": "",
        "caption": "",
    }


def _packed(header: Mapping[str, Any], blocks: Mapping[str, FloatArray]) -> bytes:
    """One bytes, as player.js takes it apart: length, JSON, padding, float32 blocks."""
    sizes = [(name, int(block.size)) for name, block in blocks.items()]
    text = json.dumps({**header, "blocks": sizes}, separators=(",", ":")).encode()
    padding = b"\0" * (-len(text) % 4)
    bodies = [np.ascontiguousarray(block, dtype="<f4").tobytes() for block in blocks.values()]
    return b"".join([struct.pack("<I", len(text)), text, padding, *bodies])
