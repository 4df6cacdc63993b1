"""What a trace costs before it is made: an estimate of its time, and its memory exactly.

At each step a network reads all of its weights, and one that does not fit the processor's cache
waits for the memory; what else there is to do at a step is a kernel's start.
"""

from __future__ import annotations

from dataclasses import dataclass

from seqviz.limits import MAX_TRACE_BYTES, MAX_TRACE_SECONDS
from seqviz.rnn.model import num_parameters
from seqviz.types import RNNSpec

_BYTES_PER_SECOND = 1.5e10  # of weights read, by one thread
_FELT = 0.6  # seconds
_SECONDS_PER_START = 2e-5  # of one step in one layer and direction


@dataclass(frozen=True)
class Cost:
    """steps: how many are read. seconds: about how long. size: bytes of states and gates."""

    steps: int
    seconds: float
    size: int

    @property
    def is_felt(self) -> bool:
        """Whether somebody waits for it, who then is told how long."""
        return self.seconds > _FELT

    def __str__(self) -> str:
        """As a sentence names it: "about 3 s and 98 MB"."""
        megabytes = max(1, round(self.size / 2**20))
        return f"about {max(1, round(self.seconds)):,} s and {megabytes:,} MB"


def cost(spec: RNNSpec, steps: int) -> Cost:
    """What tracing.trace costs for a sequence of this many steps."""
    weights = 4 * num_parameters(spec)  # bytes
    layers = spec.num_layers * spec.num_directions
    seconds = steps * (weights / _BYTES_PER_SECOND + layers * _SECONDS_PER_START)
    return Cost(steps, seconds, steps * _bytes_per_step(spec))


def affordable_steps(spec: RNNSpec) -> int:
    """How many steps keep within MAX_TRACE_SECONDS and MAX_TRACE_BYTES, at least 1."""
    by_time = MAX_TRACE_SECONDS / cost(spec, 1).seconds
    return max(1, int(min(by_time, MAX_TRACE_BYTES // _bytes_per_step(spec))))


def _bytes_per_step(spec: RNNSpec) -> int:
    """float32 of h, c and the gates in all layers and directions."""
    numbers = len(spec.quantities) * spec.num_layers * spec.num_directions * spec.hidden_size
    return 4 * numbers
