"""What every lesson has: a snippet, what it finds, and what each answer would have meant."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from torch import Tensor, nn

from seqviz.lessons.sizes import Sizes
from seqviz.rnn.tracing import trace
from seqviz.types import FloatArray, Trace


@dataclass(frozen=True, eq=False)
class Found:
    """What really happens, computed.

    truth: the right answer in the form of answers.py. numbers: what texts name, by placeholder;
    of those in worded the value is an option, for which each language has its words.
    runs: a Trace by the name of its title, "" where there is one alone; the first is opened on
    Explore. line: (T,), what is drawn below beside a sketch, or None. without: by the same names
    the runs that lack what the lesson is about: what it changes is drawn, the difference to them.
    """

    truth: str
    numbers: Mapping[str, str]
    runs: Mapping[str, Trace]
    line: FloatArray | None = None
    worded: tuple[str, ...] = ()
    without: Mapping[str, Trace] = field(default_factory=dict)


@dataclass(frozen=True)
class Judgement:
    """right, and which of the lesson's sentences says what the answer would have meant."""

    right: bool
    meaning: str


@dataclass(frozen=True)
class Lesson:
    """key: of its texts. kind: "choice", "number", "cell" or "sketch". options: of a choice.
    controls: the Sizes that may be changed after Reveal. sizes: those it begins with. seen: how
    many steps of the states are shown before Reveal, None for all.

    snippet: its text. find: runs it. judge: an answer, in the form of answers.py. offers: of a
    number the values, of a sketch the steps until half is gone, that a class may choose from.
    """

    key: str
    kind: str
    sizes: Sizes
    controls: tuple[str, ...]
    snippet: Callable[[Sizes], str]
    find: Callable[[Sizes], Found]
    judge: Callable[[Found, str], Judgement]
    options: tuple[str, ...] = field(default=())
    seen: int | None = 0
    number: tuple[float, float, float] = (-1.0, 1.0, 0.01)  # lowest, highest, step of a number
    offers: Callable[[Found], Sequence[float]] = lambda _: ()


def fits(lesson: Lesson, answer: str) -> bool:
    """Whether an answer, in the form of answers.py, can be one to this lesson."""
    if lesson.kind == "choice":
        return answer in lesson.options
    if lesson.kind == "sketch":
        return len(answer) > 1 and answer[0] == "s"
    if answer[0] == "s" or answer.isalpha():
        return False
    if lesson.kind == "cell":
        return answer.isdigit()
    lowest, highest, _ = lesson.number
    return lowest <= float(answer) <= highest


def by_choice(found: Found, answer: str) -> Judgement:
    """A choice is right when it is the truth; each has its own sentence."""
    return Judgement(answer == found.truth, answer)


def traced(rnn: nn.RNNBase, x: Tensor, h_0: Tensor | None = None) -> Trace:
    """The first sequence of a batch x (T, N, I) as a Trace. h_0: (D*L, 1, H)."""
    rnn.eval()
    return trace(rnn, x[:, :1], h_0)


def spoken(values: Tensor) -> FloatArray:
    """A tensor's numbers."""
    return np.asarray(values.detach().numpy(), np.float32)


def percent(share: float) -> str:
    """ "41 %", and "0.5 %" for what is small."""
    number = 100 * share
    return f"{number:.1f} %" if abs(number) < 10 else f"{number:.0f} %"
