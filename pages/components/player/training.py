"""How far a training has come, as the player's panel shows it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Literal, NotRequired, TypedDict

import numpy as np

from seqviz.types import FloatArray

MOST_POINTS = 200
DIGITS = 4

State = Literal["waiting", "running", "paused", "stopped", "done", "diverged", "failed"]


class BaselineLine(TypedDict):
    """What can be had without learning. answers: what it does, in a few words. named: what it is
    beside the number, where it is no baseline.
    """

    answers: str
    loss: float | None
    accuracy: float | None
    named: NotRequired[str]


class Training(TypedDict):
    """One training, as a frame tells of it.

    id: the same as long as it is the same training. name: one line, "Adding problem · LSTM, 32
    units". iteration: how many of `iterations` are done. seconds_left: None while nobody knows.
    place: in the queue, from 1, while it is waiting. note: why it diverged or failed, or what else
    should be said. loss, accuracy, gradient_norm: curves as thinned_curve gives them, [] where
    there are none; accuracy from 0 to 1, the norm before clipping. clip: the largest norm that is
    not clipped. loss_name: what the newest loss is called, "loss" if left out. baselines: the first
    is drawn. checkpoint: the iteration whose weights the frame's
    tracks show, None for the newest. checkpoints: iterations that are kept, in order. film: where
    `film`'s bytes are fetched, a path from the app's root; "" where there is none.
    """

    id: str
    state: State
    name: str
    iteration: int
    iterations: int
    seconds_left: float | None
    place: int
    note: str
    loss: list[list[float]]
    accuracy: list[list[float]]
    gradient_norm: list[list[float]]
    clip: float | None
    loss_name: NotRequired[str]
    baselines: list[BaselineLine]
    checkpoint: int | None
    checkpoints: list[int]
    film: str


def thinned_curve(values: FloatArray, most: int = MOST_POINTS) -> list[list[float]]:
    """[iteration, value] of at most so many points that keep the shape of a curve.

    values (n,): one for each iteration, the first being that of iteration 1. Of each stretch its
    lowest and highest value stay, and always the first and the last; what is no finite number is
    left out. Values have 4 significant digits.
    """
    kept = np.flatnonzero(np.isfinite(values))
    if len(kept) > most:
        stretches = np.array_split(kept[1:-1], max(1, (most - 2) // 2))
        extremes = [
            [part[values[part].argmin()], part[values[part].argmax()]] for part in stretches
        ]
        inner = np.unique(extremes)[: max(0, most - 2)]
        kept = np.unique([kept[0], *inner, kept[-1]])[-most:]
    return [[int(at) + 1, float(f"{values[at]:.{DIGITS}g}")] for at in kept]


def in_json(value: Any) -> Any:
    """The same with None for what JSON cannot say: a loss that is no number stops no player."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {name: in_json(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [in_json(each) for each in value]
    return value
