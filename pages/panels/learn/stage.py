"""The player of a lesson: before Reveal what is given, after it what happens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from pages.components.player import tracks
from pages.components.player.tracks import Track
from pages.panels.shared import player
from pages.state import course
from pages.state.session import Session
from pages.words.texts import Texts
from seqviz.lessons.answers import Answer, sketch
from seqviz.lessons.lesson import Found, Lesson
from seqviz.types import FloatArray, InputSequence, Trace

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
    sequence = sequence_of(next(iter(found.runs.values())), words(f"lessons.{lesson.key}.name"))
    return player.frame_of(
        session,
        rows,
        digest=f"{lesson.key}{sequence.digest}{revealed}",  # what is revealed plays once
        caption=tracks.caption(sequence),
        quantity="h",
        ends=player.common_scale("h", list(found.runs.values())),
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
            yield tracks.input_track(sequence_of(run, title), name=title)
    for k, (name, run) in enumerate(runs):
        title = words(f"runs.{name}") if several else ""
        yield from tracks.heat_tracks(run, "h", run=k, title=title)
        yield from tracks.prediction_tracks(run, run=k, title=title)
    if lesson.key == DIFFERENCE:
        (first, second) = (run for _, run in runs)
        yield from tracks.difference_tracks(first, second, "h", run=len(runs))


def _hidden(row: Track, seen: int | None) -> Track:
    """A heatmap's first `seen` steps, None for all; what is given stays as it is."""
    if seen is None or row.header["type"] != "heat":
        return row
    header = {**row.header, "T": seen, "labels": row.header["labels"][:seen]}
    return replace(row, header=header, arrays={**row.arrays, "values": row.arrays["values"][:seen]})


def _beside(words: Texts, line: FloatArray, answer: Answer) -> Track:
    """What was measured and what was sketched, as two lines."""
    both = np.stack([line, sketch(answer.value, len(line))], axis=1)  # (T, 2)
    labels = tuple(str(t + 1) for t in range(len(line)))
    names = words("runs.measured"), words("runs.sketch")
    row = tracks.answer_track(both, names, labels, classes=False)
    return replace(row, header={**row.header, "name": words("runs.what_is_left")})
