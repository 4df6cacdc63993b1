"""How a small change of the state grows or shrinks along one sequence.

The Jacobians ∂h_{k+1}/∂h_k of the steps really taken are multiplied, and the product is scaled
back to length 1 whenever it has moved, so that it neither overflows nor fades.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from seqviz.analysis.jacobians import (
    Tangents,
    advance,
    all_directions,
    checked_direction,
    checked_layer,
    joint,
    reading_order,
    rows,
    step_jacobians,
)
from seqviz.types import Trace

Floats = NDArray[np.float64]

_FLOPS = 3.0e10  # about a second on one core
_SAMPLED = 6.0e8  # H^3 times the number of singular value decompositions
_DIRECTIONS = 16


@dataclass(frozen=True, eq=False)
class Growth:
    """The product ∂h_k/∂h_0 of one layer along a sequence; for LSTM that of (h, c).

    steps: (K,) the k's, rising, last T. log_norms: (K,) natural logarithms of ‖∂h_k/∂h_0‖₂,
    -inf once nothing is left, NaN where the states left the range of float32. exponent: the
    largest Lyapunov exponent over this sequence, ln ‖∂h_T/∂h_0‖₂ / T, in nats a step; where the
    states left the range of float32, that of the steps before. exact:
    False when followed from 16 random directions to save time (a lower bound).
    """

    steps: NDArray[np.intp]
    log_norms: Floats
    exponent: float
    exact: bool

    @property
    def factor(self) -> float:
        """exp(exponent): what one step multiplies a change by, in the geometric mean."""
        with np.errstate(over="ignore"):
            return float(np.exp(self.exponent))


@dataclass(frozen=True, eq=False)
class StepNorms:
    """steps: (K,) in 1 to T. norms: (K,) spectral norms ‖∂h_k/∂h_{k-1}‖₂ at those steps."""

    steps: NDArray[np.intp]
    norms: Floats


def growth(trace: Trace, *, layer: int = 0, direction: int = 0) -> Growth:
    """Follow the product of state Jacobians of one layer from its initial state to the end.

    The layer's input is held fixed. Raises SeqvizError for a layer or direction there is not.
    """
    layer, direction = checked_layer(trace, layer), checked_direction(trace, direction)
    state, exact = _start(trace)
    sampled = _sampled_steps(trace)
    wanted = set(sampled.tolist())
    size, logs = 0.0, []  # the product is rows(state) * exp(size)
    with torch.inference_mode():
        jacobians = step_jacobians(trace, layer, direction, factored=not exact, dtype=torch.float64)
        for k, step in enumerate(jacobians, start=1):
            state = advance(step, state)
            scale = float(torch.linalg.vector_norm(rows(state)))
            if not 0 < scale < np.inf:
                # never comes back from zero, nor from beyond the range
                size = -np.inf if scale == 0 else np.nan
                break
            if not 1e-30 < scale < 1e30 or k in wanted:
                state = Tangents(state.h / scale, None if state.c is None else state.c / scale)
                size += float(np.log(scale))
            if k in wanted:
                logs.append(size + float(torch.linalg.matrix_norm(rows(state), 2).log()))
    logs += [size] * (len(sampled) - len(logs))
    log_norms = np.array(logs)
    known = np.flatnonzero(~np.isnan(log_norms))
    exponent = log_norms[known[-1]] / sampled[known[-1]] if len(known) else np.nan
    return Growth(sampled, log_norms, float(exponent), exact)


def step_norms(trace: Trace, *, layer: int = 0, direction: int = 0) -> StepNorms:
    """How much each step alone can stretch a change; at most some hundred steps, evenly chosen.

    For an RNN this never exceeds σ_max·γ (spectrum.step_bound).
    """
    layer, direction = checked_layer(trace, layer), checked_direction(trace, direction)
    steps = _sampled_steps(trace)
    order = reading_order(len(trace), direction)[steps - 1]
    with torch.inference_mode():
        jacobians = step_jacobians(trace, layer, direction, order, dtype=torch.float64)
        norms = np.array([_spectral_norm(joint(step)) for step in jacobians])
    return StepNorms(steps, norms)


def _spectral_norm(matrix: Tensor) -> float:
    if not torch.isfinite(matrix).all():
        return float("nan")
    return float(torch.linalg.matrix_norm(matrix, 2))


def _start(trace: Trace) -> tuple[Tangents, bool]:
    """Tangents to follow, and whether they span every direction."""
    state = all_directions(trace, torch.float64)
    size = rows(state).shape[1]
    if 2.0 * len(trace) * size**3 <= _FLOPS or size <= _DIRECTIONS:
        return state, True
    generator = torch.Generator().manual_seed(0)
    some = torch.linalg.qr(torch.randn(size, _DIRECTIONS, generator=generator).double()).Q.t()
    hidden = trace.spec.hidden_size
    return Tangents(some[:, :hidden], None if state.c is None else some[:, hidden:]), False


def _sampled_steps(trace: Trace) -> NDArray[np.intp]:
    size = trace.spec.hidden_size * (2 if trace.spec.mode == "LSTM" else 1)
    most = int(np.clip(_SAMPLED // size**3, 16, 400))
    count = min(len(trace), most)
    return np.unique(np.linspace(1, len(trace), count).round().astype(np.intp))
