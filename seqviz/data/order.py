"""The same sequence read in another order: labels go with their steps."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from seqviz.errors import SeqvizError
from seqviz.types import InputSequence


def reversed_order(sequence: InputSequence) -> InputSequence:
    """The same steps, last first; labels go with their steps."""
    return _reordered(sequence, np.arange(len(sequence))[::-1], "reversed")


def shuffled(sequence: InputSequence, seed: int = 0) -> InputSequence:
    """The same steps in a random order, always the same one for a seed.

    Raises SeqvizError when seed is below 0.
    """
    if seed < 0:
        raise SeqvizError(f"seed is {seed}: set it to 0 or more.")
    order = np.random.default_rng(seed).permutation(len(sequence))
    return _reordered(sequence, order, f"shuffled, seed {seed}")


def swapped(sequence: InputSequence, t: int) -> InputSequence:
    """The same steps with those at indices t and t + 1, from 0, changing places.

    Raises SeqvizError when one of them does not exist.
    """
    if not 0 <= t < len(sequence) - 1:
        raise SeqvizError(
            f"Swap a step between 1 and {len(sequence) - 1} with the one after it, not {t + 1}."
            if len(sequence) > 1
            else "A sequence of one step has no neighbours to swap: make it longer."
        )
    order = np.arange(len(sequence))
    order[[t, t + 1]] = t + 1, t
    return _reordered(sequence, order, f"steps {t + 1} and {t + 2} swapped")


def _reordered(sequence: InputSequence, order: NDArray[np.intp], how: str) -> InputSequence:
    return replace(
        sequence,
        x=sequence.x[order],
        labels=tuple(sequence.labels[int(t)] for t in order),
        name=f"{sequence.name} ({how})",
    )
