"""The 3-bit flip-flop: three switches that stay where the last pulse put them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from seqviz.training.task import Baseline, Batch, Sampler, Task, require_steps

if TYPE_CHECKING:
    from seqviz.training.recipe import Recipe

BITS = 3
PULSE = 0.1  # how often a bit is set, at each step


class FlipFlop(Task):
    """Source: Sussillo & Barak 2013, "Opening the black box"; here step 1 sets every bit."""

    key = "flip_flop"
    name = "3-bit flip-flop"
    about = (
        "Three switches are set to +1 or -1 by rare pulses, and their positions are asked at "
        "every step. Each must be kept until its next pulse, ten steps on average and now and "
        "then for fifty."
    )
    reads = "a pulse of +1 or -1 on each of three lines, mostly 0"
    answers = "where the three switches stand, +1 or -1, at every step"
    classes = False
    defaults = {"steps": 50, "iterations": 800, "lr": 1e-2, "hidden_size": 16}

    def inputs(self, data: Any = None) -> tuple[str, ...]:
        return tuple(f"line {k + 1}" for k in range(BITS))

    def outputs(self, data: Any = None) -> tuple[str, ...]:
        return tuple(f"bit {k + 1}" for k in range(BITS))

    def check(self, recipe: Recipe) -> None:
        require_steps(recipe, 2, "something must be kept")

    def sampler(self, recipe: Recipe) -> Sampler:
        shape = (recipe.steps, recipe.batch_size, BITS)

        def sample(generator: torch.Generator) -> Batch:
            signs = 2.0 * torch.randint(2, shape, generator=generator) - 1
            pulses = torch.rand(shape, generator=generator) < PULSE
            pulses[0] = True
            steps = torch.arange(recipe.steps)[:, None, None]
            latest = torch.where(pulses, steps, 0).cummax(dim=0).values  # (T, N, 3)
            return Batch(signs * pulses, signs.gather(0, latest))

        return sample

    def accuracy(self, answers: Tensor, batch: Batch) -> float:
        """The share of steps at which all three switches are right."""
        return float(((answers > 0) == (batch.y > 0)).all(dim=-1).float().mean())

    def baselines(self, recipe: Recipe) -> tuple[Baseline, ...]:
        unset = (1 - PULSE) * (recipe.steps - 1) / recipe.steps  # no pulse now: 0 is the best
        later = (PULSE + (1 - PULSE) / 2) ** BITS  # the share of right steps after the first
        right = (1 + later * (recipe.steps - 1)) / recipe.steps
        return (Baseline("seeing only the present pulses", unset, right),)
