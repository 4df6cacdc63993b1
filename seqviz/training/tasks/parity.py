"""Parity: is the number of ones so far odd?"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import torch

from seqviz.training.task import Baseline, Batch, Sampler, Task, require_steps

if TYPE_CHECKING:
    from seqviz.training.recipe import Recipe

GUESSES = 2000
GUESSED_UNITS = 3
LARGEST_WEIGHT = 100.0


class Parity(Task):
    """Guessed as in Hochreiter & Schmidhuber 1996, "Bridging long time lags by weight guessing"."""

    key = "parity"
    name = "Parity"
    about = (
        "Random bits are read, and at each step it is asked whether the ones so far are even or "
        "odd. One bit must be kept for ever and turned over by every 1; nothing fades harmlessly."
    )
    reads = "a bit, 0 or 1"
    answers = "even or odd, at every step"
    defaults = {"steps": 20, "iterations": 2000, "lr": 1e-2, "hidden_size": 16}

    def input_size(self, data: Any = None) -> int:
        return 1

    def outputs(self, data: Any = None) -> tuple[str, ...]:
        return ("even", "odd")

    def check(self, recipe: Recipe) -> None:
        require_steps(recipe, 2, "parity of one bit is the bit itself")

    def sampler(self, recipe: Recipe) -> Sampler:
        def sample(generator: torch.Generator) -> Batch:
            bits = torch.randint(2, (recipe.steps, recipe.batch_size), generator=generator)
            return Batch(bits[..., None].float(), bits.cumsum(dim=0) % 2)

        return sample

    def baselines(self, recipe: Recipe) -> tuple[Baseline, ...]:
        tries, accuracy = random_weight_guessing(recipe.steps, recipe.seed)
        solved = f"solved by the {_ordinal(tries)} of" if accuracy == 1 else "the best of"
        return (
            Baseline("guessing even or odd", math.log(2), 1 / 2),
            Baseline(f"random weights, {solved} {GUESSES:,} networks", None, accuracy),
        )


@lru_cache(maxsize=64)
def random_weight_guessing(steps: int, seed: int) -> tuple[int, float]:
    """How far one gets with parity by drawing networks at random, never learning.

    GUESSES tanh networks of GUESSED_UNITS units, every weight uniform within +-LARGEST_WEIGHT, the
    first unit's sign being the answer. Returns which of them, from 1, was the first to be the best,
    and its share of right answers on 64 sequences of so many steps.
    Source: Schmidhuber, Hochreiter & Bengio 2001, "Evaluating benchmark problems by random
    guessing".
    """
    generator = torch.Generator().manual_seed(seed)
    bits = torch.randint(2, (steps, 64), generator=generator)
    signs = 2.0 * (bits.cumsum(dim=0) % 2) - 1  # (T, 64)

    def draw(*shape: int) -> torch.Tensor:
        return LARGEST_WEIGHT * (2 * torch.rand(GUESSES, *shape, generator=generator) - 1)

    w_in, w_hh = draw(1, GUESSED_UNITS), draw(GUESSED_UNITS, GUESSED_UNITS)
    bias = draw(1, GUESSED_UNITS)
    h = torch.zeros(GUESSES, 64, GUESSED_UNITS)
    right = torch.zeros(GUESSES)
    for t in range(steps):
        h = torch.tanh(bits[t].float()[:, None] * w_in + torch.bmm(h, w_hh) + bias)
        right += (h[..., 0].sign() == signs[t]).float().mean(dim=1)
    best = int(right.argmax())
    return best + 1, float(right[best] / steps)


def _ordinal(number: int) -> str:
    last = number % 10 if number % 100 not in (11, 12, 13) else 0
    return f"{number:,}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(last, 'th') }"
