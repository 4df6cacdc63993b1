"""Find other places in a sequence whose states are most like those of a selected range.

The idea of choosing units by a threshold is LSTMVis' (Strobelt et al. 2018,
https://arxiv.org/abs/1606.07461): a unit that is on all through the range, and off just outside
it, is taken to stand for what the range has in common.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from seqviz.errors import SeqvizError
from seqviz.indices import checked_direction, checked_layer
from seqviz.types import Trace

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Match:
    """Indices start to stop - 1 of the sequence; score from -1 to 1, 1 for equal states."""

    score: float
    start: int
    stop: int


@dataclass(frozen=True)
class SimilarSteps:
    """units: indices of the units compared. matches: best first. note: "" or why there are none."""

    units: tuple[int, ...]
    matches: tuple[Match, ...]
    note: str = ""


def similar_steps(
    trace: Trace,
    start: int,
    stop: int,
    *,
    layer: int = -1,
    direction: int = 0,
    quantity: str = "h",
    threshold: float | None = None,
    limit: int = 10,
) -> SimilarSteps:
    """The places of the same length most like indices start to stop - 1, none overlapping.

    threshold: compare only units with |value| >= threshold in the whole range and below it at
    the step before and the step after; None compares all. The score of a place b for the
    selected a is 2⟨a, b⟩ / (‖a‖² + ‖b‖²): it sees size as well as direction. Raises SeqvizError
    when the range, layer, direction or threshold is impossible or states left float32's range.
    """
    layer, direction = checked_layer(trace.spec, layer), checked_direction(trace.spec, direction)
    if not 0 <= start < stop <= len(trace):
        raise SeqvizError(f"Select at least one step between 1 and {len(trace)}.")
    if threshold is not None and not 0 <= threshold < np.inf:
        raise SeqvizError("The threshold must be a number from 0 up.")
    states = trace.quantity(quantity)[layer, direction].astype(np.float64)  # (T, H)
    if not np.isfinite(states).all():
        raise SeqvizError("These states left the range of float32: shorten the sequence.")
    units = _units(states, start, stop, threshold)
    if not len(units):
        return SimilarSteps((), (), _no_units(start, stop, threshold))
    scores = _scores(states[:, units], start, stop)  # (T - length + 1,)
    matches = _best_apart(scores, start, stop - start, limit)
    note = "" if matches else "The sequence has no other place as long as this range."
    return SimilarSteps(tuple(units.tolist()), matches, note)


def _units(states: Floats, start: int, stop: int, threshold: float | None) -> NDArray[np.intp]:
    if threshold is None:
        return np.arange(states.shape[1])
    on = np.abs(states) >= threshold  # (T, H)
    fitting = on[start:stop].all(axis=0)
    if start > 0:
        fitting &= ~on[start - 1]
    if stop < len(on):
        fitting &= ~on[stop]
    return np.flatnonzero(fitting)


def _scores(states: Floats, start: int, stop: int) -> Floats:
    """How alike every window of this length is to states[start:stop]."""
    length = stop - start
    scale = float(np.abs(states).max())
    scaled = states / scale if scale > 0 else states  # squares of 1e200 would not fit
    products = scaled @ scaled[start:stop].T  # (T, length)
    # window at s pairs its step s + k with the range's step k: a diagonal of products
    windows = np.lib.stride_tricks.sliding_window_view(products, length, axis=0)
    inner = np.einsum("skk->s", windows)
    energy = np.lib.stride_tricks.sliding_window_view((scaled**2).sum(axis=1), length).sum(axis=1)
    both = energy + energy[start]
    score = np.ones(len(inner))  # two silences are alike
    np.divide(2 * inner, both, out=score, where=both > 0)
    return score


def _best_apart(scores: Floats, start: int, length: int, limit: int) -> tuple[Match, ...]:
    """Greedily the best windows that overlap neither the range nor each other."""
    free = np.abs(np.arange(len(scores)) - start) >= length
    left = np.where(free, scores, -np.inf)
    matches: list[Match] = []
    while len(matches) < limit and len(left):
        best = int(left.argmax())
        if left[best] == -np.inf:
            break
        matches.append(Match(float(scores[best]), best, best + length))
        left[max(0, best - length + 1) : best + length] = -np.inf
    return tuple(matches)


def _no_units(start: int, stop: int, threshold: float | None) -> str:
    place = f"step {start + 1}" if stop == start + 1 else f"steps {start + 1} to {stop}"
    return (
        f"No unit stays at {threshold:g} or beyond through {place} and below it just outside: "
        "lower the threshold, move the range, or compare all units."
    )
