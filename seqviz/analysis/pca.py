"""States as a path: PCA of h down to two or three numbers a step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from seqviz.analysis.jacobians import checked_layer
from seqviz.errors import SeqvizError
from seqviz.types import FloatArray, Trace

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Trajectory:
    """Paths of one or several runs in the same space.

    paths: one (T, k) float32 a run. explained: (k,) shares of the variance, 0 to 1, falling.
    axes: (k, D*H) orthonormal, each turned so that its largest entry is positive. centre: (D*H,)
    the mean state, where all coordinates are 0.
    """

    paths: tuple[FloatArray, ...]
    explained: Floats
    axes: Floats
    centre: Floats

    def sentence(self) -> str:
        """ "2 components hold 87.3 % of the variance (61.0 % + 26.3 %).\""""
        shares = " + ".join(f"{100 * share:.1f} %" for share in self.explained)
        total = f"{100 * self.explained.sum():.1f} %"
        return f"{len(self.explained)} components hold {total} of the variance ({shares})."


def trajectory(
    traces: Trace | Sequence[Trace], *, layer: int = -1, quantity: str = "h", components: int = 2
) -> Trajectory:
    """Principal components of a layer's states, both directions side by side.

    traces: one, or several whose layers have the same width; the components are those of all
    their states together. quantity: "h", "c" or a gate. components: how many, at most 3; those a
    state is too narrow or too still for are 0. Raises SeqvizError when widths differ, a quantity
    does not exist, or states left the range of float32.
    Source: PCA by SVD of the centred states.
    """
    runs = [traces] if isinstance(traces, Trace) else list(traces)
    if not runs or not 1 <= components <= 3:
        raise SeqvizError("A trajectory needs at least one run and 1 to 3 components.")
    states = [_states(run, layer, quantity) for run in runs]
    widths = sorted({state.shape[1] for state in states})
    if len(widths) > 1:
        raise SeqvizError(
            f"These runs have states of {' and '.join(map(str, widths))} numbers: "
            "give them the same hidden_size to draw them in one space."
        )
    every = np.concatenate(states)  # (sum of T, D*H)
    centre = every.mean(axis=0)
    axes, explained = _principal(every - centre, components)
    paths = tuple(np.asarray((state - centre) @ axes.T, np.float32) for state in states)
    return Trajectory(paths, explained, axes, centre)


def _states(run: Trace, layer: int, quantity: str) -> Floats:
    values = run.quantity(quantity)[checked_layer(run, layer)]  # (D, T, H)
    if not np.isfinite(values).all():
        raise SeqvizError("These states left the range of float32: shorten the sequence.")
    return np.concatenate(list(values), axis=-1).astype(np.float64)  # (T, D*H)


def _principal(centred: Floats, components: int) -> tuple[Floats, Floats]:
    """axes (k, width) and shares of variance (k,), zero where there are no more directions."""
    _, lengths, directions = np.linalg.svd(centred, full_matrices=False)
    found = min(components, len(lengths))
    axes = np.zeros((components, centred.shape[1]))
    axes[:found] = directions[:found]
    # an SVD leaves each sign open: without a rule, pictures would flip between runs
    turn = axes[np.arange(components), np.abs(axes).argmax(axis=1)] < 0
    axes[turn] *= -1
    explained, total = np.zeros(components), float((lengths**2).sum())
    if total > 0:
        explained[:found] = lengths[:found] ** 2 / total
    return axes, explained
