"""Which inputs an answer depends on, in words that come before any norm."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from seqviz.analysis.influence import Influence
from seqviz.indices import checked_step

NAMED = 3  # steps at most that an answer is said to depend on, each at least
HALF = 0.5  # of the largest influence


def answer_in_words(influence: Influence, tau: int) -> str:
    """What the answer at index tau depends on: "depends most on steps 5 and 29", one sentence.

    Steps count from 1. Raises SeqvizError when there is no such step.
    """
    tau = checked_step(len(influence.norms), tau)
    sizes, answer = influence.at(tau), f"The answer at step {tau + 1}"
    if np.isnan(sizes).all():
        return f"At step {tau + 1} nothing can be measured: the states left the range of float32."
    largest = float(np.nanmax(sizes))
    if largest == 0:
        return f"{answer} depends on none of the inputs."
    leading = np.flatnonzero(sizes >= HALF * largest)
    if len(leading) > NAMED:
        first = int(influence.inputs[np.nanargmax(sizes)]) + 1
        return (
            f"{answer} depends on many inputs: most on step {first}, and at least half as much "
            f"on {len(leading) - 1} others."
        )
    steps = [int(influence.inputs[at]) + 1 for at in leading]
    others = np.delete(sizes, leading)
    said = f"{answer} depends most on {_steps(steps)}"
    if not np.any(others > 0):
        return f"{said}."
    share = 100 * float(np.nanmax(others)) / largest
    return f"{said}; none of the others counts for more than {_percent(share)} as much."


def _steps(steps: Sequence[int]) -> str:
    """ "step 5", "steps 5 and 29", "steps 5, 17 and 29"."""
    if len(steps) == 1:
        return f"step {steps[0]}"
    return f"steps {', '.join(map(str, steps[:-1]))} and {steps[-1]}"


def _percent(share: float) -> str:
    return f"{max(1, math.ceil(round(share, 3)))} %"
