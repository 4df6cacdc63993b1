"""The influence of every input on every state, or on every answer of a head: ‖∂h_τ/∂x_t‖ or
‖W ∂h_τ/∂x_t‖ for all pairs, exact, in one pass.

The tangents of all inputs advance together, one matrix product a step, where a backward pass
would have to be repeated for every τ.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from seqviz.analysis.progress import Progress
from seqviz.analysis.tangents import propagate
from seqviz.errors import SeqvizError
from seqviz.indices import checked_layer, checked_step
from seqviz.types import FloatArray, Head, Trace

_FLOPS = 1.0e11  # two to four seconds on one core
_INPUTS, _DIRECTIONS = 24, 4  # to keep where there is time for as many,
_FEWEST_COLUMNS = 6  # and columns in all where there is not: fewer make no map


@dataclass(frozen=True)
class Plan:
    """How influence can be had within seconds.

    stride: take every stride-th input step. directions: None for exact norms, else the number
    of random directions of x_t they are estimated from. notice: what to tell the reader, "" when
    everything is computed exactly.
    """

    stride: int = 1
    directions: int | None = None
    notice: str = ""


@dataclass(frozen=True, eq=False)
class Influence:
    """Frobenius norms of ∂h_τ/∂x_t, or where `answer` of ∂s_τ/∂x_t, s = W h + b the head's sums.

    norms: (T, C) float32, read-only; norms[tau, j] is for the input at t = inputs[j]. 0 where
    h_τ cannot depend on x_t (t > τ unless bidirectional) or influence fell below 1e-30; NaN where
    the states or the product left the range of float32. inputs: (C,) the t's. layer: whose h,
    counted from 0. notice: "" or what was left out. answer: whether it is about the head's answer
    and not the state.
    """

    norms: FloatArray
    inputs: NDArray[np.intp]
    layer: int
    notice: str = ""
    answer: bool = False

    def at(self, tau: int) -> FloatArray:
        """Influence of each input on what is at index tau, (C,). SeqvizError for no such step."""
        return np.asarray(self.norms[checked_step(len(self.norms), tau)])

    def log10(self) -> FloatArray:
        """Decimal logarithms of the norms, (T, C); NaN where there is none to draw."""
        drawable = np.isfinite(self.norms) & (self.norms > 0)
        logs = np.full(self.norms.shape, np.nan, np.float32)
        np.log10(self.norms, out=logs, where=drawable)
        return logs

    def by_lag(self) -> NDArray[np.float64]:
        """Median influence of x_t on h_{t+k} over all t, (T,) for k = 0 to T - 1; NaN for none."""
        steps = len(self.norms)
        medians = np.full(steps, np.nan)
        for lag in range(steps):
            starts = self.inputs[self.inputs + lag < steps]
            pairs = self.norms[starts + lag, np.arange(len(starts))]
            known = pairs[~np.isnan(pairs)]
            if len(known):
                medians[lag] = np.median(known.astype(np.float64))
        return medians


def plan(trace: Trace, *, layer: int = -1, runs: int = 1, answer: bool = False) -> Plan:
    """What influence would cost for this trace, and what to leave out so that it takes seconds.

    layer: from 0, -1 the last. runs: how many such traces the seconds are for. answer: as of
    `influence`. Raises SeqvizError for a layer there is not, or no head.
    """
    top = checked_layer(trace.spec, layer)
    steps = len(trace)
    features = _basis(trace, None).shape[1]
    flops = _flops_of_a_column(trace, top)
    if answer:
        rows = min(len(answering(trace, top).weight), trace.output.shape[1])
        flops += 2.0 * len(trace) * trace.output.shape[1] * rows
    affordable = int(_FLOPS / runs / flops)
    if steps * features <= affordable:
        return Plan()
    affordable = max(_FEWEST_COLUMNS, affordable)
    most = max(min(_DIRECTIONS, affordable // _FEWEST_COLUMNS), affordable // _INPUTS)
    directions = min(features, most)
    stride = min(-(-steps * directions // affordable), steps)
    estimated = None if directions == features else directions
    return Plan(stride, estimated, _notice(stride, estimated))


def influence(
    trace: Trace,
    *,
    layer: int = -1,
    t_stride: int = 1,
    directions: int | None = None,
    answer: bool = False,
    progress: Callable[[float], None] | None = None,
) -> Influence:
    """‖∂h_τ/∂x_t‖ (Frobenius) for every pair, computed forward by products of Jacobians.

    h_τ is the layer's whole output at τ, (D*H,), both directions side by side; the derivative
    runs through all layers below, and through c for LSTM. With one feature the Frobenius norm is
    the vector's length and the spectral norm too; else it is at least the spectral norm.
    t_stride: every t_stride-th input step. directions: estimate from that many random directions
    of x_t, each square being right on average, in place of all I. answer: of the head's sums
    s_τ = W h_τ + b, (K,), in place of the state: before softmax, which saturates. progress: called
    with the fraction done, 0 to 1. Beside the trace and the result, memory stays below about
    300 MB at every size.
    Raises SeqvizError when layer, t_stride or directions is out of range, or answer is asked of a
    network without a head or of another layer than its last.
    Source: the products of Pascanu, Mikolov and Bengio 2013, https://arxiv.org/abs/1211.5063,
    accumulated forwards.
    """
    top = checked_layer(trace.spec, layer)
    if t_stride < 1 or (directions is not None and directions < 1):
        raise SeqvizError("Take every 1st, 2nd, 3rd … input step and at least one direction.")
    inputs = np.arange(0, len(trace), t_stride)
    squares = torch.zeros(len(trace), len(inputs), dtype=torch.float64)

    def add_state(tau: int, direction: int, columns: slice, h: Tensor) -> None:
        # squares of float32 leave float32's range long before the norm does
        lengths = torch.linalg.vector_norm(h, dim=(1, 2), dtype=torch.float64)
        squares[tau, columns] += lengths * lengths

    add = _Answers(trace, top, inputs, squares).add if answer else add_state
    report = Progress(progress)
    propagate(trace, inputs, _basis(trace, directions), add, top=top, progress=report)
    norms = squares.sqrt().float()
    norms[~norms.isfinite()] = torch.nan
    values = norms.numpy()
    values.flags.writeable = False
    inputs.flags.writeable = False
    estimated = (
        directions if directions is not None and directions < trace.spec.input_size else None
    )
    return Influence(values, inputs, top, _notice(t_stride, estimated), answer)


class _Answers:
    """Adds up ‖W ∂h_τ/∂x_t‖² from the tangents of h that `propagate` reports.

    Of W only R of its QR decomposition is needed: ‖W h‖ = ‖R h‖, and R has at most D*H rows. Both
    directions' parts are added before the norm is taken, ‖a + b‖² = ‖a‖² + ‖b‖² + 2 a·b: the
    forward direction's are kept until the reverse one comes, where an input reaches both.
    """

    def __init__(self, trace: Trace, top: int, inputs: NDArray[np.intp], squares: Tensor) -> None:
        weight = torch.tensor(answering(trace, top).weight)  # (K, D*H)
        if len(weight) > weight.shape[1]:
            weight = torch.linalg.qr(weight.double(), mode="r").R.float()
        self.weights = weight.split(trace.spec.hidden_size, dim=1)  # one a direction
        self.squares, self.inputs, self.everywhere = squares, inputs, top > 0
        self.forward: dict[int, tuple[int, Tensor]] = {}  # by tau: first column, (columns, k, K)
        self.last = 0

    def add(self, tau: int, direction: int, columns: slice, h: Tensor) -> None:
        """As propagate's Sink."""
        if direction < self.last:  # other inputs or other directions of them begin
            self.forward.clear()
        self.last = direction
        part = h @ self.weights[direction].t()  # (columns, k, K)
        # squares of float32 leave float32's range long before the norm does
        lengths = torch.linalg.vector_norm(part, dim=(1, 2), dtype=torch.float64)
        self.squares[tau, columns] += lengths * lengths
        if len(self.weights) == 1:
            return
        if direction == 0:
            self._keep(tau, columns, part)
        elif tau in self.forward:
            first, other = self.forward[tau]
            start, stop = max(first, columns.start), min(first + len(other), columns.stop)
            if start < stop:
                mine = part[start - columns.start : stop - columns.start].double()
                both = (mine * other[start - first : stop - first]).sum(dim=(1, 2))
                at = self.squares[tau, start:stop]
                at.add_(2.0 * both).clamp_(min=0.0)

    def _keep(self, tau: int, columns: slice, part: Tensor) -> None:
        if self.everywhere:
            self.forward[tau] = columns.start, part
        elif self.inputs[columns.stop - 1] == tau:  # of one layer only x_τ reaches both
            self.forward[tau] = columns.stop - 1, part[-1:].clone()


def answering(trace: Trace, top: int) -> Head:
    """The head that reads layer top. Raises SeqvizError where there is none."""
    if trace.head is None:
        raise SeqvizError("This network answers nothing, so measure the influence on its state.")
    if top != trace.spec.num_layers - 1:
        raise SeqvizError("A head reads the last layer: leave layer at -1 for its answer.")
    return trace.head


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th, 21st …"""
    last = (
        "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    )
    return f"{number}{last}"


def _notice(stride: int, directions: int | None) -> str:
    parts = [f"every {ordinal(stride)} input step"] if stride > 1 else []
    if directions:
        plural = "s" if directions > 1 else ""
        parts.append(f"estimated from {directions} random direction{plural} of the input")
    return ", ".join([*parts, "to answer in time"]) if parts else ""


def _basis(trace: Trace, directions: int | None) -> Tensor:
    """Directions of x_t to follow, (I, k), that give the Frobenius norm over all I of them."""
    features = trace.spec.input_size
    if directions is not None and directions < features:
        generator = torch.Generator().manual_seed(0)
        drawn = torch.randn(features, directions, generator=generator)
        return drawn.div_(directions**0.5)
    reads = [value for name, value in trace.weights.items() if name.startswith("weight_ih_l0")]
    stacked = torch.tensor(np.concatenate(reads))  # (D*gates*H, I)
    if len(stacked) >= features:
        return torch.eye(features)
    # more features than W_ih has rows: what is orthogonal to all rows cannot move any state
    spanned: Tensor = torch.linalg.qr(stacked.double().t()).Q
    return spanned.float()


def _flops_of_a_column(trace: Trace, top: int) -> float:
    """Multiplications and additions to carry one direction of one x_t to the end."""
    spec = trace.spec
    dense = spec.bidirectional and top > 0
    # few columns of a dense network go through each gate, others through their products
    products = len(spec.gates) or 1 if dense else (2 if spec.mode == "LSTM" else 1)
    above = top * (1 + spec.num_directions)
    square = 2.0 * spec.hidden_size**2 * products
    return len(trace) * spec.num_directions * square * (1 + above) * (1.0 if dense else 0.5)
