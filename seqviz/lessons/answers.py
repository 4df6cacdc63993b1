"""A course's committed predictions as short text, for a link and the browser's storage.

"1rb_2c0.8_5r4": lesson 1 was answered b and revealed, lesson 2 committed to 0.8, and so on.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from seqviz.types import FloatArray, frozen

_ITEM = re.compile(r"([1-9])([cr])([a-z]|-?[0-9]{1,3}(?:\.[0-9]{1,4})?|s(?:[0-9]{2}){2,60})")
LONGEST = 400  # characters of all of them


@dataclass(frozen=True)
class Answer:
    """value: a letter, a number, or a sketch as `packed_sketch` writes it."""

    value: str
    revealed: bool = False


def parse(text: str) -> dict[int, Answer]:
    """Answers by lesson. Raises ValueError for what `written` would not write."""
    found: dict[int, Answer] = {}
    for item in text.split("_") if text else ():
        match = _ITEM.fullmatch(item)
        if match is None or int(match[1]) in found:
            raise ValueError(text)
        found[int(match[1])] = Answer(match[3], match[2] == "r")
    return found


def salvaged(text: str) -> str:
    """What of a text can be read, as `written` writes it; of a lesson the first answer."""
    found: dict[int, Answer] = {}
    for item in text[:LONGEST].split("_"):
        match = _ITEM.fullmatch(item)
        if match is not None:
            found.setdefault(int(match[1]), Answer(match[3], match[2] == "r"))
    return written(found)


def written(answers: Mapping[int, Answer]) -> str:
    """The text of answers by lesson."""
    return "_".join(
        f"{lesson}{'r' if answer.revealed else 'c'}{answer.value}"
        for lesson, answer in sorted(answers.items())
    )


def packed_sketch(shares: ArrayLike) -> str:
    """A sketch (T,) of shares from 0 to 1 as text, to the nearest hundredth."""
    levels = np.clip(np.rint(99 * np.asarray(shares)), 0, 99).astype(int)
    return "s" + "".join(f"{level:02d}" for level in levels)


def sketch(text: str, steps: int) -> FloatArray:
    """What packed_sketch wrote, (T,); a sketch of fewer steps stays where it ended.

    Raises ValueError when it is no sketch.
    """
    if not re.fullmatch(r"s(?:[0-9]{2}){2,60}", text):
        raise ValueError(text)
    levels = [int(text[k : k + 2]) / 99 for k in range(1, len(text), 2)]
    return frozen((levels + levels[-1:] * steps)[:steps])
