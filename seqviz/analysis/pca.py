"""States as a path: PCA of h down to two or three numbers a step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from seqviz.errors import SeqvizError
from seqviz.indices import checked_layer
from seqviz.types import FloatArray, Trace

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Trajectory:
    """Paths of one or several runs in the same space.

    paths: one (T, k) float32 a run. explained_variance_ratio: (k,) shares of the variance, 0 to 1,
    falling. components: (k, D*H) orthonormal, each turned so that its largest entry is positive.
    mean: (D*H,) the mean state, where all coordinates are 0.
    """

    paths: tuple[FloatArray, ...]
    explained_variance_ratio: Floats
    components: Floats
    mean: Floats

    def sentence(self) -> str:
        """ "This picture holds 87.3 % of how the states vary (PC1 61.0 % + PC2 26.3 %).\""""
        ratio = self.explained_variance_ratio
        shares = " + ".join(f"PC{k} {100 * share:.1f} %" for k, share in enumerate(ratio, 1))
        total = f"{100 * ratio.sum():.1f} %"
        return f"This picture holds {total} of how the states vary ({shares})."


def trajectory(
    traces: Trace | Sequence[Trace], *, layer: int = -1, quantity: str = "h", n_components: int = 2
) -> Trajectory:
    """Principal components of a layer's states, both directions side by side.

    traces: one, or several whose layers have the same width; the components are those of all
    their states together. quantity: "h", "c" or a gate. n_components: 1 to 3; those a state is
    too narrow or too still for are 0. Raises SeqvizError when widths differ, a quantity does not
    exist, or states left the range of float32.
    Source: Jolliffe 2002, Principal Component Analysis, section 3.5 (by SVD); names are those of
    https://scikit-learn.org/stable/modules/generated/sklearn.decomposition.PCA.html
    """
    runs = [traces] if isinstance(traces, Trace) else list(traces)
    if not runs or not 1 <= n_components <= 3:
        raise SeqvizError("A trajectory needs at least one run and 1 to 3 components.")
    states = [_states(run, layer, quantity) for run in runs]
    widths = sorted({state.shape[1] for state in states})
    if len(widths) > 1:
        raise SeqvizError(
            f"These runs have states of {' and '.join(map(str, widths))} numbers: "
            "give them the same hidden_size to draw them in one space."
        )
    every = np.concatenate(states)  # (sum of T, D*H)
    mean = every.mean(axis=0)
    components, ratio = _principal(every - mean, n_components)
    paths = tuple(np.asarray((state - mean) @ components.T, np.float32) for state in states)
    return Trajectory(paths, ratio, components, mean)


def _states(run: Trace, layer: int, quantity: str) -> Floats:
    values = run.quantity(quantity)[checked_layer(run.spec, layer)]  # (D, T, H)
    if not np.isfinite(values).all():
        raise SeqvizError("These states left the range of float32: shorten the sequence.")
    return np.concatenate(list(values), axis=-1).astype(np.float64)  # (T, D*H)


def _principal(centred: Floats, n_components: int) -> tuple[Floats, Floats]:
    """Components (k, width) and shares of variance (k,), zero where no direction is left."""
    _, singular_values, directions = np.linalg.svd(centred, full_matrices=False)
    rank = min(n_components, len(singular_values))
    components = np.zeros((n_components, centred.shape[1]))
    components[:rank] = directions[:rank]
    # an SVD leaves each sign open: without a rule, pictures would flip between runs
    largest = np.abs(components).argmax(axis=1)
    components[components[np.arange(n_components), largest] < 0] *= -1
    ratio, total = np.zeros(n_components), float((singular_values**2).sum())
    if total > 0:
        ratio[:rank] = singular_values[:rank] ** 2 / total
    return components, ratio
