"""A digit read while it is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from itertools import accumulate

from seqviz.applications.answer import Answer
from seqviz.applications.application import Application, Line, Score, Trained
from seqviz.applications.fitting import Plan, fit, reads_unscaled
from seqviz.applications.handwriting.examples import (
    CLASSES,
    LEARNED,
    SCALE,
    STEPS,
    batch,
    labelled,
)
from seqviz.applications.handwriting.point_cloud import Nearest
from seqviz.applications.mistakes import Mistakes, confusion
from seqviz.data.drawing import Strokes, gesture, parse_strokes
from seqviz.rnn.tracing import trace
from seqviz.training.datasets import Examples
from seqviz.training.recipe import Recipe
from seqviz.types import InputSequence, RNNSpec

JUDGED = 300
"""Drawings it is judged on."""

_REVERSED = 100
_APART = 0.2  # of a drawing's height: wider than any gap within a digit
_SHOWN = 400  # drawings of nearby_recipe

Labelled = tuple[str, Strokes]


class Handwriting(Application):
    """Ten digits from dx, dy and pen_up, asked at every step."""

    key = "handwriting"
    name = "Handwriting"
    about = (
        "You draw a digit, and the network reads how the pen moves: dx, dy and whether it is up, "
        "in 40 steps. At every step it says how likely each digit is, so you see it make up its "
        "mind before you are done."
    )
    cannot = (
        "It reads movement, not a picture: a digit drawn from its end to its beginning is mostly "
        "read wrong, though it looks the same. $P, which compares pictures with 3,000 stored "
        "drawings and learns nothing, is as good on whole drawings and does not mind. It knows ten "
        "digits alone, one at a time, in the ways they are taught in Europe and America; all "
        "drawings it learned from were made by a program, so a hand that writes otherwise "
        "surprises it. A long pause eats up steps. What looks like no digit it doubts, and early "
        "on it takes the beginning of one digit for another, which no reader could avoid."
    )
    plan = Plan(iterations=3000, lr=8e-3, weight_decay=1e-3)

    def train(self, iterations: int | None = None) -> Trained:
        trained = fit(RNNSpec("GRU", 3, 48), CLASSES, batch, self.plan, iterations)
        return Trained(reads_unscaled(trained.model, SCALE), trained.loss)

    def nearby_recipe(self) -> Recipe:
        """Of the page Train: Classify, from 400 of the same drawings."""
        drawings, digits = zip(*(labelled(k) for k in range(_SHOWN)), strict=True)
        data = Examples(tuple(self.read(strokes).x for strokes in drawings), digits)
        return replace(Recipe.default("classify", data), iterations=600)

    def example(self) -> InputSequence:
        """A drawing it has not learned from, as it reads it."""
        strokes, _ = labelled(LEARNED)
        return self.read(strokes)

    def read(self, strokes: Strokes, by: str = "time") -> InputSequence:
        """A drawing as the network reads it: (40, 3). SeqvizError when nothing is drawn."""
        return gesture(strokes, STEPS, by)

    def recognise(self, strokes: Strokes) -> Answer:
        """Which digit this is, at every step; a drawing may be unfinished.

        Raises SeqvizError when nothing is drawn.
        """
        return Answer(trace(self.model(), self.read(strokes)))

    def evaluate(self) -> tuple[Score, ...]:
        drawings = [labelled(LEARNED + k) for k in range(JUDGED)]
        as_drawn = [(digit, strokes) for strokes, digit in drawings]
        reverse = [(digit, backwards(strokes)) for digit, strokes in as_drawn[:_REVERSED]]
        return (
            self.score(as_drawn, f"{JUDGED} drawings of the generator it never saw"),
            self.score(reverse, f"{_REVERSED} of these, drawn backwards"),
        )

    def mistakes(self) -> Mistakes:
        drawings = [labelled(LEARNED + k) for k in range(JUDGED)]
        pairs = [(digit, self.recognise(strokes).best) for strokes, digit in drawings]
        return confusion(CLASSES, pairs, f"{JUDGED} drawings of the generator it never saw")

    def score(self, drawings: Sequence[Labelled], on: str) -> Score:
        """The share of drawings that are read right, beside $P's with all that was learned from.

        It takes $P a tenth of a second each. on: what they are, in words.
        """
        right = sum(self.recognise(strokes).best == digit for digit, strokes in drawings)
        cloud_right = sum(self.nearest(strokes) == digit for digit, strokes in drawings)
        return Score(
            "right, %",
            100 * right / len(drawings),
            (
                Line(f"$P, nearest of {LEARNED:,} point clouds", 100 * cloud_right / len(drawings)),
                Line("always one digit", 100 / len(CLASSES)),
            ),
            on,
            lower_is_better=False,
            digits=1,
        )

    @cached_property
    def nearest(self) -> Nearest:
        """$P with the drawings that were learned from as its templates."""
        drawings, digits = zip(*(labelled(k) for k in range(LEARNED)), strict=True)
        return Nearest(drawings, digits)


def stand_apart(strokes: Strokes) -> bool:
    """Whether there is a clear gap from left to right, as between the 1 and the 2 of 12."""
    if not strokes:
        return False
    columns = [[x for x, _, _ in stroke] for stroke in strokes]
    spans = sorted((min(xs), max(xs)) for xs in columns)
    reached = accumulate((right for _, right in spans), max)
    widest = max(
        (left - edge for (left, _), edge in zip(spans[1:], reached, strict=False)), default=0
    )
    heights = [y for stroke in strokes for _, y, _ in stroke]
    return widest > _APART * (max(heights) - min(heights))


def backwards(strokes: Strokes) -> Strokes:
    """The same ink from its last point to its first."""
    end = max((point[2] for stroke in strokes for point in stroke), default=0)
    return parse_strokes(
        [[(x, y, end - t) for x, y, t in reversed(stroke)] for stroke in reversed(strokes)]
    )
