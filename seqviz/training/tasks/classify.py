"""Which class a sequence belongs to, learned from a person's own examples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from seqviz.errors import SeqvizError
from seqviz.training.datasets import Examples
from seqviz.training.scaling import Scaling
from seqviz.training.task import UNSCORED, Baseline, Batch, Sampler, Task, share_right
from seqviz.types import FloatArray

if TYPE_CHECKING:
    from seqviz.training.recipe import Recipe

EVERY = 5  # one example in so many is held out for judging
NOISE = 0.6  # deviations; without it five drawings are learned by heart and a sixth is not known
ENOUGH = 10  # examples of a class, below which all are learned from
MAX_JUDGED_NUMBERS = 16 * 2**20  # inputs and states that judging may hold at once: 64 MB


class Classify(Task):
    """The class is asked at every step, so that the answer can be watched while it forms.

    Each time an example is shown, noise is added to it.
    Source: Bishop 1995, "Training with noise is equivalent to Tikhonov regularization".
    """

    key = "classify"
    name = "Classify"
    about = (
        "Sequences of your own are read, and which class they belong to is asked. What tells the "
        "classes apart must be kept from where it is seen to the sequence's end."
    )
    reads = "the values of a step"
    answers = "the class; accuracy counts the last step of each sequence"
    data = Examples
    judged_on = "what was held out"
    defaults = {
        "mode": "GRU",
        "steps": 0,
        "iterations": 300,
        "lr": 1e-2,
        "batch_size": 16,
        "hidden_size": 32,
    }

    def inputs(self, data: Any = None) -> tuple[str, ...]:
        return tuple(f"x{i}" for i in range(data.input_size))

    def outputs(self, data: Any = None) -> tuple[str, ...]:
        return tuple(data.classes)

    def usual_steps(self, data: Any = None) -> int:
        return int(data.longest)

    def check(self, recipe: Recipe) -> None:
        longest = _data(recipe).longest
        if recipe.steps != longest:
            raise SeqvizError(
                f"steps is {recipe.steps} and the longest example has {longest}: set steps to "
                f"{longest}."
            )

    def sampler(self, recipe: Recipe) -> Sampler:
        learned, _ = parts(_data(recipe))
        scaled = self._scaled(recipe, learned)

        def sample(generator: torch.Generator) -> Batch:
            chosen = torch.randint(len(learned), (recipe.batch_size,), generator=generator)
            batch = self._padded(recipe, [scaled[k] for k in chosen.tolist()])
            within = (batch.y != UNSCORED)[..., None]  # (T, N, 1), False in the padding
            noise = NOISE * torch.randn(batch.x.shape, generator=generator) * within
            return replace(batch, x=batch.x + noise)

        return sample

    def accuracy(self, answers: Tensor, batch: Batch) -> float:
        """The share of sequences whose class is right at their last step."""
        assert batch.lengths is not None
        last, each = batch.lengths - 1, torch.arange(len(batch.lengths))
        return share_right(answers[last, each], batch.y[last, each])

    def baselines(self, recipe: Recipe) -> tuple[Baseline, ...]:
        learned, _ = parts(_data(recipe))
        return self._frequencies(recipe, learned, learned)

    def held_out(self, recipe: Recipe) -> Batch | None:
        judged = _judged(recipe)
        if not judged:
            return None
        return self._padded(recipe, self._scaled(recipe, judged))

    def held_out_baselines(self, recipe: Recipe) -> tuple[Baseline, ...]:
        (learned, _), judged = parts(_data(recipe)), _judged(recipe)
        return self._frequencies(recipe, learned, judged) if judged else ()

    def in_data_units(
        self, recipe: Recipe, weights: Mapping[str, FloatArray]
    ) -> Mapping[str, FloatArray]:
        return _scaling(recipe).into_inputs(recipe.spec, weights)

    def _scaled(self, recipe: Recipe, chosen: list[int]) -> list[tuple[Tensor, int]]:
        """These examples, (T, I) each, with their class."""
        data, scaling = _data(recipe), _scaling(recipe)
        return [
            (torch.from_numpy(scaling.scaled(data.sequences[k])), int(data.codes[k]))
            for k in chosen
        ]

    def _padded(self, recipe: Recipe, examples: list[tuple[Tensor, int]]) -> Batch:
        """x with zeros after each end, and y UNSCORED there.

        Of a batch and not of all: one long example among many short ones would take gigabytes.
        """
        x = torch.zeros(recipe.steps, len(examples), _data(recipe).input_size)
        y = torch.full((recipe.steps, len(examples)), UNSCORED)
        for n, (sequence, code) in enumerate(examples):
            x[: len(sequence), n] = sequence
            y[: len(sequence), n] = code
        return Batch(x, y, lengths=torch.tensor([len(sequence) for sequence, _ in examples]))

    def _frequencies(
        self, recipe: Recipe, learned: list[int], judged: list[int]
    ) -> tuple[Baseline, ...]:
        """Answering how frequent each class is among the learned; steps are scored, as in loss."""
        data = _data(recipe)
        steps = np.zeros(len(data.classes))
        np.add.at(steps, data.codes[learned], [len(data.sequences[k]) for k in learned])
        count = np.bincount(data.codes[learned], minlength=len(data.classes))
        scored = np.array([len(data.sequences[k]) for k in judged])
        surprise = -np.log(steps / steps.sum())[data.codes[judged]]
        loss = float((surprise * scored).sum() / scored.sum())
        right = float((data.codes[judged] == count.argmax()).mean())
        return (Baseline(f"always answering “{data.classes[count.argmax()]:.40}”", loss, right),)


def parts(data: Examples) -> tuple[list[int], list[int]]:
    """Which examples to learn from and which to judge on: every fifth of a class of 10 or more."""
    judged = []
    for k in range(len(data.classes)):
        members = np.flatnonzero(data.codes == k).tolist()
        judged += members[EVERY - 1 :: EVERY] if len(members) >= ENOUGH else []
    return [k for k in range(len(data.labels)) if k not in set(judged)], judged


def _judged(recipe: Recipe) -> list[int]:
    """Those held out, evenly thinned where padding them to the longest would take too much."""
    data = _data(recipe)
    _, judged = parts(data)
    spec = recipe.spec
    width = data.input_size + 8 * spec.num_layers * spec.num_directions * spec.hidden_size
    most = max(1, MAX_JUDGED_NUMBERS // (data.longest * width))
    return judged[:: -(-len(judged) // most)] if judged else []


def _data(recipe: Recipe) -> Examples:
    assert isinstance(recipe.data, Examples)
    return recipe.data


def _scaling(recipe: Recipe) -> Scaling:
    data = _data(recipe)
    learned, _ = parts(data)
    rows = np.concatenate([data.sequences[k] for k in learned])
    return Scaling.of(rows, shift=recipe.spec.bias)
