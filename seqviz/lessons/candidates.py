"""What a class may choose from when it is asked a lesson's question all at once."""

from __future__ import annotations

import numpy as np

from seqviz.lessons.answers import packed_sketch
from seqviz.lessons.lesson import Found, Lesson


def candidates(lesson: Lesson, found: Found) -> tuple[tuple[str, ...], int]:
    """Some answers, in the form of answers.py, and the place of the one that comes true, or comes
    nearest to it.
    """
    if lesson.kind == "choice":
        return lesson.options, lesson.options.index(found.truth)
    if lesson.kind == "cell":
        (steps,) = {len(run) for run in found.runs.values()}
        return tuple(map(str, range(steps + 1))), int(found.truth)
    values = lesson.offers(found)
    nearest = int(np.argmin([abs(value - float(found.truth)) for value in values]))
    if lesson.kind == "sketch":
        times = np.arange(lesson.sizes.steps)
        return tuple(packed_sketch(0.5 ** (times / half)) for half in values), nearest
    return tuple(f"{value:.4f}".rstrip("0").rstrip(".") for value in values), nearest
