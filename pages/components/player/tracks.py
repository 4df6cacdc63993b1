"""What the player shows, from top to bottom: inputs and heatmaps as plain headers with arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from seqviz.data.drawing import ink
from seqviz.data.table import counted
from seqviz.figures import palette
from seqviz.types import FloatArray, InputSequence, Trace

Cell = tuple[int, int, int, int]
"""run, layer, direction and unit of a selected cell, all counted from 0."""


@dataclass(frozen=True)
class Track:
    """One row of the player: header goes as JSON, arrays as float32."""

    header: dict[str, Any]
    arrays: dict[str, FloatArray]


def caption(sequence: InputSequence, steps: int | None = None) -> str:
    """The sequence in words, above the tracks: "Sine · 60 steps". steps: if others are longer."""
    return f"{sequence.name} · {counted(len(sequence) if steps is None else steps, 'step')}"


def input_track(
    sequence: InputSequence,
    wave: FloatArray | None = None,
    name: str = "x",
    changed: FloatArray | None = None,
) -> Track:
    """The sequence itself. wave: (P, 2) lowest and highest sample, to draw sound.

    changed: (T, I), what a changed run reads instead, drawn over the sequence where they differ.
    """
    arrays = {"x": sequence.x}
    read = sequence.x
    if changed is not None and not np.array_equal(changed, sequence.x):
        arrays["changed"] = changed
        read = np.concatenate([sequence.x, changed])
    if wave is not None:
        arrays["wave"] = wave
    if sequence.kind == "gesture":
        arrays["ink"] = ink(sequence)
    header = {
        "type": "input",
        "name": name,
        "note": "",
        "direction": 0,
        "kind": sequence.kind,
        "T": len(sequence),
        "I": sequence.input_size,
        "labels": sequence.labels,
        "features": sequence.feature_names,
        "range": (float(read.min()), float(read.max())),
    }
    return Track(header, arrays)


def heat_tracks(trace: Trace, quantity: str, run: int = 0, title: str = "") -> list[Track]:
    """A heatmap for each layer and direction. title: what the run is called, if there are more."""
    values = trace.quantity(quantity)  # (L, D, T, H)
    initial = {"h": trace.h_0, "c": trace.c_0}.get(quantity)  # (L, D, H)
    return [
        heat_track(
            values[layer, direction],
            None if initial is None else initial[layer, direction],
            trace.labels,
            quantity,
            (run, layer, direction),
            title=title,
            both=trace.spec.bidirectional,
        )
        for layer in range(trace.spec.num_layers)
        for direction in range(trace.spec.num_directions)
    ]


def difference_tracks(a: Trace, b: Trace, quantity: str, run: int) -> list[Track]:
    """a - b for each layer and direction, where their shapes agree."""
    with np.errstate(invalid="ignore", over="ignore"):  # an overflow in both is no number here
        values = a.quantity(quantity) - b.quantity(quantity)  # (L, D, T, H)
    return [
        heat_track(
            values[layer, direction],
            None,
            a.labels,
            f"Δ{quantity}",
            (run, layer, direction),
            title="difference",
            both=a.spec.bidirectional,
            own_scale=True,
        )
        for layer in range(a.spec.num_layers)
        for direction in range(a.spec.num_directions)
    ]


def heat_track(
    values: FloatArray,
    initial: FloatArray | None,
    labels: tuple[str, ...],
    quantity: str,
    place: tuple[int, int, int],
    *,
    title: str = "",
    both: bool = False,
    own_scale: bool = False,
) -> Track:
    """One heatmap: values (T, H), initial (H,) or None. place: run, layer, direction.

    own_scale: coloured up to its own largest value, which its label says, for differences: on the
    scale of the states most would be too small to see.
    """
    run, layer, direction = place
    steps, hidden = values.shape
    note = ("← reverse" if direction else "forward →") if both else ""
    end = palette.limit(values) if own_scale else None
    said = "" if end is None else f"±{end:.2g}" if np.any(values) else "all 0"
    header = {
        "type": "heat",
        "name": title or f"layer {layer + 1}",
        "note": f"layer {layer + 1} {note}".strip() if title else note,
        "title": title,
        "run": run,
        "layer": layer,
        "direction": direction,
        "quantity": quantity,
        "sequential": palette.is_sequential(quantity),
        "T": steps,
        "H": hidden,
        "labels": labels,
        "end": end,
        "scale": said,
    }
    empty = np.zeros(0, np.float32)
    return Track(header, {"values": values, "initial": empty if initial is None else initial})


def empty_tracks(layers: int, directions: int, hidden: int) -> list[Track]:
    """The player's rows before there is a sequence."""
    nothing = np.zeros((0, hidden), np.float32)
    blank = {"type": "input", "name": "x", "note": "", "direction": 0, "kind": "curve", "T": 0,
             "I": 1, "labels": (), "features": (), "range": (-1, 1)}  # fmt: skip
    return [
        Track(blank, {}),
        *(
            heat_track(nothing, None, (), "h", (0, layer, direction), both=directions == 2)
            for layer in range(layers)
            for direction in range(directions)
        ),
    ]
