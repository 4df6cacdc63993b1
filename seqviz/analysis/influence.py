"""The influence of every input on every state: ‖∂h_τ/∂x_t‖ for all pairs, exact, in one pass.

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
from seqviz.types import FloatArray, Trace

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
    """Frobenius norms of ∂h_τ/∂x_t.

    norms: (T, C) float32, read-only; norms[tau, j] is for the input at t = inputs[j]. 0 where
    h_τ cannot depend on x_t (t > τ unless bidirectional) or influence fell below 1e-30; NaN where
    the states or the product left the range of float32. inputs: (C,) the t's. layer: whose h,
    counted from 0. notice: "" or what was left out.
    """

    norms: FloatArray
    inputs: NDArray[np.intp]
    layer: int
    notice: str = ""

    def at(self, tau: int) -> FloatArray:
        """Influence of each input on h at index tau, (C,). SeqvizError when there is none."""
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


def plan(trace: Trace, *, layer: int = -1, runs: int = 1) -> Plan:
    """What influence would cost for this trace, and what to leave out so that it takes seconds.

    layer: from 0, -1 the last. runs: how many such traces the seconds are for. Raises SeqvizError
    for a layer there is not.
    """
    top = checked_layer(trace.spec, layer)
    steps = len(trace)
    features = _basis(trace, None).shape[1]
    affordable = int(_FLOPS / runs / _flops_of_a_column(trace, top))
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
    progress: Callable[[float], None] | None = None,
) -> Influence:
    """‖∂h_τ/∂x_t‖ (Frobenius) for every pair, computed forward by products of Jacobians.

    h_τ is the layer's whole output at τ, (D*H,), both directions side by side; the derivative
    runs through all layers below, and through c for LSTM. With one feature the Frobenius norm is
    the vector's length and the spectral norm too; else it is at least the spectral norm.
    t_stride: every t_stride-th input step. directions: estimate from that many random directions
    of x_t, each square being right on average, in place of all I. progress: called with the
    fraction done, 0 to 1. Beside the trace and
    the result, memory stays below about 300 MB at every size.
    Raises SeqvizError when layer, t_stride or directions is out of range.
    Source: the products of Pascanu, Mikolov and Bengio 2013, https://arxiv.org/abs/1211.5063,
    accumulated forwards.
    """
    top = checked_layer(trace.spec, layer)
    if t_stride < 1 or (directions is not None and directions < 1):
        raise SeqvizError("Take every 1st, 2nd, 3rd … input step and at least one direction.")
    inputs = np.arange(0, len(trace), t_stride)
    squares = torch.zeros(len(trace), len(inputs), dtype=torch.float64)

    def add(tau: int, direction: int, columns: slice, h: Tensor) -> None:
        # squares of float32 leave float32's range long before the norm does
        lengths = torch.linalg.vector_norm(h, dim=(1, 2), dtype=torch.float64)
        squares[tau, columns] += lengths * lengths

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
    return Influence(values, inputs, top, _notice(t_stride, estimated))


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
