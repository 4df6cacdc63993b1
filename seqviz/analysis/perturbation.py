"""The forward test: change one input a little, run again, and compare with the gradient.

A gradient says what an endlessly small change would do. A real change bends with the
nonlinearity, and here is where one sees how far the gradient can be trusted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from seqviz.analysis.forgetting import fading, in_words
from seqviz.analysis.influence import answering
from seqviz.analysis.progress import Progress
from seqviz.analysis.tangents import propagate
from seqviz.errors import SeqvizError
from seqviz.indices import checked_layer, checked_step
from seqviz.labels import rounded
from seqviz.rnn.model import with_weights
from seqviz.types import Trace

AGREEMENT = 0.05
"""Gradient and real change are said to agree when they differ by at most this share."""


@dataclass(frozen=True, eq=False)
class Perturbation:
    """What changing x_t did to h, and what the gradient had said.

    t: the input's index. delta: (I,) the change. measured, predicted: (T,) float64, ‖Δh_τ‖ and
    ‖∂h_τ/∂x_t delta‖, or where `answer` of the head's sums s = W h + b in place of h. error: (T,)
    the norm of their difference as vectors. relative_error: all errors against all measured
    changes, sqrt(Σ error²) / sqrt(Σ measured²), over the steps where both are numbers; 0 when
    nothing moves and nothing was predicted to, inf when only one of them says something moves, NaN
    when step t itself is past the range of float32.
    """

    t: int
    delta: NDArray[np.float64]
    measured: NDArray[np.float64]
    predicted: NDArray[np.float64]
    error: NDArray[np.float64]
    relative_error: float
    label: str
    answer: bool = False

    @property
    def agrees(self) -> bool:
        """Whether gradient and real change differ by at most AGREEMENT."""
        return self.relative_error <= AGREEMENT

    def sentence(self) -> str:
        """How well the gradient predicted the change, and how the change fades."""
        start = f"Nudging step {self.t + 1} by {np.linalg.norm(self.delta):.3g}"
        what, change = ("answer", "the answer's change") if self.answer else ("state", "the change")
        if not self.measured.any() and not self.predicted.any():
            return f"{start} moves no {what} at all."
        if np.isnan(self.relative_error):
            return f"{start} cannot be compared: its state has left the range of float32."
        if np.isinf(self.relative_error):
            return f"{start} moves no {what}, although the gradient says it would."
        share, faded = f"{rounded(100 * self.relative_error)} %", fading(self.measured[self.t :])
        ending = f" Of {change}, {in_words(faded)}." if faded else ""
        if self.agrees:
            return f"{start} does what the gradient says, to {share} of {change}.{ending}"
        return (
            f"{start} does not follow the gradient: they differ by {share} of {change}, "
            f"so a smaller nudge is needed for the gradient to hold.{ending}"
        )


def perturb(
    trace: Trace, t: int, amount: float | ArrayLike, *, layer: int = -1, answer: bool = False
) -> Perturbation:
    """Add amount to x_t, run the network again in float64, and measure how h moves.

    t: from 0. amount: one number, added to every feature, or I of them. layer: whose h, both
    directions side by side. answer: how the head's sums move in place of h, before softmax, which
    saturates. Raises SeqvizError when t, layer or amount does not fit, or there is no head.
    """
    top, t = checked_layer(trace.spec, layer), checked_step(len(trace), t)
    delta = _delta(amount, trace.spec.input_size)
    head = answering(trace, top).weight.astype(np.float64) if answer else None  # (K, D*H)
    changed = trace.x.astype(np.float64)
    with np.errstate(all="ignore"):
        changed[t] += delta
        moved = _states(trace, changed, top) - _states(trace, trace.x, top)  # (T, D*H)
        foretold = _foretold(trace, t, delta, top)
        if head is not None:
            moved, foretold = moved @ head.T, foretold @ head.T  # (T, K)
        measured, predicted = _norms(moved), _norms(foretold)
        error = _norms(moved - foretold)
        known = np.isfinite(error)
        missed, whole = float(np.linalg.norm(error[known])), float(np.linalg.norm(measured[known]))
    relative = missed / whole if whole > 0 else (np.inf if missed > 0 else 0.0)
    relative = relative if known[t] else np.nan
    label = trace.labels[t]
    return Perturbation(t, delta, measured, predicted, error, relative, label, answer)


def _delta(amount: float | ArrayLike, features: int) -> NDArray[np.float64]:
    try:
        delta = np.array(amount, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise SeqvizError("The nudge must be a number, or one number a feature.") from error
    if delta.ndim == 0:
        delta = np.full(features, float(delta))
    if delta.shape != (features,):
        raise SeqvizError(f"The nudge has {delta.size} numbers and a step has {features} features.")
    if not np.isfinite(delta).all():
        raise SeqvizError("The nudge must be a finite number.")
    return delta


def _states(trace: Trace, x: ArrayLike, top: int) -> NDArray[np.float64]:
    """h of layer top in float64, (T, D*H): differences of float32 would drown in rounding."""
    module = with_weights(replace(trace.spec, num_layers=top + 1), trace.weights).double()
    hidden = trace.spec.hidden_size
    h_0 = torch.tensor(trace.h_0[: top + 1]).double().reshape(-1, hidden)  # (D*L, H)
    with torch.inference_mode():
        sequence = torch.tensor(np.asarray(x)).double()
        if trace.c_0 is None:
            output = module(sequence, h_0)[0]
        else:
            c_0 = torch.tensor(trace.c_0[: top + 1]).double().reshape(-1, hidden)
            output = module(sequence, (h_0, c_0))[0]
    return np.asarray(output.numpy())


def _foretold(trace: Trace, t: int, delta: NDArray[np.float64], top: int) -> NDArray[np.float64]:
    """The gradient's Δh, (T, D*H), in float64."""
    hidden = trace.spec.hidden_size
    moved = np.zeros((len(trace), trace.spec.num_directions, hidden))
    size = float(np.linalg.norm(delta))
    if size == 0:
        return moved.reshape(len(trace), -1)

    def put(tau: int, direction: int, columns: slice, h: Tensor) -> None:
        moved[tau, direction] = h[0, 0].numpy() * size

    along = torch.from_numpy(delta / size)[:, None]  # (I, 1)
    propagate(
        trace,
        np.array([t]),
        along,
        put,
        top=top,
        progress=Progress(None),
        dtype=torch.float64,
    )
    return moved.reshape(len(trace), -1)


def _norms(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.linalg.norm(rows, axis=1))
