"""Pictures of words: states, steps and layers."""

from __future__ import annotations

import math
from collections.abc import Sequence

from seqviz.figures.glossary.shapes import HEIGHT, WIDTH, arrow, cells, frame, line, steps
from seqviz.figures.palette import ACCENT, ENDS, INK, MUTED

ROWS, COLUMNS = 4, 8


def some_states(rows: Sequence[int] = range(ROWS)) -> list[list[float]]:
    """A few units over a few steps."""
    return [[math.sin(1.7 * k + 0.8 * t * (1 + k / 3)) for t in range(COLUMNS)] for k in rows]


def heatmap(theme: str, row: int | None = None, column: int | None = None) -> str:
    """A row or column is framed."""
    wide, high = WIDTH / COLUMNS, HEIGHT / ROWS
    drawn = cells(theme, some_states())
    if row is not None:
        drawn += frame((1, row * high, WIDTH - 2, high), INK[theme])
    if column is not None:
        drawn += frame((column * wide, 1, wide, HEIGHT - 2), INK[theme])
    return drawn


def batch(theme: str) -> str:
    return "".join(
        cells(theme, some_states(range(k, k + 3)), (22.0 - 10 * k, 4.0 + 14 * k, 116, 44))
        for k in range(3)
    )


def cell_state(theme: str) -> str:
    """It runs straight through; one gate takes away of it, another adds to it."""
    y, muted = 30.0, MUTED[theme]
    through = arrow([(4, y), (WIDTH - 4, y)], ACCENT[theme])
    times = line([(45, 25), (55, 35)], INK[theme]) + line([(45, 35), (55, 25)], INK[theme])
    plus = line([(93, y), (107, y)], INK[theme]) + line([(100, 23), (100, 37)], INK[theme])
    up = "".join(arrow([(x, HEIGHT - 6), (x, 44)], muted) for x in (50.0, 100.0))
    return through + times + plus + up


def stacked(theme: str) -> str:
    low, high = steps(y=50), steps(y=6)
    drawn = [frame(box, INK[theme]) for box in (*low, *high)]
    drawn += [arrow([(box[0] + box[2] / 2, 48), (box[0] + box[2] / 2, 33)], ACCENT[theme])
              for box in low]  # fmt: skip
    return "".join(drawn)


def reading(theme: str, both: bool = False) -> str:
    """Steps as boxes, read from the left; in both directions also from the right."""
    boxes = "".join(frame(box, INK[theme]) for box in steps())
    there = arrow([(8, 16), (140, 16)], ACCENT[theme])
    back = arrow([(142, 64), (10, 64)], ENDS[theme][1]) if both else ""
    return boxes + there + back


def truncation(theme: str) -> str:
    """The way back ends in the middle."""
    boxes = "".join(frame(box, INK[theme]) for box in steps(6))
    back = arrow([(142, 64), (82, 64)], ENDS[theme][1])
    cut = line([(75, 20), (75, 72)], ACCENT[theme])
    return boxes + back + cut + line([(68, 64), (10, 64)], MUTED[theme], dashed=True)
