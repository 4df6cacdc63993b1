"""How a pitch moves, heard while it sounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np

from seqviz.applications.answer import Answer
from seqviz.applications.application import Application, Line, Score, Trained
from seqviz.applications.fitting import Plan, fit, reads_unscaled
from seqviz.applications.mistakes import Mistakes, confusion
from seqviz.applications.pitch import tracker
from seqviz.applications.pitch.curves import drawn
from seqviz.applications.pitch.examples import BANDS, LEARNED, SCALE, batch, heard, labelled
from seqviz.applications.pitch.voices import CONTOURS
from seqviz.applications.pitch.without_order import WithoutOrder, fit_without_order
from seqviz.data.audio import Recording
from seqviz.data.drawing import gesture
from seqviz.rnn.tracing import trace
from seqviz.training.datasets import Examples
from seqviz.training.recipe import Recipe
from seqviz.types import FloatArray, InputSequence, RNNSpec, frozen

LONGEST = 10.0
"""Seconds of a recording that are read: a contour takes one or two."""
JUDGED = 200
"""Sounds it is judged on."""
SHUFFLED = "the network, steps shuffled"
"""The baseline that says how many sounds are heard right without their order."""
_HIDDEN = 48
_DRAWN, _STEPS = 150, 40  # contours of nearby_recipe, and the steps of each

Labelled = tuple[str, Recording]


def shortened(recording: Recording) -> tuple[Recording, str]:
    """Its first LONGEST seconds, and a sentence where it had more of them."""
    most = round(LONGEST * recording.sample_rate)
    if len(recording.samples) <= most:
        return recording, ""
    remark = f"The first {LONGEST:g} s of {recording.seconds:.3g} s are read."
    return replace(recording, samples=frozen(recording.samples[:most])), remark


class Pitch(Application):
    """Five contours from frames of log band energies, asked at every step."""

    key = "pitch"
    name = "Pitch"
    about = (
        "You sing, hum, whistle or say a syllable, and the network hears 40 bands from 70 to "
        "2,000 Hz, fifty times a second. It answers whether the pitch rises, falls, stays, or "
        "turns on its way; most of that lies in the order of the frames."
    )
    cannot = (
        "It does not understand speech and knows no notes: five contours are all it tells apart, "
        "in sounds of about a fifth of a second to a second. All voices it learned from were made "
        "by a program. Of Mandarin syllables by espeak-ng, which it never heard in training, "
        "four in five are right; a level tone that climbs by a semitone or two is taken for a "
        "rising one, and a slight fall for a turn. Deep voices are harder, since their harmonics "
        "lie closer together than its bands. Silence, noise and music it mostly doubts, but one "
        "contour in three as well; of a long recording it reads the first ten seconds."
    )
    plan = Plan(iterations=7000, lr=8e-3, weight_decay=1e-2)
    comparison = Plan(iterations=4000, lr=5e-3, weight_decay=1e-2)

    def train(self, iterations: int | None = None) -> Trained:
        trained = fit(RNNSpec("GRU", BANDS, _HIDDEN), CONTOURS, batch, self.plan, iterations)
        scale = frozen(np.full(BANDS, SCALE))
        return Trained(
            reads_unscaled(trained.model, scale), trained.loss, extra=self._ignorant(iterations)
        )

    def nearby_recipe(self) -> Recipe:
        """Of the page Train: Classify, from 150 contours drawn with a pen; the sounds themselves
        take thousands of iterations."""
        strokes, contours = zip(*(drawn(k) for k in range(_DRAWN)), strict=True)
        return Recipe.default(
            "classify", Examples(tuple(gesture(one, _STEPS).x for one in strokes), contours)
        )

    def example(self) -> InputSequence:
        """A sound it has not learned from, as it hears it."""
        recording, _ = labelled(LEARNED)
        return heard(recording)

    def recognise(self, recording: Recording) -> Answer:
        """How the pitch moves, at every step; of a long recording the first LONGEST seconds.

        Silence, noise and music have no contour: the answer's doubt says so.
        """
        beginning, remark = shortened(recording)
        return Answer(trace(self.model(), heard(beginning)), remark)

    def evaluate(self) -> tuple[Score, ...]:
        sounds = [labelled(LEARNED + k) for k in range(JUDGED)]
        return (
            self.score(
                [(contour, recording) for recording, contour in sounds],
                f"{JUDGED} sounds of our synthesis it never heard",
            ),
        )

    def mistakes(self) -> Mistakes:
        sounds = [labelled(LEARNED + k) for k in range(JUDGED)]
        pairs = [(contour, self.best(heard(sound).x)) for sound, contour in sounds]
        return confusion(CONTOURS, pairs, f"{JUDGED} sounds of our synthesis it never heard")

    def score(self, sounds: Sequence[Labelled], on: str) -> Score:
        """The share of sounds that are heard right, beside what cannot hear their order.

        on: what they are, in words.
        """
        contours = [contour for contour, _ in sounds]
        read = [heard(recording).x for _, recording in sounds]
        generator = np.random.default_rng(0)
        shuffled = [generator.permutation(x) for x in read]
        tracked = [tracker.contour(recording) for _, recording in sounds]
        most = max(contours.count(contour) for contour in set(contours))

        def right(answers: Sequence[str]) -> float:
            return 100 * float(np.mean([a == b for a, b in zip(answers, contours, strict=True)]))

        return Score(
            "right, %",
            right([self.best(x) for x in read]),
            (
                Line("mean and spread of all frames", right([self.without_order(x) for x in read])),
                Line(SHUFFLED, right([self.best(x) for x in shuffled])),
                Line("autocorrelation and a parabola", right(tracked)),
                Line("always one contour", 100 * most / len(sounds)),
            ),
            on,
            lower_is_better=False,
            digits=1,
        )

    def without_order(self, x: FloatArray) -> str:
        """What the classifier that knows no order makes of frames (T, 40)."""
        return CONTOURS[self._without_order.best(x * np.float32(SCALE))]

    def best(self, x: FloatArray) -> str:
        """The contour the network hears in frames (T, 40), however sure it is."""
        return Answer(trace(self.model(), x)).best

    def _ignorant(self, iterations: int | None) -> dict[str, FloatArray]:
        """The weights of the classifier that knows no order, trained on the same sounds."""
        most = self.comparison.iterations if iterations is None else iterations
        one = WithoutOrder(BANDS, _HIDDEN, len(CONTOURS))
        return fit_without_order(one, batch, self.comparison, most).numbers()

    @cached_property
    def _without_order(self) -> WithoutOrder:
        return WithoutOrder.of_numbers(self.stored().extra)
