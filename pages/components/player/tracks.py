"""What the player shows, from top to bottom: inputs, heatmaps and predictions as plain headers with
arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from seqviz.data.drawing import ink
from seqviz.data.table import counted
from seqviz.errors import SeqvizError
from seqviz.figures import palette
from seqviz.types import FloatArray, InputSequence, Trace, frozen

PREDICTION = -1
"""The layer of a prediction's cells: it stands behind all layers."""
Cell = tuple[int, int, int, int]
"""run, layer, direction and unit of a selected cell, all counted from 0. In a prediction the layer
is PREDICTION, the direction 0, and the unit one of the head's K outputs."""


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
    predicted: FloatArray | None = None,
    predicted_before: FloatArray | None = None,
    ahead: Trace | None = None,
) -> Track:
    """The sequence itself. wave: (P, 2) lowest and highest sample, to draw sound.

    changed: (T, I), what a changed run reads instead, drawn over the sequence where they differ.
    predicted: (T, K), what was predicted at each step for the next one, of the first K features:
    drawn a step later, over the sequence. predicted_before: (T, K), where predicted is a changed
    run's, what the original predicts, which is only said. ahead: how the network goes on by itself,
    drawn dashed.

    Raises SeqvizError when what is predicted does not fit the sequence.
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
    if predicted is not None:
        arrays["predicted"] = _checked(predicted, len(sequence), sequence.input_size)
    if predicted_before is not None:
        before = _checked(predicted_before, len(sequence), sequence.input_size)
        arrays["predicted_before"] = before
    guessed = predicted
    if ahead is not None:
        arrays["ahead"] = ahead.x
        guessed = frozen(ahead.x if predicted is None else np.concatenate([predicted, ahead.x]))
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
        "range": _input_range(read, guessed),
        "K": guessed.shape[1] if guessed is not None else 0,
        "shift": int(predicted is not None),
    }
    return Track(header, arrays)


def _checked(predicted: FloatArray, steps: int, features: int) -> FloatArray:
    if predicted.ndim != 2 or len(predicted) != steps or not 0 < predicted.shape[1] <= features:
        raise SeqvizError(
            f"The predicted values have shape {predicted.shape}: give one row for each of the "
            f"{steps} steps and at most {features} columns, the sequence's features."
        )
    return predicted


def _input_range(read: FloatArray, predicted: FloatArray | None) -> tuple[float, float]:
    """What the curve's row spans: all that is read, and predictions that are not far off it."""
    low, high = float(read.min()), float(read.max())
    if predicted is None or not np.isfinite(predicted).any():
        return low, high
    span = high - low or 1.0  # an untrained answer may not press the curve flat
    finite = np.clip(predicted[np.isfinite(predicted)], low - span, high + span)
    return min(low, float(finite.min())), max(high, float(finite.max()))


def heat_tracks(
    trace: Trace, quantity: str, run: int = 0, title: str = "", ahead: Trace | None = None
) -> list[Track]:
    """A heatmap for each layer and direction. title: what the run is called, if there are more.

    ahead: the steps after it, for which the network goes on by itself; of one direction.
    """
    tracks = _heat_tracks(trace, quantity, run, title)
    if ahead is None:
        return tracks
    own = ahead.quantity(quantity)[:, 0]  # (L, A, H)
    return [
        Track(track.header, {**track.arrays, "ahead": values})
        for track, values in zip(tracks, own, strict=True)
    ]


def _heat_tracks(trace: Trace, quantity: str, run: int, title: str) -> list[Track]:
    values = trace.quantity(quantity)  # (L, D, T, H)
    initial = _initial(trace, quantity)
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


def _initial(trace: Trace, quantity: str) -> FloatArray | None:
    """h_0 or c_0, (L, D, H); None for what has no value before the first step."""
    return {"h": trace.h_0, "c": trace.c_0}.get(quantity)


def difference_tracks(
    a: Trace, b: Trace, quantity: str, run: int, title: str = "difference"
) -> list[Track]:
    """a - b for each layer and direction, where their shapes agree."""
    with np.errstate(invalid="ignore", over="ignore"):  # an overflow in both is no number here
        values = a.quantity(quantity) - b.quantity(quantity)  # (L, D, T, H)
        first, other = _initial(a, quantity), _initial(b, quantity)
        initial = None if first is None or other is None else first - other
    return [
        heat_track(
            values[layer, direction],
            None if initial is None else initial[layer, direction],
            a.labels,
            f"Δ{quantity}",
            (run, layer, direction),
            title=title,
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
    end, said = _own_scale(values, initial) if own_scale else (None, "")
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


def _own_scale(values: FloatArray, initial: FloatArray | None) -> tuple[float, str]:
    """The end of the colours, and what the label says of it."""
    every = values if initial is None else np.concatenate([initial[None], values])
    end = palette.limit(every)
    return end, f"±{end:.2g}" if np.any(every) else "all 0"


def prediction_tracks(
    trace: Trace,
    *,
    run: int = 0,
    title: str = "",
    answers: str = "",
    targets: ArrayLike | None = None,
    first: int = 0,
    shift: int = 0,
    next_value: bool = False,
    own_scales: bool = False,
    unit: str = "",
) -> list[Track]:
    """What the head answers at each step: one track, or none for a network without a head.

    title: what the run is called, if there are more. answers: what the outputs mean, in words.
    targets: what should be answered at each step, a class (T,) or values (T, K); nothing is asked
    where it is NaN or a negative class. first: the steps before it are free. shift: an answer
    belongs to so many steps later, and is drawn there. next_value: the answer is the next step's
    input, so the shift is 1 and the targets are the sequence's own. own_scales: each value on its
    own, where they are not the same kind of number. unit: of all values.

    Raises SeqvizError when targets do not fit, or the next input has another size than the answer.
    """
    if trace.prediction is None or trace.head is None:
        return []
    classes = trace.head.activation == "softmax"
    if next_value:
        outputs = trace.prediction.shape[1]
        shift, targets = 1, _next_inputs(trace.x, outputs, classes) if targets is None else targets
    return [
        answer_track(
            trace.prediction,
            trace.head.names,
            trace.labels,
            classes=classes,
            run=run,
            title=title,
            answers=answers,
            targets=targets,
            first=first,
            shift=shift,
            own_scales=own_scales,
            unit=unit,
        )
    ]


def answer_track(
    values: FloatArray,
    names: tuple[str, ...],
    labels: tuple[str, ...],
    *,
    classes: bool,
    run: int = 0,
    title: str = "",
    answers: str = "",
    targets: ArrayLike | None = None,
    first: int = 0,
    shift: int = 0,
    own_scales: bool = False,
    unit: str = "",
) -> Track:
    """Answers (T, K) by their K names, from wherever they come; the rest as prediction_tracks.

    classes: whether they are probabilities. labels: T texts, of the steps. Raises SeqvizError
    when targets do not fit.
    """
    steps, outputs = values.shape
    arrays = {"values": values}
    if targets is not None:
        arrays["target"] = _checked_targets(targets, steps, outputs, classes)
    header = {
        "type": "prediction",
        "kind": "classes" if classes else "values",
        "name": "prediction",
        "note": title,
        "title": title,
        "answers": answers,
        "run": run,
        "layer": PREDICTION,
        "direction": 0,
        "T": steps,
        "K": outputs,
        "names": names,
        "labels": labels,
        "first": first,
        "shift": shift,
        "range": (0.0, 1.0) if classes else _value_range(*arrays.values()),
        "unit": unit,
    }
    if own_scales:
        lanes = zip(*(array.T for array in arrays.values()), strict=True)  # K times (T,) of each
        header["ranges"] = [_value_range(*lane) for lane in lanes]
    return Track(header, arrays)


def _next_inputs(x: FloatArray, outputs: int, classes: bool) -> FloatArray:
    """The next step's input as target: its symbol (T,), or its values (T, K)."""
    if x.shape[1] != outputs:
        raise SeqvizError(
            f"The network answers {outputs} numbers and reads {x.shape[1]}: its answer is not the "
            "next input, so leave next_value out."
        )
    following = np.full(len(x) if classes else x.shape, np.nan, np.float32)
    following[:-1] = x[1:].argmax(axis=1) if classes else x[1:]
    return following


def _checked_targets(targets: ArrayLike, steps: int, outputs: int, classes: bool) -> FloatArray:
    """Targets as float32, (T,) or (T, K), NaN where nothing is asked."""
    given = np.array(targets, np.float32)
    if not classes and given.ndim == 1:
        given = given[:, None]  # (T,) -> (T, 1)
    wanted = (steps,) if classes else (steps, outputs)
    if given.shape != wanted:
        raise SeqvizError(f"The targets have shape {given.shape}: give them as {wanted}.")
    if classes:
        given[given < 0] = np.nan
        if np.any(given >= outputs):
            raise SeqvizError(
                f"A target is class {given[given >= outputs][0]:.0f} and the network answers "
                f"with {outputs}: count them from 0."
            )
    return given


def _value_range(*shown: FloatArray) -> tuple[float, float]:
    finite = [values[np.isfinite(values)] for values in shown]
    low = min((float(values.min()) for values in finite if values.size), default=0.0)
    high = max((float(values.max()) for values in finite if values.size), default=1.0)
    return low, high


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
