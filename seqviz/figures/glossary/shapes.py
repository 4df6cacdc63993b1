"""What the pictures of words are composed of: pieces of SVG, no scripts, no ids."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from seqviz.figures.palette import ACCENT, ENDS, INK, LINE, MIDDLE, MUTED

WIDTH, HEIGHT = 150, 80
Points = Sequence[tuple[float, float]]
Values = Sequence[Sequence[float]]
Box = tuple[float, float, float, float]
"""x and y of the upper left corner, width and height in pixels."""
WHOLE: Box = (0, 0, WIDTH, HEIGHT)


# ---- strokes and boxes ---------------------------------------------------------------------------


def line(points: Points, colour: str, dashed: bool = False) -> str:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dashes = ' stroke-dasharray="4 3"' if dashed else ""
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"{dashes}/>'


def dots(points: Points, colour: str) -> str:
    return "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in points)


def arrow(points: Points, colour: str) -> str:
    """A line with a head at its last point."""
    (x0, y0), (x, y) = points[-2:]
    towards = math.atan2(y - y0, x - x0)
    barbs = [
        (x - 8 * math.cos(towards + side), y - 8 * math.sin(towards + side)) for side in (-0.6, 0.6)
    ]
    return line(points, colour) + line([barbs[0], (x, y), barbs[1]], colour)


def fill(box: Box, colour: str, strength: float = 1.0) -> str:
    return f'<rect {_place(box)} fill="{colour}" fill-opacity="{strength:.2f}"/>'


def frame(box: Box, colour: str) -> str:
    return f'<rect {_place(box)} fill="none" stroke="{colour}" stroke-width="2"/>'


def _place(box: Box) -> str:
    x, y, wide, high = box
    return f'x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high:.1f}"'


# ---- values as colours and bars ------------------------------------------------------------------


def cells(theme: str, values: Values, box: Box = WHOLE) -> str:
    """Rows of values as a heatmap. values: from -1 to 1."""
    blue, orange, _ = ENDS[theme]
    return _table(theme, values, box, lambda value: orange if value > 0 else blue)


def shares(theme: str, values: Values, box: Box = WHOLE) -> str:
    """As `cells`, of values from 0 to 1."""
    return _table(theme, values, box, lambda value: ENDS[theme][2])


def _table(theme: str, values: Values, box: Box, colour: Callable[[float], str]) -> str:
    left, top, wide, high = box
    across, down = wide / len(values[0]), high / len(values)
    drawn = []
    for k, row in enumerate(values):
        for t, value in enumerate(row):
            place = (left + t * across, top + k * down, across - 1, down - 1)
            drawn += [fill(place, MIDDLE[theme]), fill(place, colour(value), abs(value))]
    return "".join(drawn)


def bars(theme: str, values: Sequence[float], box: Box = WHOLE) -> str:
    """values: from 0 to 1, or from -1 to 1, below a line if negative."""
    left, top, wide, high = box
    across, deepest = (wide - 8) / len(values), max(0.0, -min(values))
    foot = top + 5 + (high - 10) / (1 + deepest)
    drawn = []
    for k, value in enumerate(values):
        tall = max(1.0, (high - 10) / (1 + deepest) * abs(value))
        y = foot - tall if value >= 0 else foot
        drawn.append(fill((left + 4 + k * across, y, across - 4, tall), ACCENT[theme]))
    return "".join(drawn)


# ---- curves --------------------------------------------------------------------------------------


def axes(theme: str, x: float, y: float) -> str:
    across, up = [(4.0, y), (WIDTH - 4.0, y)], [(x, 4.0), (x, HEIGHT - 4.0)]
    return line(across, LINE[theme]) + line(up, LINE[theme])


def graph(value: Callable[[float], float], low: float, high: float) -> Points:
    """Points of a function from -4 to 4, low at the picture's foot."""
    xs = [k / 8 - 4 for k in range(65)]
    return [
        (WIDTH * (x + 4) / 8, 6 + (HEIGHT - 12) * (1 - (value(x) - low) / (high - low))) for x in xs
    ]


def function(theme: str, value: Callable[[float], float], low: float, high: float) -> str:
    zero = 6 + (HEIGHT - 12) * (1 - (0 - low) / (high - low))
    return axes(theme, WIDTH / 2, zero) + line(graph(value, low, high), ACCENT[theme])


def wave(
    height: float = 20, middle: float = HEIGHT / 2, turn: float = 0.0
) -> list[tuple[float, float]]:
    """Points of a sine from edge to edge."""
    return [(6 + 2 * t, middle - height * math.sin(turn + t / 8)) for t in range(70)]


# ---- steps and layers ----------------------------------------------------------------------------


def steps(count: int = 5, y: float = 28) -> list[Box]:
    """The places of boxes in a row, one a step."""
    apart = (WIDTH - 12) / count
    return [(6 + apart * t, y, apart - 7, 24) for t in range(count)]


def layer(theme: str, inputs: int, outputs: int, shown: str) -> str:
    """Inputs on the left, outputs on the right and a line for each weight. shown: "inputs",
    "outputs" or "weights", what the picture is about.
    """
    left = [(30.0, HEIGHT * (k + 1) / (inputs + 1)) for k in range(inputs)]
    right = [(WIDTH - 30.0, HEIGHT * (k + 1) / (outputs + 1)) for k in range(outputs)]
    inks = {name: ACCENT[theme] if name == shown else MUTED[theme]
            for name in ("inputs", "outputs", "weights")}  # fmt: skip
    lines = "".join(line([a, b], inks["weights"]) for a in left for b in right)
    return lines + dots(left, inks["inputs"]) + dots(right, inks["outputs"])


def gate(theme: str, share: float) -> str:
    """What comes in from the left, and the share of it that passes."""
    wide, middle, orange = 36.0, HEIGHT / 2, ENDS[theme][1]
    inside = fill((4, middle - wide / 2, 62, wide), orange)
    outside = fill((84, middle - wide * share / 2, 62, wide * share), orange)
    return inside + outside + fill((71, 4, 8, HEIGHT - 8), ENDS[theme][2])


def loop(theme: str, gates: int) -> str:
    """A cell whose state comes back to it, with so many gates in it."""
    box = (50.0, 18.0, 50.0, 40.0)
    around = [(100.0, 38.0), (126.0, 38.0), (126.0, 70.0), (24.0, 70.0), (24.0, 38.0), (48.0, 38.0)]
    apart = 50 / (gates + 1)
    teal = "".join(
        fill((50 + apart * (k + 1) - 3, 24, 6, 28), ENDS[theme][2]) for k in range(gates)
    )
    return arrow(around, ACCENT[theme]) + frame(box, INK[theme]) + teal
