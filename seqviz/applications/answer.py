"""What a network that tells classes apart answers, step by step, and how sure it is."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from seqviz.types import FloatArray, Trace

SURE = 0.3
"""The largest doubt of an answer that is given: beyond it stands "not sure"."""


@dataclass(frozen=True, eq=False)
class Answer:
    """A network's reading of one sequence.

    trace: all its states; its prediction (T, K) are the probabilities of the classes, at each
    step those from what was read so far. remark: what was left out, in a sentence, or "".
    """

    trace: Trace
    remark: str = ""

    @property
    def classes(self) -> tuple[str, ...]:
        """The K names."""
        assert self.trace.head is not None
        return self.trace.head.names

    @property
    def probabilities(self) -> FloatArray:
        """(T, K), of every step."""
        assert self.trace.prediction is not None
        return self.trace.prediction

    @property
    def doubt(self) -> FloatArray:
        """(T,): the entropy of the probabilities over ln K, 0 certain to 1 no idea."""
        p = self.probabilities.astype(np.float64)
        entropy = -(p * np.log(np.maximum(p, 1e-30))).sum(axis=1)
        doubt: FloatArray = (entropy / math.log(p.shape[1])).astype(np.float32)
        return doubt

    @property
    def best(self) -> str:
        """The likeliest class at the last step, however likely that is."""
        return self.classes[int(self.probabilities[-1].argmax())]

    @property
    def sure(self) -> bool:
        """Whether the doubt at the last step is SURE or less."""
        return bool(self.doubt[-1] <= SURE)
