"""One answer of a head opened up: the states it was computed from, in float64.

Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.Linear.html and the page of
nn.Softmax.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seqviz.analysis.unit_step import Array, Terms
from seqviz.errors import SeqvizError
from seqviz.indices import checked_step
from seqviz.labels import one_line
from seqviz.types import Head, Trace


@dataclass(frozen=True, eq=False)
class PredictionStep:
    """How one output of the head came to its value at one step.

    unit: which of the K outputs, t: which step of the input, both from 0. label: what the step is
    called. from_states: the products W_kj h_j, (D*H,). sums: W h + b of all outputs, (K,), of
    which this one's is `total`. shares: softmax(sums), (K,), where outputs are classes. value: the
    prediction as recorded. names: of the outputs, each on one line.
    """

    unit: int
    t: int
    label: str
    from_states: Terms
    bias: float
    sums: Array
    value: float
    names: tuple[str, ...]
    classes: bool

    @property
    def name(self) -> str:
        """What the output stands for."""
        return self.names[self.unit]

    @property
    def total(self) -> float:
        """Σ_j W_kj h_j + b_k."""
        return float(self.sums[self.unit])

    @property
    def shares(self) -> Array:
        """softmax(sums), (K,)."""
        with np.errstate(all="ignore"):  # of states that have left the range of float32
            powers = np.exp(self.sums - self.sums.max())
            return np.asarray(powers / powers.sum())

    @property
    def computed(self) -> float:
        """The answer by the equations: the sum, of classes its share."""
        return float(self.shares[self.unit]) if self.classes else self.total

    @property
    def rivals(self) -> tuple[int, ...]:
        """The other outputs, the largest sum first."""
        order = np.argsort(-self.sums, kind="stable")
        return tuple(int(k) for k in order if k != self.unit)


def prediction_step(trace: Trace, unit: int, t: int) -> PredictionStep:
    """How output `unit` of the head (from 0) came to its value at step t (from 0, in input time).

    Raises SeqvizError when the network has no head, or the head no such output.
    """
    head = head_of(trace)
    unit, t = checked_output(head, unit), checked_step(len(trace), t)
    states = np.asarray(trace.output[t], np.float64)  # (D*H,)
    weights = head.weight.astype(np.float64)  # (K, D*H)
    with np.errstate(all="ignore"):  # a ReLU network may have left the range of float32
        sums = weights @ states + head.bias
        products = weights[unit] * states
    assert trace.prediction is not None
    return PredictionStep(
        unit=unit,
        t=t,
        label=trace.labels[t],
        from_states=Terms(*_names(trace), weights[unit], states, products),
        bias=float(head.bias[unit]),
        sums=sums,
        value=float(trace.prediction[t, unit]),
        names=tuple(one_line(name) for name in head.names),
        classes=head.activation == "softmax",
    )


def head_of(trace: Trace) -> Head:
    """The head of a trained network's trace. SeqvizError where there is none."""
    if trace.head is None or trace.prediction is None:
        raise SeqvizError("This network answers nothing: train it on Train, or give it a head.")
    return trace.head


def checked_output(head: Head, unit: int) -> int:
    """unit, one of the head's K outputs from 0. SeqvizError when there is none."""
    if not 0 <= unit < len(head.names):
        raise SeqvizError(f"unit is {unit}: choose an output from 0 to {len(head.names) - 1}.")
    return int(unit)


def _names(trace: Trace) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What the D*H states of the last layer are called: in words, and in LaTeX."""
    cells = [
        (d, k) for d in range(trace.spec.num_directions) for k in range(trace.spec.hidden_size)
    ]
    letters = ("h", r"\overleftarrow{h}")
    words = tuple(f"h[{k}]{' reverse' if d else ''}" for d, k in cells)
    return words, tuple(f"{letters[d]}_t[{k}]" for d, k in cells)
