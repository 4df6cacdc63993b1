"""The next character of a person's own text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.typing import NDArray

from seqviz.errors import SeqvizError
from seqviz.training.datasets import Characters
from seqviz.training.task import Baseline, Batch, Sampler, Task, strongest_first

if TYPE_CHECKING:
    from seqviz.training.recipe import Recipe

LEARNED_FROM = 0.9  # of the text; the rest is for judging
FEWEST_JUDGED = 20  # characters; below that nothing is held out


class NextCharacter(Task):
    key = "next_character"
    name = "Next character"
    about = (
        "Your own text is read, and after each character the next one is asked. Letters of the "
        "word so far help for a few steps, and what the sentence is about would help for as long "
        "as it goes on."
    )
    reads = "a character, one-hot"
    answers = "the next character"
    causal = True
    data = Characters
    judged_on = "what was held out"
    one_hot = True
    ahead = True
    defaults = {"steps": 40, "iterations": 1500, "lr": 5e-3, "batch_size": 32, "hidden_size": 64}

    def inputs(self, data: Any = None) -> tuple[str, ...]:
        return tuple(data.names)

    def outputs(self, data: Any = None) -> tuple[str, ...]:
        return tuple(data.names)

    def usual_steps(self, data: Any = None) -> int:
        return max(2, min(super().usual_steps(), len(_learned(data)) // 2))

    def check(self, recipe: Recipe) -> None:
        length = len(_learned(recipe.data))
        if length < recipe.steps + 1:
            raise SeqvizError(
                f"The part of the text to learn from has {length:,} characters, and {recipe.steps} "
                f"steps and the character after them take {recipe.steps + 1}: set steps to "
                f"{max(1, length // 2)} or bring a longer text."
            )

    def sampler(self, recipe: Recipe) -> Sampler:
        codes = torch.from_numpy(_learned(recipe.data))
        symbols = self.input_size(recipe.data)
        offsets = torch.arange(recipe.steps + 1)[:, None]  # (T+1, 1)

        def sample(generator: torch.Generator) -> Batch:
            starts = len(codes) - recipe.steps
            start = torch.randint(starts, (recipe.batch_size,), generator=generator)
            excerpt = codes[start + offsets]  # (T+1, N)
            x = torch.nn.functional.one_hot(excerpt[:-1], symbols).float()  # (T, N, I)
            return Batch(x, excerpt[1:])

        return sample

    def baselines(self, recipe: Recipe) -> tuple[Baseline, ...]:
        learned = _learned(recipe.data)
        return n_grams(learned, learned, self.input_size(recipe.data))

    def held_out(self, recipe: Recipe) -> Batch | None:
        rest = _judged(recipe.data)
        if rest is None:
            return None
        codes = torch.from_numpy(rest)[:, None]  # (T+1, 1)
        x = torch.nn.functional.one_hot(codes[:-1], self.input_size(recipe.data)).float()
        return Batch(x, codes[1:])

    def held_out_baselines(self, recipe: Recipe) -> tuple[Baseline, ...]:
        rest = _judged(recipe.data)
        if rest is None:
            return ()
        return n_grams(_learned(recipe.data), rest, self.input_size(recipe.data))


def n_grams(
    learned: NDArray[np.int64], judged: NDArray[np.int64], symbols: int
) -> tuple[Baseline, ...]:
    """Frequencies counted in one text and judged on another, in nats for each next character.

    Of single characters, and of pairs. On another text than the one they were counted in, every
    count is raised by 1, since what never came must not be impossible.
    """
    extra = 0.0 if judged is learned else 1.0
    single = np.bincount(learned[1:], minlength=symbols) + extra
    pairs = np.full((symbols, symbols), extra)
    np.add.at(pairs, (learned[:-1], learned[1:]), 1)
    before, after = judged[:-1], judged[1:]
    p_single = single / single.sum()
    with np.errstate(invalid="ignore"):  # a character nothing follows: its row is never read
        p_pairs = pairs / pairs.sum(axis=1, keepdims=True)
    return strongest_first(
        Baseline(
            "knowing how frequent each character is",
            float(-np.log(p_single[after]).mean()),
            float((after == p_single.argmax()).mean()),
        ),
        Baseline(
            "knowing the present character alone (bigrams)",
            float(-np.log(p_pairs[before, after]).mean()),
            float((after == pairs.argmax(axis=1)[before]).mean()),
        ),
    )


def _cut(data: Characters) -> int:
    length = len(data.codes)
    cut = int(LEARNED_FROM * length)
    return cut if length - cut >= FEWEST_JUDGED else length


def _learned(data: Any) -> NDArray[np.int64]:
    codes: NDArray[np.int64] = data.codes[: _cut(data)]
    return codes


def _judged(data: Any) -> NDArray[np.int64] | None:
    cut = _cut(data)
    return None if cut == len(data.codes) else data.codes[cut:]
