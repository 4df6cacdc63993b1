"""Waves: the next value of waves of four shapes, which may change into one another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from seqviz.training.task import Baseline, Batch, Sampler, Task, require_steps, strongest_first

if TYPE_CHECKING:
    from seqviz.training.recipe import Recipe

SHORTEST = 6.0  # steps of a period
LONGEST = 40.0  # of a sine's
LONGEST_EDGED = 20.0  # of a square wave's or sawtooth's: after one period its jumps can be known
SMALLEST = 0.2  # largest value of the smallest wave; that of the largest is 1


class Waves(Task):
    """A quarter each: a sine, a sum of two sines, a square wave, a sawtooth; half of them change
    to another one on the way, as a hand does that draws a curve."""

    key = "waves"
    name = "Waves"
    about = (
        "A sine, a sum of two sines, a square wave or a sawtooth is read, which may change into "
        "another, and the next value is asked. Shape, size and periods must be found out and kept, "
        "and of a square wave how many steps have passed since it jumped."
    )
    reads = "the wave's value, from -1 to 1"
    answers = "its value at the next step"
    classes = False
    causal = True
    ahead = True
    defaults = {"steps": 60, "iterations": 4000, "lr": 5e-3, "hidden_size": 16}

    def inputs(self, data: Any = None) -> tuple[str, ...]:
        return ("value",)

    def outputs(self, data: Any = None) -> tuple[str, ...]:
        return ("next value",)

    def check(self, recipe: Recipe) -> None:
        require_steps(recipe, 3, "a line takes two values, and then one is asked")

    def sampler(self, recipe: Recipe) -> Sampler:
        def sample(generator: torch.Generator) -> Batch:
            wave = waves(recipe.steps + 1, recipe.batch_size, generator)[..., None]
            return Batch(wave[:-1], wave[2:], first=1)  # nobody can know after one value

        return sample

    def baselines(self, recipe: Recipe) -> tuple[Baseline, ...]:
        """Measured on what the run is judged on."""
        batch = self.held_out(recipe)
        assert batch is not None
        before, now, after = batch.x[:-1], batch.x[1:], batch.y
        same = (after - now).double().square().mean()
        line = (after - (2 * now - before)).double().square().mean()
        return strongest_first(
            Baseline("answering the present value (persistence)", float(same)),
            Baseline("drawing a line through the last two values", float(line)),
        )


def waves(steps: int, count: int, generator: torch.Generator, *, changing: bool = True) -> Tensor:
    """As many waves as count, each of a shape of its own: (T, N) float32, from -1 to 1.

    changing: half of them become another wave at a step that chance chooses.
    """
    wave = _waves(steps, count, generator)
    if changing:
        other = _waves(steps, count, generator)
        change = torch.randint(2 * steps, (count,), generator=generator)  # often after the end
        wave = torch.where(torch.arange(steps)[:, None] < change, wave, other)
    return wave.float()


def _waves(steps: int, count: int, generator: torch.Generator) -> Tensor:
    """Waves that stay what they are, (T, N) float64."""
    shape = torch.randint(4, (count,), generator=generator)
    chance = torch.rand(7, count, generator=generator).double()  # a row for each property
    longest = torch.where(shape < 2, LONGEST, LONGEST_EDGED)
    periods = SHORTEST * (longest / SHORTEST) ** chance[:2]  # (2, N), the second for a sum
    times = torch.arange(steps, dtype=torch.float64)[:, None, None]  # (T, 1, 1)
    cycles = times / periods + chance[2:4]  # (T, 2, N)
    first, second = torch.sin(2 * torch.pi * cycles).unbind(dim=1)
    share, within = chance[4], cycles[:, 0] % 1
    kinds = torch.stack(
        [
            first,
            share * first + (1 - share) * second,
            torch.where(within < 0.5, 1.0, -1.0),
            2 * within - 1,
        ]
    )  # (4, T, N)
    wave = kinds[shape, :, torch.arange(count)].T  # (T, N)
    size = SMALLEST + (1 - SMALLEST) * chance[5]
    return size * wave + (1 - size) * (2 * chance[6] - 1)  # moved up or down as far as it can be
