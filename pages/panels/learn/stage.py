"""The player of a lesson: before Reveal what is given, after it what happens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from pages.components.player import tracks
from pages.components.player.tracks import Track
from pages.panels.shared.player import player
from pages.state.classroom import course
from pages.state.session import Session
from pages.words.texts import Texts
from seqviz.data.table import counted
from seqviz.lessons import in_use
from seqviz.lessons.answers import Answer, sketch
from seqviz.lessons.lesson import Found, Lesson
from seqviz.types import FloatArray, InputSequence, Trace

BELOW, BELOW_SKETCH = 120, 156  # pixels: what happened and why, or the pad
ROW = 60  # pixels of one row of buttons
SKETCH_HEIGHT = 64
LOW_FROM, LOW, ANSWERS = 16, 28, 75  # features; pixels of many curves, and of five classes
DIFFERENCE = "starting_memory"
"""The lesson in which the difference of its two runs is what one looks at."""


def lesson_frame(session: Session, lesson: Lesson, found: Found, answer: Answer | None) -> bytes:
    """What the player shows. found: what happens with the sizes that are set."""
    words = course.words(session)
    revealed = answer is not None and answer.revealed
    rows = list(_rows(words, lesson, found))
    if not revealed:
        rows = [_hidden(row, lesson.seen) for row in rows if row.header["type"] != "prediction"]
    elif answer is not None and found.line is not None:
        rows.append(_beside(words, found.line, answer))
    steps = len(next(iter(found.runs.values())))
    sequence = sequence_of(next(iter(found.runs.values())), words(f"lessons.{lesson.key}.name"))
    return player.frame_of(
        session,
        rows,
        digest=f"{lesson.key}{sequence.digest}{revealed}",  # what is revealed plays once
        caption=counted(steps, "step"),
        quantity="h",
        ends=player.common_scale("h", list(found.runs.values())),
        below=BELOW_SKETCH if lesson.kind == "sketch" else BELOW,
        presented_below=2 * ROW if lesson is in_use.LESSON else ROW,
    )


def sequence_of(run: Trace, name: str) -> InputSequence:
    """What a run read."""
    return InputSequence(run.x, run.labels, name=name)


def _rows(words: Texts, lesson: Lesson, found: Found) -> Iterator[Track]:
    """Inputs first, each once; then the states and answers of each run."""
    runs = list(found.runs.items())
    several = len(runs) > 1
    inputs: list[FloatArray] = []
    for name, run in runs:
        if not any(np.array_equal(run.x, x) for x in inputs):
            inputs.append(run.x)
            title = words(f"runs.{name}") if inputs[1:] else "x"
            yield _lower(tracks.input_track(sequence_of(run, title), name=title))
    for k, (name, run) in enumerate(runs):
        title = words(f"runs.{name}") if several else ""
        yield from _states(words, found, name, k, title)
        for row in tracks.prediction_tracks(run, run=k, title=title):
            yield replace(row, header={**row.header, "height": ANSWERS})
    if lesson.key == DIFFERENCE:
        (first, second) = (run for _, run in runs)
        title = words("runs.difference")
        rows = tracks.difference_tracks(first, second, "h", run=len(runs), title=title)
        yield from (_without(row, "note") for row in rows)


def _states(words: Texts, found: Found, name: str, run: int, title: str) -> list[Track]:
    """One run's, or what differs in them from the run without what the lesson is about."""
    shown, without = found.runs[name], found.without.get(name)
    if without is not None:
        own = title or words("runs.difference")
        rows = tracks.difference_tracks(shown, without, "h", run=run, title=own)
        # several low rows have no room for their scales: the lesson says that each has its own
        labels = ("note", "scale") if title else ("note",)
        return [_without(row, *labels) for row in rows]
    rows = tracks.heat_tracks(shown, "h", run=run, title=title)
    one_row = shown.spec.num_layers * shown.spec.num_directions == 1
    return [_without(row, "note") if one_row else row for row in rows]


def _without(row: Track, *labels: str) -> Track:
    """The row with its name, and less of what is said below it."""
    return replace(row, header={**row.header, **dict.fromkeys(labels, "")})


def _lower(row: Track) -> Track:
    """Many curves of sound say little: they leave room for what is answered."""
    if row.header["type"] != "input" or row.header["I"] <= LOW_FROM:
        return row
    return replace(row, header={**row.header, "height": LOW})


def _hidden(row: Track, seen: int | None) -> Track:
    """A heatmap's first `seen` steps, None for all; what is given stays as it is."""
    if seen is None or row.header["type"] != "heat":
        return row
    header = {**row.header, "T": seen, "labels": row.header["labels"][:seen]}
    return replace(row, header=header, arrays={**row.arrays, "values": row.arrays["values"][:seen]})


def _beside(words: Texts, line: FloatArray, answer: Answer) -> Track:
    """What was measured, and over it what was sketched."""
    measured = InputSequence(line, name=words("runs.measured"))
    if not answer.value:  # the class was asked, and drew nothing
        row = tracks.input_track(measured, name=words("runs.what_is_left"))
        return replace(row, header={**row.header, "height": SKETCH_HEIGHT, "range": (0.0, 1.0)})
    drawn = sketch(answer.value, len(line))[:, None]  # (T, 1)
    row = tracks.input_track(measured, name=words("runs.what_is_left"), changed=drawn)
    header = {**row.header, "note": words("runs.sketch"), "height": SKETCH_HEIGHT}
    return replace(row, header={**header, "range": (0.0, 1.0)})
