"""How a small change of the state grows or shrinks along one sequence.

The Jacobians ∂h_{k+1}/∂h_k of the steps really taken are multiplied, and the product is scaled
back to length 1 whenever it has moved, so that it neither overflows nor fades.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from seqviz.analysis.jacobians import (
    Tangents,
    advance,
    all_directions,
    rows,
    step_jacobians,
)
from seqviz.indices import checked_direction, checked_layer
from seqviz.labels import rounded
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

    def sentence(self) -> str:
        """What becomes of a small change of the state, in words."""
        factor = self.factor
        if np.isnan(factor):
            return "What becomes of a small change of the state cannot be followed here."
        if factor == 0:
            return "A small change of the state is gone at once."
        if 0.999 < factor < 1.001:
            return "A small change of the state neither fades nor grows."
        time = f"{rounded(np.log(0.5 if factor < 1 else 2.0) / self.exponent)} steps"
        if factor < 1:
            return f"A small change of the state fades: half of it is gone after {time}."
        return f"A small change of the state grows: it doubles every {time}."


def growth(trace: Trace, *, layer: int = 0, direction: int = 0) -> Growth:
    """Follow the product of state Jacobians of one layer from its initial state to the end.

    The layer's input is held fixed. Raises SeqvizError for a layer or direction there is not.
    Source: Vogt et al. 2022, On Lyapunov exponents for RNNs, https://arxiv.org/abs/2006.14123
    """
    layer, direction = checked_layer(trace.spec, layer), checked_direction(trace.spec, direction)
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
