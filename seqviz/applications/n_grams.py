"""What counting words reaches: the honest baselines of a network that reads them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

DISCOUNT = 0.75

Codes = Sequence[int]
Chances = NDArray[np.float64]


class NGrams:
    """Frequencies of words, pairs and triples in sequences of codes below `symbols`.

    Pairs and triples are interpolated Kneser-Ney with a discount of 0.75: each count gives a
    little to what never came, shared out by how many different words something comes after.
    Source: Chen & Goodman 1999, "An empirical study of smoothing techniques", section 4.1.
    """

    def __init__(self, learned: Sequence[Codes], symbols: int) -> None:
        pairs = np.zeros((symbols, symbols))
        triples: defaultdict[tuple[int, int], Counter[int]] = defaultdict(Counter)
        counts = np.ones(symbols)  # raised by 1: what never came must not be impossible
        for story in learned:
            np.add.at(pairs, (story[:-1], story[1:]), 1)
            np.add.at(counts, story[1:], 1)
            for first, second, third in zip(story, story[1:], story[2:], strict=False):
                triples[first, second][third] += 1
        different_before = (pairs > 0).sum(axis=0).astype(float)
        even = np.full(symbols, 1 / symbols)
        anything = _interpolated(different_before[None], even)[0]
        self.single: Chances = counts / counts.sum()  # (V,)
        self.pairs = _interpolated(pairs, anything)  # (V, V)
        continuations = np.zeros_like(pairs)
        for (_, second), following in triples.items():
            continuations[second, list(following)] += 1
        self._lower = _interpolated(continuations, anything)
        self._triples = triples

    def after(self, first: int, second: int) -> Chances:
        """The chances of every word after these two: (V,)."""
        row = np.zeros(len(self.single))
        for word, count in self._triples.get((first, second), {}).items():
            row[word] = count
        chances: Chances = _interpolated(row[None], self._lower[second])[0]
        return chances

    def perplexities(self, judged: Sequence[Codes]) -> tuple[float, float, float]:
        """exp of the mean surprise at each word after a sequence's first: words, pairs, triples."""
        surprise: list[tuple[float, float, float]] = []
        for story in judged:
            for k in range(1, len(story)):
                before, word = story[k - 1], story[k]
                pair = self.pairs[before, word]
                triple = self.after(story[k - 2], before)[word] if k > 1 else pair
                surprise.append((self.single[word], pair, triple))
        single, pairs, triples = np.exp(-np.log(surprise).mean(axis=0)).tolist()
        return single, pairs, triples


def _interpolated(counts: Chances, lower: Chances) -> Chances:
    """Discounted counts (N, V), the rest shared out by the lower order (V,): rows sum to 1."""
    total = counts.sum(axis=1, keepdims=True)
    different = (counts > 0).sum(axis=1, keepdims=True)
    kept = np.maximum(counts - DISCOUNT, 0) + DISCOUNT * different * lower
    return np.where(total > 0, kept / np.maximum(total, 1), lower)
