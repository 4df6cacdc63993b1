"""Gates read as memory: what a forget or update gate alone keeps, and what really remains."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from seqviz.analysis.lyapunov import growth
from seqviz.errors import SeqvizError
from seqviz.indices import checked_direction, checked_layer
from seqviz.labels import rounded
from seqviz.types import FloatArray, Trace

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class GateTimescales:
    """What one layer's gates keep of the old state.

    gate: "f" (LSTM) or "z" (GRU: PyTorch's z keeps, 1 - z lets in). mean: (H,) each unit's gate
    averaged over time. kept: (H,) the per-step factor of
    the direct path alone, the geometric mean of the gate, whose T-th power is what survives.
    half_life: (H,) steps, ln ½ / ln kept; inf for a gate that is always open. full_factor: the
    per-step factor of the whole ∂state/∂state product, through every path (growth().factor).
    full_half_life: its half-life in steps, inf when it does not shrink.
    """

    gate: str
    mean: FloatArray
    kept: Floats
    half_life: Floats
    full_factor: float
    full_half_life: float

    def sentence(self) -> str:
        """What the gate alone would keep, in steps, beside the full gradient; then the factors."""
        name = "forget" if self.gate == "f" else "update"
        half = float(np.median(self.half_life))
        return (
            f"With the {name} gate alone, the median unit {_forgets(half)}; the whole network "
            f"{_forgets(self.full_half_life)}. Each step the gate keeps "
            f"{float(np.median(self.kept)):.3f} and the full gradient {self.full_factor:.3f}."
        )


def gate_timescales(trace: Trace, *, layer: int = -1, direction: int = 0) -> GateTimescales:
    """Mean gates, half-lives and the full gradient factor of one layer along this sequence.

    Raises SeqvizError for RNNs, which have no gates, or a layer or direction there is not.
    """
    layer, direction = checked_layer(trace.spec, layer), checked_direction(trace.spec, direction)
    if not trace.gates:
        raise SeqvizError("A plain RNN has no gates: choose GRU or LSTM.")
    gate = "f" if trace.spec.mode == "LSTM" else "z"
    values = trace.gates[gate][layer, direction]  # (T, H)
    precise = values.astype(np.float64)
    with np.errstate(divide="ignore"):
        kept = np.exp(np.log(precise).mean(axis=0))
    factor = growth(trace, layer=layer, direction=direction).factor
    return GateTimescales(
        gate=gate,
        mean=precise.mean(axis=0).astype(np.float32),
        kept=kept,
        half_life=half_life(kept),
        full_factor=factor,
        full_half_life=float(half_life(factor)),
    )


def half_life(factor: ArrayLike) -> Floats:
    """Steps until factor^k is a half: ln ½ / ln factor; inf from 1 up, 0 at 0, NaN for NaN."""
    values = np.asarray(factor, np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        lives = np.log(0.5) / np.log(values)
    return np.asarray(np.where(values >= 1, np.inf, lives))


def _forgets(half: float) -> str:
    if np.isnan(half):
        return "leaves the range of float32"
    return "forgets nothing" if half == np.inf else f"forgets half in {rounded(half, 3)} steps"
