"""The copying problem: ten symbols, a long wait, then the ten symbols again."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from seqviz.training.task import Baseline, Batch, Sampler, Task, require_steps, share_right

if TYPE_CHECKING:
    from seqviz.training.recipe import Recipe

SYMBOLS, COPIED = 8, 10
BLANK, GO = SYMBOLS, SYMBOLS + 1


class Copying(Task):
    """Source: Hochreiter & Schmidhuber 1997; the floor is that of Arjovsky et al. 2016."""

    key = "copy"
    name = "Copying problem"
    about = (
        f"{COPIED} symbols come at the start and must be said again, in order, when a sign asks "
        "for them. All of them must be kept through T blank steps, where the sequence has "
        f"T + {2 * COPIED}."
    )
    reads = f"one of {SYMBOLS} symbols, a blank or the sign, one-hot"
    answers = f"blank until the sign, then the {COPIED} symbols"
    one_hot = True
    defaults = {"mode": "GRU", "steps": 40, "iterations": 2000, "lr": 1e-2, "hidden_size": 64}

    def inputs(self, data: Any = None) -> tuple[str, ...]:
        return (*self.outputs(data), "say")

    def outputs(self, data: Any = None) -> tuple[str, ...]:
        return (*(str(k + 1) for k in range(SYMBOLS)), "blank")

    def check(self, recipe: Recipe) -> None:
        require_steps(recipe, 2 * COPIED + 1, f"{COPIED} symbols are read and said again")

    def sampler(self, recipe: Recipe) -> Sampler:
        steps, count = recipe.steps, recipe.batch_size

        def sample(generator: torch.Generator) -> Batch:
            symbols = torch.randint(SYMBOLS, (COPIED, count), generator=generator)
            read = torch.full((steps, count), BLANK)
            read[:COPIED] = symbols
            read[steps - COPIED - 1] = GO
            said = torch.full((steps, count), BLANK)
            said[steps - COPIED :] = symbols
            x = torch.nn.functional.one_hot(read, SYMBOLS + 2).float()  # (T, N, I)
            return Batch(x, said)

        return sample

    def accuracy(self, answers: Tensor, batch: Batch) -> float:
        """The share of copied symbols that are right; blanks are easy and do not count."""
        return share_right(answers[-COPIED:], batch.y[-COPIED:])

    def baselines(self, recipe: Recipe) -> tuple[Baseline, ...]:
        floor = COPIED * math.log(SYMBOLS) / recipe.steps  # 10 ln 8 / (T + 20)
        return (Baseline("knowing when, but guessing each symbol", floor, 1 / SYMBOLS),)
