"""How far a training has come: everything the next segment needs, and what was measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import torch
from numpy.typing import NDArray

from seqviz.errors import SeqvizError
from seqviz.limits import MAX_CHECKPOINT_BYTES, MAX_CHECKPOINTS
from seqviz.training.network import Network, model_of
from seqviz.training.recipe import Recipe
from seqviz.training.task import Baseline
from seqviz.training.tasks import TASKS
from seqviz.types import Checkpoint, FloatArray, Model, frozen

Weights = Mapping[str, FloatArray]
OptimizerState = tuple[Mapping[str, FloatArray], ...]


def nothing() -> FloatArray:
    """A curve of no iterations."""
    return frozen([])


@dataclass(frozen=True, eq=False)
class Run:
    """A training after `iteration` iterations. Frozen; can be pickled; holds NumPy arrays alone.

    weights: by the names of the network's state_dict, "rnn.weight_ih_l0" to "head.bias", in the
    units of training. last_good: the weights that the last finite loss was measured with.
    optimizer: for each weight what torch.optim keeps of it. generator: its state, uint8.
    loss, accuracy, gradient_norm (iteration,): of each iteration's batch, the norm before
    clipping; accuracy is NaN where the task has none. kept: weights by iteration, evenly
    spaced. diverged: None, or the sentence that says why it ended early.
    """

    recipe: Recipe
    iteration: int
    weights: Weights
    last_good: Weights
    optimizer: OptimizerState
    generator: NDArray[np.uint8]
    loss: FloatArray = field(default_factory=nothing)
    accuracy: FloatArray = field(default_factory=nothing)
    gradient_norm: FloatArray = field(default_factory=nothing)
    kept: Mapping[int, Weights] = field(default_factory=dict)
    diverged: str | None = None

    def __getstate__(self) -> dict[str, object]:
        fields = self.__dataclass_fields__
        return {name: value for name, value in self.__dict__.items() if name in fields}

    @property
    def done(self) -> bool:
        """True when there is nothing left to do."""
        return self.diverged is not None or self.iteration >= self.recipe.iterations

    @cached_property
    def model(self) -> Model:
        """The network as it is now, with its head, for data in its own units."""
        return model_of(self.recipe, self.weights)

    @cached_property
    def checkpoints(self) -> tuple[Checkpoint, ...]:
        """The network through its training: the first is untrained, the last as it is now."""
        kept = {**self.kept, self.iteration: self.weights}
        return tuple(
            Checkpoint(iteration, model_of(self.recipe, weights))
            for iteration, weights in kept.items()
        )

    @cached_property
    def baselines(self) -> tuple[Baseline, ...]:
        """What can be had without remembering, in the unit of loss."""
        return TASKS[self.recipe.task].baselines(self.recipe)

    def without_history(self) -> Run:
        """What the next segment needs and no more: some kilobytes to send to a worker."""
        return replace(self, loss=nothing(), accuracy=nothing(), gradient_norm=nothing(), kept={})

    def followed_by(self, segment: Run) -> Run:
        """This run and the segment that `advance` made of it without its history."""
        # one that diverged may have come one further, and is thinned as it would be there
        reached = segment.iteration + (segment.diverged is not None)
        kept = thinned({**self.kept, **segment.kept}, reached)
        back = max(0, self.iteration + len(segment.loss) - segment.iteration)  # iterations undone
        return replace(
            segment,
            loss=_joined(self.loss, segment.loss, back),
            accuracy=_joined(self.accuracy, segment.accuracy, back),
            gradient_norm=_joined(self.gradient_norm, segment.gradient_norm, back),
            kept={at: weights for at, weights in kept.items() if at <= segment.iteration},
        )

    def longer(self, iterations: int) -> Run:
        """The same run with more left to do: `iterations` in all.

        Raises SeqvizError when that is less than was done, or more than a run may take.
        """
        if iterations < self.iteration:
            raise SeqvizError(
                f"{self.iteration:,} iterations are done: set iterations to more than that."
            )
        return replace(self, recipe=replace(self.recipe, iterations=iterations))


def begin(recipe: Recipe) -> Run:
    """The untrained run of a recipe."""
    generator = torch.Generator().manual_seed(recipe.seed)
    weights = weights_of(Network(recipe, generator))
    return Run(
        recipe=recipe,
        iteration=0,
        weights=weights,
        last_good=weights,
        optimizer=(),
        generator=generator.get_state().numpy(),
        kept={0: weights},
    )


def weights_of(network: Network) -> Weights:
    """Copies of its parameters by their names."""
    return {name: frozen(value.detach()) for name, value in network.named_parameters()}


def stride(weights: Weights, iteration: int) -> int:
    """How many iterations lie between two checkpoints after so many: a power of two.

    The smallest with which they, and the last state, are at most MAX_CHECKPOINTS and take at most
    MAX_CHECKPOINT_BYTES. It depends on nothing else, so however a run is cut into segments, the
    same ones stay.
    """
    size = sum(value.nbytes for value in weights.values())
    most = max(3, min(MAX_CHECKPOINTS, MAX_CHECKPOINT_BYTES // size))
    every = 1
    while iteration // every + 2 > most:
        every *= 2
    return every


def thinned(kept: Mapping[int, Weights], iteration: int) -> dict[int, Weights]:
    """Of checkpoints by their iteration those that stay after so many iterations."""
    if not kept:
        return {}
    every = stride(next(iter(kept.values())), iteration)
    return {at: weights for at, weights in kept.items() if at % every == 0}


def _joined(before: FloatArray, after: FloatArray, back: int) -> FloatArray:
    """One curve of both, without the newest that were undone."""
    both = np.concatenate([before, after])
    return frozen(both[: max(0, len(both) - back)])
