"""A small picture for each word of the glossary: SVG in either theme."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from seqviz.figures.glossary.shapes import (
    HEIGHT,
    WIDTH,
    arrow,
    axes,
    bars,
    cells,
    dots,
    fill,
    frame,
    function,
    gate,
    graph,
    layer,
    line,
    loop,
    shares,
    steps,
    wave,
)
from seqviz.figures.palette import ACCENT, ENDS, INK, MUTED

_ROWS, _COLUMNS = 4, 8


def picture(name: str, theme: str) -> str:
    """The picture of a word. theme: "light" or "dark". Raises KeyError on a word without one."""
    opening = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"'
    return f'{opening} width="{WIDTH}" height="{HEIGHT}">{PICTURES[name](theme)}</svg>'


# ---- states --------------------------------------------------------------------------------------


def _states(rows: Sequence[int] = range(_ROWS)) -> list[list[float]]:
    """A few units over a few steps."""
    return [[math.sin(1.7 * k + 0.8 * t * (1 + k / 3)) for t in range(_COLUMNS)] for k in rows]


def _heatmap(theme: str, row: int | None = None, column: int | None = None) -> str:
    """A row or column is framed."""
    wide, high = WIDTH / _COLUMNS, HEIGHT / _ROWS
    drawn = cells(theme, _states())
    if row is not None:
        drawn += frame((1, row * high, WIDTH - 2, high), INK[theme])
    if column is not None:
        drawn += frame((column * wide, 1, wide, HEIGHT - 2), INK[theme])
    return drawn


def _batch(theme: str) -> str:
    return "".join(
        cells(theme, _states(range(k, k + 3)), (22.0 - 10 * k, 4.0 + 14 * k, 116, 44))
        for k in range(3)
    )


def _cell_state(theme: str) -> str:
    """It runs straight through; one gate takes away of it, another adds to it."""
    y, muted = 30.0, MUTED[theme]
    through = arrow([(4, y), (WIDTH - 4, y)], ACCENT[theme])
    times = line([(45, 25), (55, 35)], INK[theme]) + line([(45, 35), (55, 25)], INK[theme])
    plus = line([(93, y), (107, y)], INK[theme]) + line([(100, 23), (100, 37)], INK[theme])
    up = "".join(arrow([(x, HEIGHT - 6), (x, 44)], muted) for x in (50.0, 100.0))
    return through + times + plus + up


def _layers(theme: str) -> str:
    low, high = steps(theme, y=50), steps(theme, y=6)
    drawn = [frame(box, INK[theme]) for box in (*low, *high)]
    drawn += [arrow([(box[0] + box[2] / 2, 48), (box[0] + box[2] / 2, 33)], ACCENT[theme])
              for box in low]  # fmt: skip
    return "".join(drawn)


def _read(theme: str, both: bool = False) -> str:
    """Steps as boxes, read from the left; in both directions also from the right."""
    boxes = "".join(frame(box, INK[theme]) for box in steps(theme))
    there = arrow([(8, 16), (140, 16)], ACCENT[theme])
    back = arrow([(142, 64), (10, 64)], ENDS[theme][1]) if both else ""
    return boxes + there + back


def _truncation(theme: str) -> str:
    """The way back ends in the middle."""
    boxes = "".join(frame(box, INK[theme]) for box in steps(theme, 6))
    back = arrow([(142, 64), (82, 64)], ENDS[theme][1])
    cut = line([(75, 20), (75, 72)], ACCENT[theme])
    return boxes + back + cut + line([(68, 64), (10, 64)], MUTED[theme], dashed=True)


# ---- functions and curves ------------------------------------------------------------------------


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def _bias(theme: str) -> str:
    moved = line(graph(lambda x: math.tanh(x + 1.5), -1.0, 1.0), ENDS[theme][1])
    return function(theme, math.tanh, -1.0, 1.0) + moved


def _decay(theme: str, factors: Sequence[float]) -> str:
    """Products over steps, one line a factor."""
    lines = [
        line(
            [(6 + 17 * t, HEIGHT - 6 - min(68.0, 30 * factor**t)) for t in range(9)],
            ACCENT[theme] if factor < 1 else ENDS[theme][1],
        )
        for factor in factors
    ]
    return axes(theme, 6, HEIGHT - 6) + "".join(lines)


def _loss(theme: str, marks: int = 0, baseline: bool = True) -> str:
    points = [(6 + 2 * t, 10 + 55 * (1 - math.exp(-t / 18))) for t in range(70)]
    dashed = line([(4, 24), (WIDTH - 4, 24)], MUTED[theme], dashed=True) if baseline else ""
    marked = dots(points[:: 69 // max(1, marks - 1)] if marks else (), ENDS[theme][1])
    return axes(theme, 6, HEIGHT - 6) + dashed + line(points, ACCENT[theme]) + marked


def _descent(theme: str, rate: float, moves: int) -> str:
    """Down a valley, each move as long as the slope is steep."""
    x, places = -3.6, []
    for _ in range(moves + 1):
        places.append((WIDTH * (x + 4) / 8, 6 + (HEIGHT - 12) * (1 - x * x / 16)))
        x -= rate * 2 * x
    valley = line(graph(lambda x: x * x, 0.0, 16.0), MUTED[theme])
    return valley + line(places, ENDS[theme][1]) + dots(places, ENDS[theme][1])


def _gradient(theme: str) -> str:
    """The slope where one stands, and the way down."""
    x, y = WIDTH * 0.2, 6 + (HEIGHT - 12) * (1 - 2.4**2 / 16)
    valley = line(graph(lambda x: x * x, 0.0, 16.0), ACCENT[theme])
    return valley + arrow([(x - 14, y - 15), (x + 24, y + 26)], ENDS[theme][1]) + dots(
        [(x, y)], INK[theme]
    )  # fmt: skip


def _two(theme: str, meet: bool) -> str:
    """Two nearly equal paths that part, or that were parted once and meet again."""
    one = wave()
    far = [math.exp(-t / 14) if meet else math.exp((t - 69) / 14) for t in range(70)]
    other = [(x, y - 24 * by) for (x, y), by in zip(one, far, strict=True)]
    return line(one, ACCENT[theme]) + line(other, ENDS[theme][1])


def _continuation(theme: str) -> str:
    points = wave()
    go_on = line(points[40:], ENDS[theme][1], dashed=True)
    return line(points[:41], ACCENT[theme]) + go_on


def _misses(theme: str) -> str:
    """A prediction beside what came, and how far it is off."""
    came, said = wave(), wave(height=13, turn=0.5)
    off = "".join(line([came[t], said[t]], ENDS[theme][1]) for t in range(4, 70, 10))
    return off + line(came, INK[theme]) + line(said, ACCENT[theme])


def _standardise(theme: str) -> str:
    raw = [(x, y - 26) for x, y in wave(height=6)]
    return axes(theme, 6, 50) + line(raw, MUTED[theme]) + line(wave(22, 50), ACCENT[theme])


def _clamp(theme: str) -> str:
    """What it would be, and what it is held at."""
    points = wave()
    held = [(points[30][0], points[30][1]), *((x, 24.0) for x, _ in points[31:])]
    return (
        line(points, MUTED[theme], dashed=True)
        + line(points[:31], ACCENT[theme])
        + line(held, ENDS[theme][1])
    )


def _path(theme: str) -> str:
    """States as a path in the plane, from its start to its end."""
    turns = [k / 8 for k in range(52)]
    points = [(75 + (66 - 9 * a) * math.cos(a), 40 + (34 - 5 * a) * math.sin(a)) for a in turns]
    return arrow(points, ACCENT[theme]) + dots(points[:1], ENDS[theme][1])


def _circle(theme: str) -> str:
    """Eigenvalues in the unit circle; the outermost has a radius drawn to it."""
    x, y, r = WIDTH / 2, HEIGHT / 2, 34
    round_ = f'<circle cx="{x}" cy="{y}" r="{r}" fill="none" stroke="{MUTED[theme]}"/>'
    places = [(0.75, 0.45), (0.75, -0.45), (-0.5, 0.3), (-0.5, -0.3), (0.2, 0), (-0.1, 0)]
    at = [(x + r * a, y - r * b) for a, b in places]
    return round_ + line([(x, y), at[0]], ENDS[theme][1]) + dots(at, ACCENT[theme])


# ---- tables --------------------------------------------------------------------------------------


def _near(size: int, width: float) -> list[list[float]]:
    """Large on the diagonal, small away from it."""
    return [[math.exp(-(((k - t) / width) ** 2)) for t in range(size)] for k in range(size)]


def _square(theme: str, values: Sequence[Sequence[float]]) -> str:
    return shares(theme, values, (35, 0, 80, 80))


def _alike(theme: str) -> str:
    """Distances of steps, of a sequence that comes back to where it was."""
    return cells(
        theme,
        [[0.5 - 0.5 * math.cos((k - t) * 1.05) for t in range(12)] for k in range(12)],
        (35, 0, 80, 80),
    )


def _jacobian(theme: str) -> str:
    values = [[math.sin(2.3 * k + 1.1 * t * k + t) for t in range(5)] for k in range(5)]
    return cells(theme, values, (35, 0, 80, 80))


def _same_states(theme: str) -> str:
    """Two networks with the same states in another order of units."""
    left, right = (0, 8, 68, 64), (82, 8, 68, 64)
    return cells(theme, _states(), left) + cells(theme, _states((2, 0, 3, 1)), right)


def _bands(theme: str) -> str:
    """A pitch that rises, and its overtone."""
    return shares(
        theme,
        [
            [max(math.exp(-((6 - k - t / 4) ** 2)), 0.5 * math.exp(-((3 - k - t / 4) ** 2)))
             for t in range(15)]
            for k in range(8)
        ],
    )  # fmt: skip


def _first_letters(theme: str) -> str:
    """A row of its own for each symbol."""
    return shares(theme, [[float(k == t) for t in range(8)] for k in range(5)])


# ---- counts --------------------------------------------------------------------------------------


def _some(theme: str, right: Sequence[bool], other: str) -> str:
    """A box for each of some sequences; those that are not are framed in the other colour."""
    return "".join(
        fill(box, ACCENT[theme], 0.9) if is_right else frame(box, other)
        for box, is_right in zip(steps(theme, len(right)), right, strict=True)
    )


def _again(theme: str, values: Sequence[float]) -> str:
    """The same bars twice."""
    return bars(theme, values, (0, 0, 72, 80)) + bars(theme, values, (78, 0, 72, 80))


def _temperature(theme: str) -> str:
    cold, hot = (0.05, 0.9, 0.1), (0.35, 0.55, 0.4)
    return bars(theme, cold, (0, 0, 72, 80)) + bars(theme, hot, (78, 0, 72, 80))


def _after(theme: str, distance: int) -> str:
    """Two steps, the first of which decides the second."""
    boxes = steps(theme, y=44)
    x, end = boxes[0][0] + 11, boxes[distance][0] + 11
    over = [(x + (end - x) * k / 12, 40 - 28 * math.sin(math.pi * k / 12)) for k in range(13)]
    drawn = [frame(box, INK[theme]) for box in boxes]
    drawn += [fill(boxes[k], ACCENT[theme], 0.9) for k in (0, distance)]
    return "".join(drawn) + arrow(over, ENDS[theme][1])


def _surprise(theme: str) -> str:
    """Minus the logarithm of a probability, from 0 to 1."""
    points = [(6 + 1.38 * k, HEIGHT - 6 + 15 * math.log(k / 100)) for k in range(1, 101)]
    return axes(theme, 6, HEIGHT - 6) + line(points, ACCENT[theme])


Picture = Callable[[str], str]
PICTURES: Mapping[str, Picture] = MappingProxyType(
    {
        "hidden_state": lambda theme: _heatmap(theme, column=4),
        "cell_state": _cell_state,
        "unit": lambda theme: _heatmap(theme, row=1),
        "time_step": lambda theme: _heatmap(theme, column=4),
        "heatmap": _heatmap,
        "sequence": _read,
        "standardise": _standardise,
        "band": _bands,
        "h_0": lambda theme: _heatmap(theme, column=0),
        "output": _heatmap,
        "h_n": lambda theme: _heatmap(theme, column=_COLUMNS - 1),
        "input_size": lambda theme: layer(theme, 3, 4, "inputs"),
        "hidden_size": lambda theme: layer(theme, 1, 5, "outputs"),
        "num_layers": _layers,
        "bidirectional": lambda theme: _read(theme, both=True),
        "bias": _bias,
        "batch": _batch,
        "seed": lambda theme: _again(theme, (0.3, 0.9, 0.1, 0.6)),
        "init": lambda theme: bars(theme, (0.1, 0.3, 0.65, 1.0, 1.0, 0.65, 0.3, 0.1)),
        "weights": lambda theme: layer(theme, 3, 4, "weights"),
        "rnn": lambda theme: loop(theme, 0),
        "lstm": lambda theme: loop(theme, 3),
        "gru": lambda theme: loop(theme, 2),
        "gate": lambda theme: gate(theme, 0.5),
        "forget_gate": lambda theme: gate(theme, 0.9),
        "input_gate": lambda theme: gate(theme, 0.3),
        "output_gate": lambda theme: gate(theme, 0.6),
        "candidate": lambda theme: function(theme, math.tanh, -1.0, 1.0),
        "reset_gate": lambda theme: gate(theme, 0.2),
        "update_gate": lambda theme: gate(theme, 0.7),
        "forget_bias": lambda theme: gate(theme, 0.95),
        "tanh": lambda theme: function(theme, math.tanh, -1.0, 1.0),
        "sigmoid": lambda theme: function(theme, _sigmoid, 0.0, 1.0),
        "rho": _circle,
        "eigenvalue": _circle,
        "influence": lambda theme: _decay(theme, (0.7,)),
        "jacobian": _jacobian,
        "horizon": lambda theme: _decay(theme, (0.7,)),
        "nudge": lambda theme: _two(theme, meet=True),
        "clamp": _clamp,
        "gradient": _gradient,
        "vanishing": lambda theme: _decay(theme, (0.6, 1.1)),
        "clip": lambda theme: function(theme, lambda x: max(-1.5, min(1.5, x)), -2.0, 2.0),
        "truncation": _truncation,
        "loss": _loss,
        "cross_entropy": _surprise,
        "rmse": _misses,
        "accuracy": lambda theme: _some(theme, (True, True, False, True, True), ENDS[theme][1]),
        "confusion": lambda theme: _square(theme, _near(6, 0.7)),
        "baseline": _loss,
        "held_out": lambda theme: _some(theme, (True,) * 4 + (False,), ENDS[theme][2]),
        "delay": lambda theme: _after(theme, 4),
        "iteration": lambda theme: _loss(theme, marks=24, baseline=False),
        "epoch": lambda theme: _read(theme) + arrow([(142, 64), (10, 64)], ACCENT[theme]),
        "learning_rate": lambda theme: _descent(theme, 0.15, 5),
        "optimizer": lambda theme: _descent(theme, 0.85, 6),
        "checkpoint": lambda theme: _loss(theme, marks=6, baseline=False),
        "logit": lambda theme: bars(theme, (-0.3, 0.8, 0.2, -0.6)),
        "softmax": lambda theme: bars(theme, (0.1, 0.65, 0.2, 0.05)),
        "temperature": _temperature,
        "perplexity": lambda theme: bars(theme, (0.5, 0.5, 0.5, 0.5, 0.5)),
        "head": lambda theme: layer(theme, 5, 2, "outputs"),
        "continuation": _continuation,
        "one_hot": lambda theme: bars(theme, (0.0, 0.0, 1.0, 0.0, 0.0)),
        "vocabulary": _first_letters,
        "bigram": lambda theme: _after(theme, 1),
        "attention": lambda theme: _square(theme, _near(7, 1.2)),
        "pca": _path,
        "alike": _alike,
        "cka": _same_states,
        "lyapunov": lambda theme: _two(theme, meet=False),
    }
)
