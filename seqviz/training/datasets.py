"""What a person brings to learn from: a text, a sequence, or labelled sequences."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from seqviz.data.symbols import shown, split
from seqviz.errors import SeqvizError
from seqviz.limits import MAX_CLASSES, MAX_EXAMPLES, MAX_STEPS, MAX_SYMBOLS, MAX_TEXT
from seqviz.types import FloatArray, InputSequence


class _Picklable:
    """Leaves out what cached_property holds: it is cheaper to make than to send. Not the digest,
    by which a worker knows data it has seen."""

    def __getstate__(self) -> dict[str, Any]:
        names = {*self.__dataclass_fields__, "digest"}  # type: ignore[attr-defined]
        return {name: value for name, value in self.__dict__.items() if name in names}


@dataclass(frozen=True, eq=False)
class Characters(_Picklable):
    """A text to learn the next character of.

    text: up to MAX_TEXT code points, at most MAX_SYMBOLS different characters (as a reader counts
    them). Raises SeqvizError when there is nothing to learn or too much.
    """

    text: str

    def __post_init__(self) -> None:
        if len(self.text) > MAX_TEXT:
            raise SeqvizError(
                f"This text is {len(self.text):,} code points long and seqviz learns from at most "
                f"{MAX_TEXT:,}: bring a part of it."
            )
        if len(self.vocabulary) < 2:
            raise SeqvizError(
                "A text needs two different characters, or its next one is never in question: "
                "bring a longer one."
            )
        if len(self.vocabulary) > MAX_SYMBOLS:
            raise SeqvizError(
                f"This text has {len(self.vocabulary)} different characters and seqviz reads at "
                f"most {MAX_SYMBOLS}: bring a part of it or write it in one alphabet."
            )

    @cached_property
    def symbols(self) -> list[str]:
        return [symbol for symbol, _ in split(self.text, "characters")]

    @cached_property
    def vocabulary(self) -> tuple[str, ...]:
        """The different characters in the order of their code points, as one_hot has them."""
        return tuple(sorted(set(self.symbols)))

    @cached_property
    def codes(self) -> NDArray[np.int64]:
        """Each character's place in the vocabulary."""
        place = {symbol: k for k, symbol in enumerate(self.vocabulary)}
        return np.array([place[symbol] for symbol in self.symbols], np.int64)

    @property
    def names(self) -> tuple[str, ...]:
        """The vocabulary as labels: a space is ␣."""
        return tuple(shown(symbol) for symbol in self.vocabulary)

    @cached_property
    def digest(self) -> str:
        return _digest(self.text.encode(errors="surrogatepass"))

    def encode(self, text: str) -> InputSequence:
        """Another text for a network that learned from this one: (T, I), one-hot.

        Raises SeqvizError when it has a character that was not in training.
        """
        symbols = [symbol for symbol, _ in split(text, "characters")]
        if not symbols or len(symbols) > MAX_STEPS:
            raise SeqvizError(f"Type 1 to {MAX_STEPS:,} characters, not {len(symbols):,}.")
        place = {symbol: k for k, symbol in enumerate(self.vocabulary)}
        for t, symbol in enumerate(symbols):
            if symbol not in place:
                raise SeqvizError(
                    f"Character {t + 1}, “{shown(symbol)}”, was not in the text this network "
                    "learned from: leave it out, or train on a text that has it."
                )
        x = np.eye(len(place), dtype=np.float32)[[place[symbol] for symbol in symbols]]
        labels = tuple(shown(symbol) for symbol in symbols)
        return InputSequence(x, labels, self.names, name=text[:24].strip() or "text", kind="text")


@dataclass(frozen=True, eq=False)
class Examples(_Picklable):
    """Labelled sequences: each belongs to one class, and each may have a length of its own.

    sequences: arrays (T_n, I) of finite numbers, with the same I. labels: a class for each.
    Raises SeqvizError when there are not two examples of two classes, or too many, or when one
    example does not look like the others.
    """

    sequences: tuple[FloatArray, ...]
    labels: tuple[str, ...]

    def __post_init__(self) -> None:
        sequences, labels = list(self.sequences), [str(label) for label in self.labels]
        if len(sequences) != len(labels):
            raise SeqvizError(
                f"There are {len(sequences)} examples and {len(labels)} labels: give one label "
                "for each example."
            )
        if len(sequences) > MAX_EXAMPLES:
            raise SeqvizError(
                f"There are {len(sequences):,} examples and seqviz learns from at most "
                f"{MAX_EXAMPLES:,}: leave some out."
            )
        arrays = tuple(_example(k, x) for k, x in enumerate(sequences))
        _check_classes(Counter(labels))
        for k, x in enumerate(arrays):
            if x.shape[1] != arrays[0].shape[1]:
                raise SeqvizError(
                    f"Example {k + 1} has {x.shape[1]} features a step and the first has "
                    f"{arrays[0].shape[1]}: give all the same features."
                )
        object.__setattr__(self, "sequences", arrays)
        object.__setattr__(self, "labels", tuple(labels))

    @classmethod
    def of_rows(cls, series: Sequence[Any], x: ArrayLike, labels: Sequence[Any]) -> Examples:
        """Examples from a long table: each row is a step, rows of one series in their order.

        series: what each row belongs to; x (rows, I); labels: each row's class, the same within
        a series. Raises SeqvizError when a series has two classes.
        """
        rows: dict[Any, list[int]] = {}
        for row, name in enumerate(series):
            rows.setdefault(name, []).append(row)
        values = np.asarray(x, np.float32)
        values = values[:, None] if values.ndim == 1 else values
        if not len(series) == len(values) == len(labels):
            raise SeqvizError(
                f"There are {len(series)} series, {len(values)} rows and {len(labels)} labels: "
                "give one of each for every row."
            )
        for name, members in rows.items():
            different = sorted({str(labels[row]) for row in members})
            if len(different) > 1:
                raise SeqvizError(
                    f"Series {name!s:.40} is called {different[0]:.40} and {different[1]:.40}: "
                    "give a series one class."
                )
        return cls(
            tuple(values[members] for members in rows.values()),
            tuple(str(labels[members[0]]) for members in rows.values()),
        )

    @cached_property
    def classes(self) -> tuple[str, ...]:
        """The different labels in the order of the alphabet: K of them."""
        return tuple(sorted(set(self.labels)))

    @cached_property
    def codes(self) -> NDArray[np.int64]:
        """Each example's class by its place in classes."""
        return np.array([self.classes.index(label) for label in self.labels], np.int64)

    @property
    def input_size(self) -> int:
        return int(self.sequences[0].shape[1])

    @property
    def longest(self) -> int:
        """Steps of the longest example."""
        return max(len(x) for x in self.sequences)

    @cached_property
    def digest(self) -> str:
        shapes = [x.shape for x in self.sequences]
        head = f"{shapes}{self.labels}".encode(errors="surrogatepass")
        return _digest(head, *(x.tobytes() for x in self.sequences))


Data = Characters | InputSequence | Examples


def _example(k: int, values: ArrayLike) -> FloatArray:
    try:
        x = InputSequence(values).x  # type: ignore[arg-type]
    except SeqvizError as error:
        raise SeqvizError(f"Example {k + 1} will not do. {error}") from error
    if not 2 <= len(x) <= MAX_STEPS:
        raise SeqvizError(
            f"Example {k + 1} has {len(x)} step{'s' * (len(x) != 1)}: give it 2 to "
            f"{MAX_STEPS:,}, or there is nothing to remember."
        )
    return x


def _check_classes(members: Counter[str]) -> None:
    if len(members) < 2:
        only = f"only “{next(iter(members)):.40}”" if members else "no class at all"
        raise SeqvizError(f"There is {only}: give examples of at least two classes.")
    if len(members) > MAX_CLASSES:
        raise SeqvizError(
            f"There are {len(members)} classes and seqviz tells at most {MAX_CLASSES} apart: "
            "leave some out."
        )
    label, count = min(members.items(), key=lambda one: one[1])
    if count < 2:
        raise SeqvizError(
            f"“{label:.40}” has one example: give at least two of each class, so that there is "
            "something in common to learn."
        )


def _digest(*parts: bytes) -> str:
    hasher = hashlib.blake2b(digest_size=12)
    for part in parts:
        hasher.update(part)
    return hasher.hexdigest()
