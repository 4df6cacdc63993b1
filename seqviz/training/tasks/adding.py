"""The adding problem: add two numbers that a marker points at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from seqviz.training.task import Baseline, Batch, Sampler, Task, require_steps

if TYPE_CHECKING:
    from seqviz.training.recipe import Recipe


class Adding(Task):
    """Source: Hochreiter & Schmidhuber 1997, experiment 4, with U[0, 1] as in Le et al. 2015."""

    key = "adding"
    name = "Adding problem"
    about = (
        "Two of many random numbers are marked, one in each half, and their sum is asked at the "
        "end. The first must be kept for up to all the steps while numbers without a mark pass by."
    )
    reads = "a number from 0 to 1, and a marker that is 1 twice"
    answers = "the sum of the two marked numbers, at the last step"
    classes = False
    last_step = True
    defaults = {"steps": 50, "iterations": 1500, "lr": 5e-3, "hidden_size": 32}

    def inputs(self, data: Any = None) -> tuple[str, ...]:
        return ("number", "marker")

    def outputs(self, data: Any = None) -> tuple[str, ...]:
        return ("sum",)

    def check(self, recipe: Recipe) -> None:
        require_steps(recipe, 2, "two numbers are added")

    def sampler(self, recipe: Recipe) -> Sampler:
        steps, count = recipe.steps, recipe.batch_size
        half, each = steps // 2, torch.arange(count)

        def sample(generator: torch.Generator) -> Batch:
            values = torch.rand(steps, count, generator=generator)
            first = torch.randint(half, (count,), generator=generator)
            second = torch.randint(half, steps, (count,), generator=generator)
            marker = torch.zeros(steps, count)
            marker[first, each] = 1
            marker[second, each] = 1
            total = values[first, each] + values[second, each]  # (N,)
            return Batch(torch.stack([values, marker], dim=-1), total[:, None])

        return sample

    def baselines(self, recipe: Recipe) -> tuple[Baseline, ...]:
        variance = 1 / 12  # of a number uniform on [0, 1]
        return (Baseline("always answering 1, the mean", 2 * variance),)
