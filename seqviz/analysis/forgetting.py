"""How quickly something fades along a sequence, in words that come before any norm."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from seqviz.analysis.influence import Influence
from seqviz.indices import checked_step
from seqviz.labels import rounded

Floats = NDArray[np.float64]


def steps_until(curve: Floats, level: float) -> float:
    """The first k from which curve stays at or below level, inf if it does not; NaN is above."""
    above = np.flatnonzero(~(curve <= level))
    first = int(above[-1]) + 1 if len(above) else 0
    return float(first) if first < len(curve) else float("inf")


@dataclass(frozen=True)
class Fading:
    """How something fades with the steps that pass.

    half, most: steps after which at most 1/2 and 1/100 of what there was is left for good; inf
    when there is still more at the end. left: the share left at the end, from 0 up. steps: how
    many were followed.
    """

    half: float
    most: float
    left: float
    steps: int


def fading(sizes: ArrayLike, lags: ArrayLike | None = None) -> Fading | None:
    """How sizes fade, (K,) from the newest on; lags: (K,) the steps passed, None for 0 to K - 1.

    None when fewer than two are given, or the first is 0 or no number.
    """
    curve = np.asarray(sizes, np.float64)
    passed = np.arange(len(curve)) if lags is None else np.asarray(lags)
    if len(curve) < 2 or not 0 < curve[0] < np.inf:
        return None
    with np.errstate(over="ignore"):
        relative = curve / curve[0]
    half, most = (_lag(passed, steps_until(relative, level)) for level in (0.5, 0.01))
    return Fading(half, most, float(relative[-1]), int(passed[-1]))


def in_words(found: Fading) -> str:
    """ "half is gone within 2 steps and 99 % within 9", or what is left where it is not."""
    count = f"{found.steps} step{'' if found.steps == 1 else 's'}"
    if not np.isfinite(found.left):
        return f"it cannot be followed for {count}"
    if found.half == np.inf:
        return f"{_share(found.left)} is left after {count}"
    gone = f"half is gone {within(found.half)}"
    if found.most == np.inf:
        return f"{gone} and {_share(found.left)} is left after {count}"
    return f"{gone} and 99 % {within(found.most)}"


def influence_in_words(influence: Influence, tau: int) -> str:
    """What the state at index tau still knows of its inputs, one sentence.

    Raises SeqvizError when there is no such step.
    """
    tau = checked_step(len(influence.norms), tau)
    read = influence.inputs <= tau
    sizes, lags = influence.at(tau)[read][::-1], (tau - influence.inputs[read])[::-1]
    step = f"step {tau + 1}"
    if np.isnan(sizes).all():
        return f"At {step} nothing can be measured: the states left the range of float32."
    if len(sizes) < 2:
        return f"At {step} there is only one input yet, so nothing is forgotten."
    found = fading(sizes, lags)
    if found is None:
        return f"At {step} the newest input does not move the state, so there is nothing to forget."
    does = "remembers" if found.half == np.inf else "forgets"
    return f"The state at {step} {does} its inputs: {in_words(found)}."


def within(steps: float) -> str:
    """ "within 1 step", "within 2 steps"."""
    return f"within {steps:.0f} step{'' if steps == 1 else 's'}"


def _lag(passed: NDArray[np.intp], place: float) -> float:
    return float(passed[int(place)]) if np.isfinite(place) else place


def _share(left: float) -> str:
    if left > 10:
        return f"{rounded(left, 3)} times as much"
    return f"{100 * left:.2g} %" if left < 0.1 else f"{100 * left:.0f} %"
