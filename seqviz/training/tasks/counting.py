"""a^n b^n: as many b as there were a, which takes a counter."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from seqviz.rnn.tracing import trace
from seqviz.training.task import (
    UNSCORED,
    Baseline,
    Batch,
    Sampler,
    Task,
    require_steps,
    share_right,
)
from seqviz.types import FloatArray, Model

if TYPE_CHECKING:
    from seqviz.training.recipe import Recipe

END, A, B = range(3)
FARTHER = 3  # times the largest n it has learned from: as far as one looks how it counts


class Counting(Task):
    """Source: Gers & Schmidhuber 2001; which cells can count: Weiss, Goldberg & Yahav 2018."""

    key = "counting"
    name = "aⁿbⁿ"
    about = (
        "After n times a come n times b and then the end, and at each step the next symbol is "
        "asked. The number n must be kept from the first b on, for n steps, and counted down."
    )
    reads = "a, b, or the sign that begins and ends a word, one-hot"
    answers = "the next symbol; from the first b on it is certain"
    causal = True
    one_hot = True
    judged_on = "the words it has learned from"
    defaults = {
        "steps": 21,
        "iterations": 3000,
        "lr": 5e-3,
        "hidden_size": 8,
        "forget_bias": None,  # with 1 an LSTM counts less far
    }

    def inputs(self, data: Any = None) -> tuple[str, ...]:
        return self.outputs(data)

    def outputs(self, data: Any = None) -> tuple[str, ...]:
        return ("end", "a", "b")

    def check(self, recipe: Recipe) -> None:
        require_steps(recipe, 5, "words with n = 1 and n = 2 take 3 and 5 steps")

    def sampler(self, recipe: Recipe) -> Sampler:
        longest = largest_n(recipe)
        words = torch.full((recipe.steps, longest), UNSCORED)  # what is asked, a column a word
        x = torch.zeros(recipe.steps, longest, 3)
        for n in range(1, longest + 1):
            read, asked = word(n)
            x[: len(read), n - 1] = torch.from_numpy(one_hot(read))
            words[: len(asked), n - 1] = torch.tensor(asked)

        def sample(generator: torch.Generator) -> Batch:
            chosen = torch.randint(longest, (recipe.batch_size,), generator=generator)
            return Batch(x[:, chosen], words[:, chosen])

        return sample

    def accuracy(self, answers: Tensor, batch: Batch) -> float:
        """The share of right answers where the next symbol is certain: after each b."""
        certain = batch.x[..., B] == 1
        return share_right(answers[certain], batch.y[certain])

    def baselines(self, recipe: Recipe) -> tuple[Baseline, ...]:
        longest = largest_n(recipe)
        most_likely = sum(n - 1 for n in range(1, longest + 1)) / sum(range(1, longest + 1))
        present = _entropy(longest, lambda prefix: prefix[-1])
        return (
            Baseline("knowing the present symbol alone", present, most_likely),
            Baseline("counting exactly: no network gets lower", _entropy(longest, tuple), 1.0),
        )

    def further(self, recipe: Recipe, model: Model) -> str:
        longest = largest_n(recipe)
        counts = counts_up_to(model, FARTHER * longest)
        return f"It counts up to n = {counts} and has learned from words up to n = {longest}."


def largest_n(recipe: Recipe) -> int:
    """The largest n whose word fits: a^n b^n takes 2 n + 1 steps."""
    return (recipe.steps - 1) // 2


def word(n: int) -> tuple[list[int], list[int]]:
    """What is read, and the next symbol after each step: the end, n times a, n times b, the end."""
    whole = [END, *[A] * n, *[B] * n, END]
    return whole[:-1], whole[1:]


def one_hot(symbols: list[int]) -> FloatArray:
    """(T, 3) float32."""
    return np.eye(3, dtype=np.float32)[symbols]


def counts_up_to(model: Model, limit: int = 100) -> int:
    """The largest n up to which every a^n b^n is answered rightly after each of its b.

    limit: where to stop looking; 0 when the first word is wrong already.
    """
    for n in range(1, limit + 1):
        read, asked = word(n)
        prediction = trace(model, one_hot(read)).prediction
        assert prediction is not None, "a trained model has a head"
        if prediction.argmax(axis=1)[n + 1 :].tolist() != asked[n + 1 :]:
            return n - 1
    return limit


def _entropy(longest: int, context: Callable[[list[int]], Hashable]) -> float:
    """Mean uncertainty of the next symbol, in nats, for who knows only context(what was read)."""
    following: dict[Hashable, Counter[int]] = defaultdict(Counter)
    for n in range(1, longest + 1):
        read, asked = word(n)
        for t, symbol in enumerate(asked):
            following[context(read[: t + 1])][symbol] += 1
    total = sum(counts.total() for counts in following.values())
    return -sum(
        count * math.log(count / counts.total())
        for counts in following.values()
        for count in counts.values()
    ) / total  # fmt: skip
