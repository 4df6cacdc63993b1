"""Delayed recall: say each symbol again k steps after it was read."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import torch

from seqviz.errors import SeqvizError
from seqviz.training.task import Baseline, Batch, Sampler, Task

if TYPE_CHECKING:
    from seqviz.training.recipe import Recipe

SYMBOLS = 4


class DelayedRecall(Task):
    key = "recall"
    name = "Delayed recall"
    about = (
        "Every symbol must be said again some steps later: the delay. As many must be kept, in "
        "their order, and the oldest pushed out at each step."
    )
    reads = f"one of {SYMBOLS} symbols at each step, one-hot"
    answers = "the symbol read so many steps ago"
    one_hot = True
    defaults = {"steps": 30, "delay": 5, "iterations": 1500, "lr": 1e-2, "hidden_size": 32}

    def inputs(self, data: Any = None) -> tuple[str, ...]:
        return self.outputs(data)

    def outputs(self, data: Any = None) -> tuple[str, ...]:
        return tuple("ABCD")

    def check(self, recipe: Recipe) -> None:
        if not 1 <= recipe.delay < recipe.steps:
            raise SeqvizError(
                f"delay is {recipe.delay}: set it between 1 and {recipe.steps - 1}, "
                "so that there is something to say again."
            )

    def sampler(self, recipe: Recipe) -> Sampler:
        shape = (recipe.steps, recipe.batch_size)

        def sample(generator: torch.Generator) -> Batch:
            symbols = torch.randint(SYMBOLS, shape, generator=generator)  # (T, N)
            x = torch.nn.functional.one_hot(symbols, SYMBOLS).float()  # (T, N, I)
            return Batch(x, symbols[: recipe.steps - recipe.delay], first=recipe.delay)

        return sample

    def baselines(self, recipe: Recipe) -> tuple[Baseline, ...]:
        return (Baseline("guessing among the symbols", math.log(SYMBOLS), 1 / SYMBOLS),)
