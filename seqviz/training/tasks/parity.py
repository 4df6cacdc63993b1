"""Parity: is the number of ones so far odd?"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from seqviz.training.task import Baseline, Batch, Sampler, Task, require_steps

if TYPE_CHECKING:
    from seqviz.training.recipe import Recipe

GUESSES = 30_000
AT_ONCE = 500
HIDDEN_UNITS = 2
LARGEST_WEIGHT = 100.0
LOOKED_AT = 20  # steps after which most guesses are known to be wrong


class Parity(Task):
    """Guessed as in Schmidhuber & Hochreiter 1996, "Guessing can outperform many long time lag
    algorithms"; asked at every step rather than at the end alone."""

    key = "parity"
    name = "Parity"
    about = (
        "Random bits are read, and at each step it is asked whether the ones so far are even or "
        "odd. One bit must be kept for ever and turned over by every 1; nothing fades harmlessly."
    )
    reads = "a bit, 0 or 1"
    answers = "even or odd, at every step"
    defaults = {"steps": 20, "iterations": 2000, "lr": 1e-2, "hidden_size": 16}

    def inputs(self, data: Any = None) -> tuple[str, ...]:
        return ("bit",)

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
        guesses, accuracy = random_weight_guessing(recipe.steps, recipe.seed)
        guessed = f"random weights, right after {guesses:,} guesses"
        if accuracy < 1:
            guessed = f"random weights, the best of {guesses:,} guesses"
        return (
            Baseline("guessing even or odd", math.log(2), 1 / 2),
            Baseline(guessed, None, accuracy),
        )


@lru_cache(maxsize=64)
def random_weight_guessing(steps: int, seed: int) -> tuple[int, float]:
    """How far one gets with parity by drawing networks at random, never learning.

    Returns the number of networks drawn until one was right on 32 sequences at every step, and
    1.0; or GUESSES, and the best share of right answers. It costs a second at most.
    """
    generator = torch.Generator().manual_seed(seed)
    bits = torch.randint(2, (steps, 32), generator=generator)
    best = 0.0
    for drawn in range(0, GUESSES, AT_ONCE):
        weights = _draw(generator)
        right = _share_right(bits[:LOOKED_AT], weights)  # (AT_ONCE,)
        likely = torch.unique(torch.cat([right.argmax()[None], (right == 1).nonzero()[:, 0]]))
        right = _share_right(bits, [part[likely] for part in weights])
        best = max(best, float(right.max()))
        if best == 1:
            return drawn + int(likely[right == 1][0]) + 1, 1.0
    return GUESSES, best


def _draw(generator: torch.Generator) -> list[Tensor]:
    """Weights of AT_ONCE networks, uniform within +-LARGEST_WEIGHT, in the order of _share_right.

    The paper's architecture A2: a hidden unit sees the input, itself and the output unit; the
    output unit sees the input, itself and the hidden units.
    """
    hidden, one = (AT_ONCE, 1, HIDDEN_UNITS), (AT_ONCE, 1, 1)
    shapes = [hidden] * 4 + [one, one, (AT_ONCE, HIDDEN_UNITS, 1), one]
    return [LARGEST_WEIGHT * (2 * torch.rand(shape, generator=generator) - 1) for shape in shapes]


def _share_right(bits: Tensor, weights: list[Tensor]) -> Tensor:
    """The share of right answers of each network to bits (T, N)."""
    h_x, h_h, h_y, h_b, y_x, y_y, y_h, y_b = weights
    networks, sequences = len(h_x), bits.shape[1]
    h = torch.zeros(networks, sequences, HIDDEN_UNITS)
    y = torch.zeros(networks, sequences, 1)
    right = torch.zeros(networks)
    for bit, odd in zip(bits, bits.cumsum(dim=0) % 2 == 1, strict=True):
        x = (2.0 * bit - 1)[:, None]  # (N, 1)
        h = torch.sigmoid(h_x * x + h_h * h + h_y * y + h_b)
        y = torch.sigmoid(y_x * x + y_y * y + torch.bmm(h, y_h) + y_b)
        right += ((y[..., 0] > 0.5) == odd).sum(dim=1)
    return right / bits.numel()
