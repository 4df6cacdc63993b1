"""What a task has to say of itself: its data, its loss, and what it takes to be good at it."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import torch
from torch import Tensor, nn

from seqviz.errors import SeqvizError
from seqviz.limits import MAX_SEED
from seqviz.types import FloatArray, Model

if TYPE_CHECKING:
    from seqviz.training.recipe import Recipe

UNSCORED = -100
"""A class that no answer is compared with: the ignore_index of nn.functional.cross_entropy."""


JUDGED_BATCHES = 8
"""Fresh batches that a trained network is judged on, where a task draws its own data."""


UNSEEN_SEEDS = MAX_SEED + 1
"""From here on no recipe has a seed, and below 2**32 PyTorch's generator tells all of them apart:
it keeps the lower 32 bits (at::mt19937)."""


@dataclass(frozen=True, eq=False)
class Batch:
    """N sequences and what should be answered.

    x (T, N, I) float32. y: classes, int64 (T, N), or values, float32 (T, N, K); without the T
    where only the last step answers. first: the step the first answer of y belongs to, the ones
    before being free. lengths (N,): steps of each sequence where they differ, the rest of x being
    padding and the rest of y UNSCORED.
    """

    x: Tensor
    y: Tensor
    first: int = 0
    lengths: Tensor | None = None


Sampler = Callable[[torch.Generator], Batch]


@dataclass(frozen=True)
class Baseline:
    """What can be reached without learning, in the task's own loss: a line to compare with.

    answers: what it does, in a few words. loss: None where it is known by its accuracy alone.
    accuracy: 0 to 1, None where the task has none.
    """

    answers: str
    loss: float | None
    accuracy: float | None = None


class Task(ABC):
    """One thing to learn. Its class attributes are what a person reads before choosing it.

    key: its name in links and code; name: on the screen; about: two sentences, what must be
    remembered and for how long; reads, answers: the meaning of the I inputs and the K outputs.
    one_hot: True when each step is one of I symbols. ahead: True when it answers with the next
    step itself. classes: True when it answers with one of K classes (cross-entropy), False for K
    values (mean squared error). last_step: True when only the last step is asked. causal: True
    when what is asked lies ahead in the input, so that a reverse direction would read the answer.
    judged_on: what held_out gives, in words.
    data: the type it learns from, None when it draws its own. defaults: the fields of a Recipe
    and its spec with which it learns.
    """

    key: ClassVar[str]
    name: ClassVar[str]
    about: ClassVar[str]
    reads: ClassVar[str]
    answers: ClassVar[str]
    one_hot: ClassVar[bool] = False
    ahead: ClassVar[bool] = False
    classes: ClassVar[bool] = True
    last_step: ClassVar[bool] = False
    causal: ClassVar[bool] = False
    judged_on: ClassVar[str] = "sequences it has not seen"
    data: ClassVar[type | None] = None
    defaults: ClassVar[Mapping[str, Any]] = {}

    def __repr__(self) -> str:
        return f"<{self.name}: reads {self.reads}; answers {self.answers}>"

    @abstractmethod
    def inputs(self, data: Any = None) -> tuple[str, ...]:
        """The I names of what a step has: symbols where they are one-hot, else of numbers."""

    def input_size(self, data: Any = None) -> int:
        """I, the numbers a step has."""
        return len(self.inputs(data))

    @abstractmethod
    def outputs(self, data: Any = None) -> tuple[str, ...]:
        """The K names of what the head answers with."""

    @abstractmethod
    def sampler(self, recipe: Recipe) -> Sampler:
        """Fresh batches, drawn from a generator and from nothing else."""

    @abstractmethod
    def baselines(self, recipe: Recipe) -> tuple[Baseline, ...]:
        """What can be had without remembering; the first is the line to stand under."""

    def check(self, recipe: Recipe) -> None:  # noqa: B027  most tasks ask for nothing more
        """SeqvizError with what to change, when the recipe asks what this task cannot do."""

    def usual_steps(self, data: Any = None) -> int:
        """The T that a recipe has when nobody says otherwise."""
        return int(self.defaults["steps"])

    def loss(self, answers: Tensor, y: Tensor) -> Tensor:
        """The mean over all that is scored; answers (..., K) before softmax."""
        if self.classes:
            return nn.functional.cross_entropy(
                answers.flatten(0, -2), y.flatten(), ignore_index=UNSCORED
            )
        return nn.functional.mse_loss(answers, y)

    def accuracy(self, answers: Tensor, batch: Batch) -> float | None:
        """The share of right answers, 0 to 1; None where a task has no right and wrong."""
        if not self.classes:
            return None
        return share_right(answers, batch.y)

    def held_out(self, recipe: Recipe) -> Batch | None:
        """What the run is judged on; None where there is too little to hold any out."""
        generator = torch.Generator().manual_seed(UNSEEN_SEEDS + recipe.seed)
        sample = self.sampler(recipe)
        return _together([sample(generator) for _ in range(JUDGED_BATCHES)], self.last_step)

    def held_out_baselines(self, recipe: Recipe) -> tuple[Baseline, ...]:
        """The baselines on what held_out gives."""
        return self.baselines(recipe)

    def further(self, recipe: Recipe, model: Model) -> str:
        """What else there is to say of how good it is, a sentence, or ""."""
        return ""

    def in_data_units(
        self, recipe: Recipe, weights: Mapping[str, FloatArray]
    ) -> Mapping[str, FloatArray]:
        """The weights for a network that reads and answers in the data's own units.

        The same weights, unless the task trained on scaled numbers.
        """
        return weights


def strongest_first(*baselines: Baseline) -> tuple[Baseline, ...]:
    """By their loss: the first is the line to stand under."""
    return tuple(sorted(baselines, key=lambda one: math.inf if one.loss is None else one.loss))


def _together(batches: list[Batch], last_step: bool) -> Batch:
    """Batches of sequences of one length as a single one."""
    return Batch(
        torch.cat([batch.x for batch in batches], dim=1),
        torch.cat([batch.y for batch in batches], dim=0 if last_step else 1),
        batches[0].first,
    )


def share_right(answers: Tensor, y: Tensor) -> float:
    """The share of scored classes that are the likeliest answer."""
    scored = y != UNSCORED
    right = (answers.argmax(dim=-1) == y) & scored
    return float(right.sum() / scored.sum())


def require_steps(recipe: Recipe, least: int, why: str) -> None:
    """SeqvizError when the sequences are too short for the task."""
    if recipe.steps < least:
        raise SeqvizError(f"steps is {recipe.steps}: {why}, so set it to {least} or more.")
