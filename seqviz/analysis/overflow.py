"""Where a run leaves the range of float32, said as a fact and not as a warning."""

from __future__ import annotations

import numpy as np

from seqviz.types import Trace


def overflow_step(trace: Trace) -> int | None:
    """The step (1 to T, as the player counts) at which a state first became infinite or NaN.

    First in the order of reading: for an overflow in the reverse direction alone it is the
    largest such step. None when every state is a number.
    """
    for direction in range(trace.spec.num_directions):
        states = [trace.h[:, direction]] + ([] if trace.c is None else [trace.c[:, direction]])
        broken = np.zeros(len(trace), bool)
        for state in states:
            broken |= ~np.isfinite(state).all(axis=(0, 2))  # (L, T, H) -> (T,)
        steps = np.flatnonzero(broken)
        if len(steps):
            return int(steps[-1] if direction else steps[0]) + 1
    return None


def overflow_text(trace: Trace) -> str:
    """ "left the range of float32 at step 93", or "" when no state did."""
    step = overflow_step(trace)
    return "" if step is None else f"left the range of float32 at step {step}"
