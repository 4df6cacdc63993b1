"""Pictures of words: functions, paths and what changes with time."""

from __future__ import annotations

import math
from collections.abc import Sequence

from seqviz.figures.glossary.shapes import (
    HEIGHT,
    WIDTH,
    arrow,
    axes,
    dots,
    function,
    graph,
    line,
    wave,
)
from seqviz.figures.palette import ACCENT, ENDS, INK, MUTED


def sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def bias(theme: str) -> str:
    moved = line(graph(lambda x: math.tanh(x + 1.5), -1.0, 1.0), ENDS[theme][1])
    return function(theme, math.tanh, -1.0, 1.0) + moved


def decay(theme: str, factors: Sequence[float]) -> str:
    """Products over steps, one line a factor."""
    lines = [
        line(
            [(6 + 17 * t, HEIGHT - 6 - min(68.0, 30 * factor**t)) for t in range(9)],
            ACCENT[theme] if factor < 1 else ENDS[theme][1],
        )
        for factor in factors
    ]
    return axes(theme, 6, HEIGHT - 6) + "".join(lines)


def loss(theme: str, marks: int = 0, baseline: bool = True) -> str:
    points = [(6 + 2 * t, 10 + 55 * (1 - math.exp(-t / 18))) for t in range(70)]
    dashed = line([(4, 24), (WIDTH - 4, 24)], MUTED[theme], dashed=True) if baseline else ""
    marked = dots(points[:: 69 // max(1, marks - 1)] if marks else (), ENDS[theme][1])
    return axes(theme, 6, HEIGHT - 6) + dashed + line(points, ACCENT[theme]) + marked


def descent(theme: str, rate: float, moves: int) -> str:
    """Down a valley, each move as long as the slope is steep."""
    x, places = -3.6, []
    for _ in range(moves + 1):
        places.append((WIDTH * (x + 4) / 8, 6 + (HEIGHT - 12) * (1 - x * x / 16)))
        x -= rate * 2 * x
    valley = line(graph(lambda x: x * x, 0.0, 16.0), MUTED[theme])
    return valley + line(places, ENDS[theme][1]) + dots(places, ENDS[theme][1])


def gradient(theme: str) -> str:
    """The slope where one stands, and the way down."""
    x, y = WIDTH * 0.2, 6 + (HEIGHT - 12) * (1 - 2.4**2 / 16)
    valley = line(graph(lambda x: x * x, 0.0, 16.0), ACCENT[theme])
    return valley + arrow([(x - 14, y - 15), (x + 24, y + 26)], ENDS[theme][1]) + dots(
        [(x, y)], INK[theme]
    )  # fmt: skip


def two_paths(theme: str, meet: bool) -> str:
    """Two nearly equal paths that part, or that were parted once and meet again."""
    one = wave()
    far = [math.exp(-t / 14) if meet else math.exp((t - 69) / 14) for t in range(70)]
    other = [(x, y - 24 * by) for (x, y), by in zip(one, far, strict=True)]
    return line(one, ACCENT[theme]) + line(other, ENDS[theme][1])


def continuation(theme: str) -> str:
    points = wave()
    go_on = line(points[40:], ENDS[theme][1], dashed=True)
    return line(points[:41], ACCENT[theme]) + go_on


def misses(theme: str) -> str:
    """A prediction beside what came, and how far it is off."""
    came, said = wave(), wave(height=13, turn=0.5)
    off = "".join(line([came[t], said[t]], ENDS[theme][1]) for t in range(4, 70, 10))
    return off + line(came, INK[theme]) + line(said, ACCENT[theme])


def standardise(theme: str) -> str:
    raw = [(x, y - 26) for x, y in wave(height=6)]
    return axes(theme, 6, 50) + line(raw, MUTED[theme]) + line(wave(22, 50), ACCENT[theme])


def clamp(theme: str) -> str:
    """What it would be, and what it is held at."""
    points = wave()
    held = [(points[30][0], points[30][1]), *((x, 24.0) for x, _ in points[31:])]
    return (
        line(points, MUTED[theme], dashed=True)
        + line(points[:31], ACCENT[theme])
        + line(held, ENDS[theme][1])
    )


def state_path(theme: str) -> str:
    """States as a path in the plane, from its start to its end."""
    turns = [k / 8 for k in range(52)]
    points = [(75 + (66 - 9 * a) * math.cos(a), 40 + (34 - 5 * a) * math.sin(a)) for a in turns]
    return arrow(points, ACCENT[theme]) + dots(points[:1], ENDS[theme][1])


def unit_circle(theme: str) -> str:
    """Eigenvalues in the unit circle; the outermost has a radius drawn to it."""
    x, y, r = WIDTH / 2, HEIGHT / 2, 34
    round_ = f'<circle cx="{x}" cy="{y}" r="{r}" fill="none" stroke="{MUTED[theme]}"/>'
    places = [(0.75, 0.45), (0.75, -0.45), (-0.5, 0.3), (-0.5, -0.3), (0.2, 0), (-0.1, 0)]
    at = [(x + r * a, y - r * b) for a, b in places]
    return round_ + line([(x, y), at[0]], ENDS[theme][1]) + dots(at, ACCENT[theme])


def surprise(theme: str) -> str:
    """Minus the logarithm of a probability, from 0 to 1."""
    points = [(6 + 1.38 * k, HEIGHT - 6 + 15 * math.log(k / 100)) for k in range(1, 101)]
    return axes(theme, 6, HEIGHT - 6) + line(points, ACCENT[theme])
