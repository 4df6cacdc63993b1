"""Lesson 9: a trained network hears a sound, and the same sound backwards."""

from __future__ import annotations

from string import Template

from seqviz.applications.pitch.voices import CONTOURS
from seqviz.lessons.lesson import Found, Lesson, by_choice
from seqviz.lessons.sizes import Sizes
from seqviz.lessons.snippet import run

_CODE = Template("""\
import seqviz
from seqviz.applications.pitch.examples import LEARNED, heard, labelled
from seqviz.applications.registry import APPLICATIONS

pitch = APPLICATIONS["pitch"]
sound = heard(labelled(LEARNED + $seed)[0])  # one it has not learned from
backwards = sound.x[::-1].copy()  # (T, 40): the same frames, last first
print("forwards: ", pitch.best(sound.x))
print("backwards:", pitch.best(backwards))
print("mean and spread alone:", pitch.without_order(sound.x), "and", pitch.without_order(backwards))
backwards_trace = seqviz.trace(pitch.model(), backwards)
""")


def snippet(sizes: Sizes) -> str:
    return _CODE.substitute(seed=sizes.seed % 1000)


def find(sizes: Sizes) -> Found:
    names = run(snippet(sizes)).names
    pitch, sound, backwards = names["pitch"], names["sound"], names["backwards"]
    forwards = pitch.best(sound.x)
    truth = LESSON.options[CONTOURS.index(pitch.best(backwards))]
    numbers = {
        "forwards": LESSON.options[CONTOURS.index(forwards)],
        "backwards": truth,
        "without": LESSON.options[CONTOURS.index(pitch.without_order(sound.x))],
        "without_backwards": LESSON.options[CONTOURS.index(pitch.without_order(backwards))],
        "frames": str(len(sound)),
    }
    runs = {"": names["backwards_trace"]}
    worded = ("forwards", "backwards", "without", "without_backwards")
    return Found(truth, numbers, runs, worded=worded)


LESSON = Lesson(
    "in_use",
    "choice",
    Sizes(input=40, hidden=48),
    ("seed",),
    snippet,
    find,
    by_choice,
    options=("a", "b", "c", "d", "e"),  # CONTOURS, in their order
)
