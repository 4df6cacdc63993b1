"""Small pictures for words that a picture explains: SVG, no scripts, no ids."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from seqviz.figures.palette import ACCENT, ENDS, INK, LINE, MIDDLE, MUTED

WIDTH, HEIGHT = 150, 80
Points = Sequence[tuple[float, float]]
_ROWS, _COLUMNS = 4, 8


def picture(name: str, theme: str) -> str:
    """The picture of a word, "" where it has none. theme: "light" or "dark"."""
    draw = _PICTURES.get(name)
    if draw is None:
        return ""
    opening = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"'
    return f'{opening} width="{WIDTH}" height="{HEIGHT}">{draw(theme)}</svg>'


def _heatmap(theme: str, row: int | None = None, column: int | None = None) -> str:
    """States of a few units over a few steps; a row or column is framed."""
    wide, high = WIDTH / _COLUMNS, HEIGHT / _ROWS
    cells = [
        _cell(theme, t * wide, k * high, wide, high, math.sin(1.7 * k + 0.8 * t * (1 + k / 3)))
        for t in range(_COLUMNS)
        for k in range(_ROWS)
    ]
    frame = ""
    if row is not None:
        frame = _frame(theme, 1, row * high, WIDTH - 2, high)
    if column is not None:
        frame = _frame(theme, column * wide, 1, wide, HEIGHT - 2)
    return "".join(cells) + frame


def _cell(theme: str, x: float, y: float, wide: float, high: float, value: float) -> str:
    blue, orange, _ = ENDS[theme]
    place = f'x="{x:.1f}" y="{y:.1f}" width="{wide - 1:.1f}" height="{high - 1:.1f}"'
    ground = f'<rect {place} fill="{MIDDLE[theme]}"/>'
    colour, strength = (orange if value > 0 else blue), abs(value)
    return f'{ground}<rect {place} fill="{colour}" fill-opacity="{strength:.2f}"/>'


def _frame(theme: str, x: float, y: float, wide: float, high: float) -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high:.1f}"'
    return f'<rect {place} fill="none" stroke="{INK[theme]}" stroke-width="2"/>'


def _line(points: Points, colour: str, dashed: bool = False) -> str:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dashes = ' stroke-dasharray="4 3"' if dashed else ""
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"{dashes}/>'


def _axes(theme: str, x: float, y: float) -> str:
    return _line([(4, y), (WIDTH - 4, y)], LINE[theme]) + _line([(x, 4), (x, HEIGHT - 4)],
                                                               LINE[theme])  # fmt: skip


def _function(theme: str, value: Callable[[float], float], low: float, high: float) -> str:
    """A function from -4 to 4, low at the picture's foot."""
    points = [
        (
            WIDTH * (x + 4) / 8,
            6 + (HEIGHT - 12) * (1 - (value(x) - low) / (high - low)),
        )
        for x in (k / 8 - 4 for k in range(65))
    ]
    zero = 6 + (HEIGHT - 12) * (1 - (0 - low) / (high - low))
    return _axes(theme, WIDTH / 2, zero) + _line(points, ACCENT[theme])


def _decay(theme: str, factors: Sequence[float]) -> str:
    """Products over steps, one line a factor."""
    lines = [
        _line(
            [(6 + 17 * t, HEIGHT - 6 - min(68.0, 30 * factor**t)) for t in range(9)],
            ACCENT[theme] if factor < 1 else ENDS[theme][1],
        )
        for factor in factors
    ]
    return _axes(theme, 6, HEIGHT - 6) + "".join(lines)


def _loss(theme: str) -> str:
    points = [(6 + 2 * t, 10 + 55 * (1 - math.exp(-t / 18))) for t in range(70)]
    dashed = _line([(4, 24), (WIDTH - 4, 24)], MUTED[theme], dashed=True)
    return _axes(theme, 6, HEIGHT - 6) + dashed + _line(points, ACCENT[theme])


def _circle(theme: str) -> str:
    """Eigenvalues in the unit circle; the outermost has a radius drawn to it."""
    x, y, r = WIDTH / 2, HEIGHT / 2, 34
    round_ = f'<circle cx="{x}" cy="{y}" r="{r}" fill="none" stroke="{MUTED[theme]}"/>'
    places = [(0.75, 0.45), (0.75, -0.45), (-0.5, 0.3), (-0.5, -0.3), (0.2, 0), (-0.1, 0)]
    dots = "".join(
        f'<circle cx="{x + r * a:.1f}" cy="{y - r * b:.1f}" r="3" fill="{ACCENT[theme]}"/>'
        for a, b in places
    )
    a, b = places[0]
    return round_ + _line([(x, y), (x + r * a, y - r * b)], ENDS[theme][1]) + dots


def _gate(theme: str, share: float) -> str:
    """What comes in from the left, and the share of it that passes."""
    wide, teal = 36.0, ENDS[theme][2]
    y = HEIGHT / 2
    inside = f'<rect x="4" y="{y - wide / 2}" width="62" height="{wide}" fill="{ENDS[theme][1]}"/>'
    left = wide * share
    outside = (
        f'<rect x="84" y="{y - left / 2:.1f}" width="62" height="{left:.1f}" '
        f'fill="{ENDS[theme][1]}"/>'
    )
    bar = f'<rect x="71" y="4" width="8" height="{HEIGHT - 8}" fill="{teal}"/>'
    return inside + outside + bar


def _bars(theme: str, values: Sequence[float]) -> str:
    wide = (WIDTH - 8) / len(values)
    return "".join(
        f'<rect x="{4 + k * wide:.1f}" y="{HEIGHT - 4 - 70 * value:.1f}" width="{wide - 4:.1f}" '
        f'height="{max(1.0, 70 * value):.1f}" fill="{ACCENT[theme]}"/>'
        for k, value in enumerate(values)
    )


def _arrows(theme: str, both: bool) -> str:
    """Steps as boxes, read from the left; in both directions also from the right."""
    boxes = "".join(_frame(theme, 6 + 29 * t, 28, 22, 24) for t in range(5))
    there = _line([(8, 16), (140, 16), (133, 11), (140, 16), (133, 21)], ACCENT[theme])
    back = _line([(142, 64), (10, 64), (17, 59), (10, 64), (17, 69)], ENDS[theme][1])
    return boxes + there + (back if both else "")


_PICTURES: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {
        "hidden_state": lambda theme: _heatmap(theme, column=4),
        "time_step": lambda theme: _heatmap(theme, column=4),
        "unit": lambda theme: _heatmap(theme, row=1),
        "heatmap": _heatmap,
        "h_n": lambda theme: _heatmap(theme, column=_COLUMNS - 1),
        "h_0": lambda theme: _heatmap(theme, column=0),
        "output": lambda theme: _heatmap(theme),
        "sequence": lambda theme: _arrows(theme, both=False),
        "bidirectional": lambda theme: _arrows(theme, both=True),
        "tanh": lambda theme: _function(theme, math.tanh, -1.0, 1.0),
        "sigmoid": lambda theme: _function(theme, lambda x: 1 / (1 + math.exp(-x)), 0.0, 1.0),
        "gate": lambda theme: _gate(theme, 0.5),
        "forget_gate": lambda theme: _gate(theme, 0.9),
        "forget_bias": lambda theme: _gate(theme, 0.95),
        "rho": _circle,
        "eigenvalue": _circle,
        "vanishing": lambda theme: _decay(theme, (0.6, 1.1)),
        "influence": lambda theme: _decay(theme, (0.7,)),
        "horizon": lambda theme: _decay(theme, (0.7,)),
        "loss": _loss,
        "baseline": _loss,
        "softmax": lambda theme: _bars(theme, (0.1, 0.65, 0.2, 0.05)),
        "one_hot": lambda theme: _bars(theme, (0.0, 0.0, 1.0, 0.0, 0.0)),
    }
)
