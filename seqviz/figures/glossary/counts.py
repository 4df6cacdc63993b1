"""Pictures of words: boxes and bars to be counted and compared."""

from __future__ import annotations

import math
from collections.abc import Sequence

from seqviz.figures.glossary.shapes import arrow, bars, fill, frame, steps
from seqviz.figures.palette import ACCENT, ENDS, INK


def right_ones(theme: str, right: Sequence[bool], other: str) -> str:
    """A box for each of some sequences; those that are not are framed in the other colour."""
    return "".join(
        fill(box, ACCENT[theme], 0.9) if is_right else frame(box, other)
        for box, is_right in zip(steps(len(right)), right, strict=True)
    )


def twice(theme: str, values: Sequence[float]) -> str:
    """The same bars twice."""
    return bars(theme, values, (0, 0, 72, 80)) + bars(theme, values, (78, 0, 72, 80))


def temperature(theme: str) -> str:
    cold, hot = (0.05, 0.9, 0.1), (0.35, 0.55, 0.4)
    return bars(theme, cold, (0, 0, 72, 80)) + bars(theme, hot, (78, 0, 72, 80))


def decides(theme: str, distance: int) -> str:
    """Two steps, the first of which decides the second."""
    boxes = steps(y=44)
    x, end = boxes[0][0] + 11, boxes[distance][0] + 11
    over = [(x + (end - x) * k / 12, 40 - 28 * math.sin(math.pi * k / 12)) for k in range(13)]
    drawn = [frame(box, INK[theme]) for box in boxes]
    drawn += [fill(boxes[k], ACCENT[theme], 0.9) for k in (0, distance)]
    return "".join(drawn) + arrow(over, ENDS[theme][1])
