"""The next value of a person's own sequence, learned on its first part, judged on the rest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import torch

from seqviz.errors import SeqvizError
from seqviz.training.scaling import Scaling
from seqviz.training.task import Baseline, Batch, Sampler, Task
from seqviz.types import FloatArray, InputSequence

if TYPE_CHECKING:
    from seqviz.training.recipe import Recipe

LEARNED_FROM = 0.7  # of the sequence, walking forward; the rest is for judging


class NextValue(Task):
    """Losses are in units of the learned part's variance: answering its mean gives 1."""

    key = "next_value"
    name = "Next value"
    about = (
        "Your own sequence is read, and after each step the values of the next one are asked; it "
        "learns from the first 70 % and is judged on the rest. How long something must be kept "
        "depends on the sequence: for as long as it takes to see what repeats in it."
    )
    reads = "the values of a step"
    answers = "the values of the next step"
    classes = False
    causal = True
    data = InputSequence
    judged_on = "what was held out"
    ahead = True
    defaults = {"steps": 30, "iterations": 1000, "lr": 5e-3, "batch_size": 32, "hidden_size": 32}

    def inputs(self, data: Any = None) -> tuple[str, ...]:
        return tuple(data.feature_names)

    def outputs(self, data: Any = None) -> tuple[str, ...]:
        return tuple(data.feature_names)

    def usual_steps(self, data: Any = None) -> int:
        return max(2, min(super().usual_steps(), learned_steps(data) // 2))

    def check(self, recipe: Recipe) -> None:
        learned = learned_steps(recipe.data)
        if learned < recipe.steps + 1 or learned > len(_data(recipe)) - 1:
            raise SeqvizError(
                f"The sequence has {len(_data(recipe))} steps, {learned} of them to learn from, "
                f"and {recipe.steps} steps and the one after take {recipe.steps + 1}: set steps "
                f"to {max(1, learned // 2)} or bring a longer sequence."
            )

    def sampler(self, recipe: Recipe) -> Sampler:
        learned = self._scaled(recipe)[: learned_steps(recipe.data)]
        offsets = torch.arange(recipe.steps + 1)[:, None]  # (T+1, 1)

        def sample(generator: torch.Generator) -> Batch:
            starts = len(learned) - recipe.steps
            start = torch.randint(starts, (recipe.batch_size,), generator=generator)
            window = learned[start + offsets]  # (T+1, N, I)
            return Batch(window[:-1], window[1:])

        return sample

    def baselines(self, recipe: Recipe) -> tuple[Baseline, ...]:
        return _persistence(self._scaled(recipe)[: learned_steps(recipe.data)])

    def held_out(self, recipe: Recipe) -> Batch | None:
        """The whole sequence read in one go, asked only for the values after the learned part."""
        scaled, cut = self._scaled(recipe)[:, None], learned_steps(recipe.data)  # (T, 1, I)
        return Batch(scaled[:-1], scaled[cut:], first=cut - 1)

    def held_out_baselines(self, recipe: Recipe) -> tuple[Baseline, ...]:
        return _persistence(self._scaled(recipe)[learned_steps(recipe.data) - 1 :])

    def in_data_units(
        self, recipe: Recipe, weights: Mapping[str, FloatArray]
    ) -> Mapping[str, FloatArray]:
        scaling = _scaling(recipe)
        return scaling.into_outputs(scaling.into_inputs(recipe.spec, weights))

    def _scaled(self, recipe: Recipe) -> torch.Tensor:
        return torch.from_numpy(_scaling(recipe).scaled(_data(recipe).x))


def _data(recipe: Recipe) -> InputSequence:
    assert isinstance(recipe.data, InputSequence)
    return recipe.data


def learned_steps(data: Any) -> int:
    """The number of steps to learn from."""
    return int(LEARNED_FROM * len(data))


def _scaling(recipe: Recipe) -> Scaling:
    return Scaling.of(_data(recipe).x[: learned_steps(recipe.data)], shift=recipe.spec.bias)


def _persistence(scaled: torch.Tensor) -> tuple[Baseline, ...]:
    error = (scaled[1:] - scaled[:-1]).double().square().mean()
    return (Baseline("answering the present value (persistence)", float(error)),)
