"""How eigenvalues and memory move while a network learns, checkpoint by checkpoint."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from seqviz.analysis.horizon import horizon_of
from seqviz.analysis.influence import influence, plan
from seqviz.analysis.progress import Progress
from seqviz.analysis.spectrum import spectra
from seqviz.errors import SeqvizError
from seqviz.rnn.tracing import trace
from seqviz.types import Checkpoint, InputSequence

Floats = NDArray[np.float64]
MOST = 32
"""Checkpoints that are measured: more points than a curve needs."""


@dataclass(frozen=True, eq=False)
class ThroughTraining:
    """C checkpoints of one network, measured alike.

    iterations: (C,). eigenvalues: of each block of W_hh by its name, (C, H), as spectrum.spectra
    has them. half, hundredth: (C,) steps after which the influence of an input on the last
    layer's later states stays at or below 1/2 and 1/100 of what it was at once; inf when it does
    not within the T steps of the sequence. steps: T.
    """

    iterations: NDArray[np.int64]
    eigenvalues: Mapping[str, NDArray[np.complex128]]
    half: Floats
    hundredth: Floats
    steps: int

    @property
    def rho(self) -> dict[str, Floats]:
        """The spectral radius of each block, (C,)."""
        return {name: np.abs(values).max(axis=1) for name, values in self.eigenvalues.items()}

    def sentence(self) -> str:
        """Where the memory began and where it ended."""
        first, last = (_steps(value, self.steps) for value in (self.half[0], self.half[-1]))
        radii = ", ".join(
            f"ρ({name}) from {rho[0]:.2f} to {rho[-1]:.2f}" for name, rho in self.rho.items()
        )
        return (
            f"Half of an input's influence is gone {first} before training and {last} after "
            f"{self.iterations[-1]:,} iterations. The spectral radius ρ, the size of the largest "
            f"eigenvalue: {radii}. Below 1 it lets what is kept fade, above 1 grow."
        )


def through_training(
    checkpoints: Sequence[Checkpoint],
    x: InputSequence | ArrayLike,
    *,
    most: int = MOST,
    progress: Callable[[float], None] | None = None,
) -> ThroughTraining:
    """Measure at most so many checkpoints, evenly chosen, while they read x.

    The eigenvalues are those of the last layer's forward direction. Raises SeqvizError when there
    is no checkpoint, or when x does not fit the network.
    """
    if not checkpoints:
        raise SeqvizError("There is no checkpoint to measure: train for an iteration at least.")
    places = np.unique(np.linspace(0, len(checkpoints) - 1, min(most, len(checkpoints))).round())
    chosen = [checkpoints[int(k)] for k in places]
    report, half, hundredth = Progress(progress), [], []
    blocks: dict[str, list[NDArray[np.complex128]]] = {}
    for k, one in enumerate(chosen):
        read = trace(one.model, x)
        for spectrum in spectra(read, layer=one.model.spec.num_layers - 1):
            blocks.setdefault(spectrum.name, []).append(spectrum.eigenvalues)
        affordable = plan(read, layer=-1, runs=len(chosen))
        found = horizon_of(
            [
                influence(
                    read,
                    layer=-1,
                    t_stride=affordable.stride,
                    directions=affordable.directions,
                    progress=report.part(k, len(chosen)),
                )
            ]
        )
        half.append(found.half[0])
        hundredth.append(found.hundredth[0])
    return ThroughTraining(
        iterations=np.array([one.iteration for one in chosen]),
        eigenvalues={name: np.stack(values) for name, values in blocks.items()},
        half=np.array(half),
        hundredth=np.array(hundredth),
        steps=len(read),
    )


def _steps(count: float, steps: int) -> str:
    if np.isinf(count):
        return f"not within {steps} steps"
    return f"within {count:.0f} step{'' if count == 1 else 's'}"
