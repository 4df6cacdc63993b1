"""Sine forecast: the next value of a wave whose period has to be found out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from seqviz.training.task import Baseline, Batch, Sampler, Task, require_steps, strongest_first

if TYPE_CHECKING:
    from seqviz.training.recipe import Recipe

SHORTEST, LONGEST = 8.0, 32.0  # steps of a period


class Sine(Task):
    key = "sine"
    name = "Sine forecast"
    about = (
        "A sine wave of unknown period and phase is read, and its next value is asked. The values "
        "of at least the last two steps must be kept, since one value does not tell whether the "
        "wave rises or falls, nor how fast."
    )
    reads = "the wave's value, from -1 to 1"
    answers = "its value at the next step"
    classes = False
    causal = True
    ahead = True
    defaults = {"steps": 50, "iterations": 1000, "lr": 5e-3, "hidden_size": 32}

    def inputs(self, data: Any = None) -> tuple[str, ...]:
        return ("value",)

    def outputs(self, data: Any = None) -> tuple[str, ...]:
        return ("next value",)

    def check(self, recipe: Recipe) -> None:
        require_steps(recipe, 2, "one value tells nothing of a period")

    def sampler(self, recipe: Recipe) -> Sampler:
        times = torch.arange(recipe.steps + 1, dtype=torch.float64)[:, None]  # (T+1, 1)

        def sample(generator: torch.Generator) -> Batch:
            period, phase = torch.rand(2, recipe.batch_size, generator=generator).double()
            period = SHORTEST + (LONGEST - SHORTEST) * period
            wave = torch.sin(2 * torch.pi * (times / period + phase)).float()[..., None]
            return Batch(wave[:-1], wave[2:], first=1)  # nobody can know after one value

        return sample

    def baselines(self, recipe: Recipe) -> tuple[Baseline, ...]:
        edges = np.linspace(SHORTEST, LONGEST, 10_001)
        cosine = np.cos(2 * np.pi / ((edges[1:] + edges[:-1]) / 2))  # of the angle of one step
        # squares averaged over the phase: x has mean square 1/2, and x + x'' = 2 cos(angle) x'
        same, line = (1 - cosine).mean(), ((2 * cosine - 2) ** 2 / 2).mean()
        return strongest_first(
            Baseline("answering the present value (persistence)", float(same)),
            Baseline("drawing a line through the last two values", float(line)),
        )
