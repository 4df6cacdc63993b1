"""The next word of little stories, and how surprising each word was."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from textwrap import shorten
from zlib import crc32

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from seqviz.applications import stories
from seqviz.applications.application import Application, Line, Score, Trained
from seqviz.applications.mistakes import ErrorBars, Mistakes
from seqviz.applications.n_grams import NGrams
from seqviz.errors import SeqvizError
from seqviz.limits import MAX_STEPS
from seqviz.rnn.continuation import continued
from seqviz.rnn.model import build
from seqviz.rnn.tracing import trace
from seqviz.training.datasets import Characters
from seqviz.training.optimizers import Optimizer
from seqviz.training.recipe import Recipe
from seqviz.training.task import UNSCORED
from seqviz.types import FloatArray, Head, InputSequence, Model, RNNSpec, frozen

ITERATIONS = 150  # best for five of the learned stories, held back to choose it and all below
HIDDEN, EMBEDDING = 64, 64
DROPPED_INPUTS, DROPPED_STATES = 0.4, 0.5
BATCH, LR, CLIP = 16, 8e-3, 1.0
EXAMPLE = 17  # words: so many columns are wide enough to read what is predicted in them
MARKS = ".,!?;:"
"""What stands at a word without a space before it."""
SPEAKS = ("said", "called", "asked", "he", "she")
"""What follows a speech that ends in a comma."""


class NextWord(Application):
    """A GRU with an embedding of each word, and dropout before and after it.

    The stored network has the embedding in its weight_ih, so that it reads words one-hot.
    Source: Zaremba et al. 2014, "Recurrent neural network regularization".
    """

    key = "next_word"
    name = "Next word"
    about = (
        "It reads a story word by word, in the simple English of some fifty little stories. It "
        "answers with the chance of each word that it knows to be the next one."
    )
    cannot = (
        "It has read some 6,000 words, all of them about one village, and knows about four "
        "hundred different ones; any other word it cannot read at all. What it writes is right "
        "for a few words, wanders off within a sentence or two, and never becomes a story: it "
        "does not know what it is talking about."
    )
    half = True

    def nearby_recipe(self) -> Recipe:
        """Of the page Train: Next character, from the beginning of the same stories."""
        text = stories.FILE.read_text(encoding="utf-8")
        return Recipe.default("next_character", Characters(text))

    # ---- reading and writing ---------------------------------------------------------------------

    def sequence(self, text: str) -> InputSequence:
        """text one-hot, (1 + words, V), after the sign ⏎ that begins a story.

        Raises SeqvizError when there is no word, too many, or one it does not know.
        """
        words = [word for word, _ in stories.words_of(text)]
        if not words:
            raise SeqvizError("There is no word to read: type the beginning of a story.")
        if len(words) >= MAX_STEPS:
            raise SeqvizError(
                f"This text has {len(words):,} words and at most {MAX_STEPS - 1:,} are read: "
                "use a part of it."
            )
        unknown = list(dict.fromkeys(word for word in words if word not in _place()))
        if unknown:
            some = ", ".join(f"“{word:.40}”" for word in unknown[:5])
            more = f" and {len(unknown) - 5} more" if len(unknown) > 5 else ""
            raise SeqvizError(
                f"It has never read {some}{more}: use the words of its {len(_place())}, such as "
                "mia, tom, grandmother, river or garden."
            )
        codes = [_place()[word] for word in (stories.END, *words)]
        x = np.eye(len(_place()), dtype=np.float32)[codes]
        labels = tuple(stories.names()[code] for code in codes)
        return InputSequence(
            x, labels, stories.names(), name=shorten(text, 28, placeholder=" …"), kind="text"
        )

    def example(self) -> InputSequence:
        """The beginning of a story it has not learned from."""
        return self.sequence(joined(stories.judged()[0][1:EXAMPLE]))

    def surprise(self, text: str) -> list[tuple[str, float]]:
        """Every word of text with -log2 p, in bits: 0 where it was certain to come."""
        sequence = self.sequence(text)
        prediction = trace(self.model(), sequence).prediction
        assert prediction is not None
        codes = sequence.x.argmax(axis=1)
        chances = prediction[np.arange(len(codes) - 1), codes[1:]]
        bits = -np.log2(np.maximum(chances, np.finfo(np.float32).tiny))
        return list(zip(sequence.labels[1:], bits.tolist(), strict=True))

    def write_on(
        self, text: str, words: int = 30, temperature: float = 0.7, seed: int | None = None
    ) -> list[str]:
        """So many words that may follow text; it is not left to end the story.

        temperature: 0 for the likeliest word every time; higher is wilder. seed: without one it
        depends on text, so that different stories go on differently. Raises SeqvizError as
        `sequence` and `continuation.continued` do.
        """
        seed = crc32(text.encode("utf-8", "replace")) if seed is None else seed
        steps = continued(
            self.model(),
            self.sequence(text),
            words,
            temperature=temperature,
            generator=torch.Generator().manual_seed(seed),
            without=[_place()[stories.END]],
        )
        return [stories.vocabulary()[code] for code in steps.argmax(axis=1)]

    # ---- training and judging --------------------------------------------------------------------

    def train(self, iterations: int | None = None) -> Trained:
        """Batches of 16 whole stories; ITERATIONS was chosen on stories 10, 20, … while these
        were held back, and then all but the judged ones were learned from."""
        fit = _Fit([_codes(story) for story in stories.learned()])
        losses = [fit.iterate() for _ in range(ITERATIONS if iterations is None else iterations)]
        return Trained(fit.model(), frozen(losses))

    def evaluate(self) -> tuple[Score, ...]:
        judged = [_codes(story) for story in stories.judged()]
        counted = NGrams([_codes(story) for story in stories.learned()], len(_place()))
        single, pairs, triples = counted.perplexities(judged)
        count = sum(len(story) - 1 for story in judged)
        lines = (
            Line("bigrams (interpolated Kneser-Ney)", pairs),
            Line("trigrams (the same)", triples),
            Line("frequency of each word", single),
        )
        on = f"{len(judged)} stories, {count} words"
        value = perplexity(self.model(), judged)
        return (Score("perplexity", value, lines, on, digits=1),)

    def mistakes(self) -> Mistakes:
        """How high in its list the word stood that came."""
        judged = [_codes(story) for story in stories.judged()]
        counted = NGrams([_codes(story) for story in stories.learned()], len(_place()))
        own = [_ranks(chances_of(self.model(), story), story) for story in judged]
        pairs = [_ranks(counted.pairs[story[:-1]], story) for story in judged]
        return ErrorBars(
            "share of all words, %",
            "place of the word that came, among all it knows",
            tuple(name for name, _ in PLACES),
            {"This network": _shares(own), "bigrams": _shares(pairs)},
            f"{len(judged)} stories it has not read",
        )


PLACES = (("1st", 1), ("2–5", 5), ("6–20", 20), ("21–100", 100), ("later", 999))
"""Names, and the last place of each."""


def _ranks(chances: NDArray[np.floating], story: list[int]) -> NDArray[np.int64]:
    """The place of each word after the first, from 1; chances (T, V) before each."""
    came = chances[np.arange(len(story) - 1), story[1:]]
    ranks: NDArray[np.int64] = 1 + (chances > came[:, None]).sum(axis=1)
    return ranks


def _shares(ranks: Sequence[NDArray[np.int64]]) -> tuple[float, ...]:
    """Of all words in per cent, for each of PLACES."""
    counts, _ = np.histogram(np.concatenate(ranks), [1, *(last + 1 for _, last in PLACES)])
    return tuple((100 * counts / counts.sum()).tolist())


def chances_of(model: Model, story: list[int]) -> FloatArray:
    """The chances of all words before each of a story's words after the first: (T, V)."""
    x = np.eye(model.spec.input_size, dtype=np.float32)[story[:-1]]
    prediction = trace(model, x).prediction
    assert prediction is not None
    return prediction


def perplexity(model: Model, judged: list[list[int]]) -> float:
    """exp of the mean surprise, in nats, at each word after a story's first sign."""
    surprise: list[FloatArray] = []
    for codes in judged:
        chances = chances_of(model, codes)
        surprise.append(-np.log(chances[np.arange(len(chances)), codes[1:]]))
    return float(np.exp(np.concatenate(surprise).mean()))


def joined(words: tuple[str, ...] | list[str]) -> str:
    """Words as a text, with no space before a mark nor inside of quotes."""
    return "".join(_spaced(words))


def appended(text: str, words: list[str]) -> str:
    """text as it is typed, and behind it words."""
    before = [word for word, _ in stories.words_of(text)]
    return text.rstrip() + "".join(_spaced([*before, *words])[len(before) :])


def _spaced(words: Sequence[str]) -> list[str]:
    """Each word with the space before it, where there is one."""
    found, inside, glued = [], False, True
    for k, word in enumerate(words):
        closes = word == '"' and _closes(words, k, inside)
        found.append(word if glued or closes or word in MARKS else f" {word}")
        if word == '"':
            inside = not closes
        glued = word == '"' and inside
    return found


def _closes(words: Sequence[str], k: int, inside: bool) -> bool:
    """Whether the quote at k ends a speech: the network may forget where one began, and its
    neighbours tell."""
    earlier, mark = ("", "", *words[:k])[-2:]
    spoken = mark == "," and (*words, "")[k + 1] in SPEAKS and earlier not in SPEAKS
    return inside or spoken or mark == "?"


class _Fit:
    """A training under way."""

    def __init__(self, learned: list[list[int]], seed: int = 0) -> None:
        self.learned = learned
        self.generator = torch.Generator().manual_seed(seed)
        symbols = len(_place())
        self.spec = RNNSpec("GRU", EMBEDDING, HIDDEN, seed=seed)
        self.rnn = build(self.spec).train()
        self.embedding = nn.Parameter(
            0.1 * torch.randn(symbols, EMBEDDING, generator=self.generator)
        )
        self.weight = nn.Parameter(torch.empty(symbols, HIDDEN))
        self.bias = nn.Parameter(torch.empty(symbols))
        for parameter in (self.weight, self.bias):  # as nn.Linear
            nn.init.uniform_(parameter, -(HIDDEN**-0.5), HIDDEN**-0.5, generator=self.generator)
        self.parameters = [self.embedding, *self.rnn.parameters(), self.weight, self.bias]
        self.optimizer = Optimizer("Adam", self.parameters, LR, ())

    def iterate(self) -> float:
        """One update of the weights; the loss before it, in nats a word."""
        order = torch.randperm(len(self.learned), generator=self.generator)
        x, y = _padded([self.learned[k] for k in order[:BATCH]])
        states, _ = self.rnn(self._dropped(self.embedding[x], DROPPED_INPUTS))
        sums = nn.functional.linear(self._dropped(states, DROPPED_STATES), self.weight, self.bias)
        loss = nn.functional.cross_entropy(sums.flatten(0, 1), y.flatten(), ignore_index=UNSCORED)
        self.optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.parameters, CLIP)
        self.optimizer.step()
        return loss.item()

    def _dropped(self, values: Tensor, share: float) -> Tensor:
        """nn.functional.dropout, by chance from the generator."""
        kept = torch.rand(values.shape, generator=self.generator) >= share
        return values * kept / (1 - share)

    def model(self) -> Model:
        """The network as it is now, reading words one-hot."""
        weights = {name: value.detach().numpy() for name, value in self.rnn.named_parameters()}
        weights["weight_ih_l0"] = weights["weight_ih_l0"] @ self.embedding.detach().numpy().T
        head = Head(
            self.weight.detach().numpy(), self.bias.detach().numpy(), "softmax", stories.names()
        )
        return Model(RNNSpec("GRU", len(_place()), HIDDEN, init="given"), weights, head)


def _padded(chosen: list[list[int]]) -> tuple[Tensor, Tensor]:
    """What is read and what is asked, (T, N) both: 0 and UNSCORED after a story's end."""
    steps = max(len(codes) for codes in chosen) - 1
    x = torch.zeros(steps, len(chosen), dtype=torch.long)
    y = torch.full((steps, len(chosen)), UNSCORED)
    for n, codes in enumerate(chosen):
        x[: len(codes) - 1, n] = torch.tensor(codes[:-1])
        y[: len(codes) - 1, n] = torch.tensor(codes[1:])
    return x, y


@cache
def _place() -> dict[str, int]:
    """Each word's place in the vocabulary."""
    return {word: k for k, word in enumerate(stories.vocabulary())}


def _codes(story: stories.Story) -> list[int]:
    return [_place()[word] for word in story]
