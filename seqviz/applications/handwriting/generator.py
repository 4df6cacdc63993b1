"""Drawings of digits, each written a little differently, as a pen on the pad would send them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from seqviz.applications.handwriting.digits import DIGITS, Points, Way
from seqviz.data.drawing import TOP, Strokes, parse_strokes

_FINE = 24  # points between two of an ideal stroke
_MARGIN = 0.02  # of the pad


def drawing(digit: str, generator: np.random.Generator) -> Strokes:
    """One drawing of a digit: shape, slant, size, place, pace, order and a trembling hand vary.

    digit: a key of DIGITS. Each stroke's points are 8 to 40 ms apart, with straight lines between
    them; between strokes the pen is in the air for 60 to 900 ms.
    """
    ways = DIGITS[digit]
    weights = np.array([way.weight for way in ways])
    way = ways[generator.choice(len(ways), p=weights / weights.sum())]
    strokes = [_deformed(stroke, generator) for stroke in _ordered(way, generator)]
    if way.closed and generator.random() < 0.7:
        strokes = [_begun_elsewhere(strokes[0], generator)]
    strokes = _placed([_trimmed(stroke, generator) for stroke in strokes], generator)
    return _timed(strokes, generator)


def _ordered(way: Way, generator: np.random.Generator) -> list[tuple[Points, ...]]:
    """The strokes as this hand takes them: one after another, some from their end."""
    strokes = [
        tuple(piece[::-1] for piece in stroke[::-1])
        if turns and generator.random() < 0.3
        else stroke
        for stroke, turns in zip(way.strokes, way.turns, strict=True)
    ]
    if way.any_order and generator.random() < 0.3:
        strokes.reverse()
    return strokes


def _deformed(stroke: tuple[Points, ...], generator: np.random.Generator) -> Points:
    """A stroke's points, each a little elsewhere, with curves through them: (P, 2)."""
    away = abs(generator.normal(0.0, 0.03))  # some hands are more careful than others
    pieces: list[Points] = []
    end = None
    rounded = generator.random() < 0.25  # corners that were taken in a hurry
    for piece in stroke:
        moved = piece + generator.normal(0.0, away, piece.shape)
        if end is not None:
            moved[0] = end
        if len(piece) == 2:
            moved = _bent(moved, generator)
        end = moved[-1]
        pieces.append(moved)
    if rounded:
        joined = np.concatenate([pieces[0], *(piece[1:] for piece in pieces[1:])])
        return _smooth(joined)
    return np.concatenate([_smooth(piece) for piece in pieces])


def _bent(line: Points, generator: np.random.Generator) -> Points:
    """A straight line with its middle moved aside by some 4 % of its length."""
    (dx, dy), share = line[1] - line[0], generator.normal(0.0, 0.04)
    middle = line.mean(axis=0) + share * np.array([-dy, dx])
    return np.stack([line[0], middle, line[1]])


def _smooth(points: Points) -> Points:
    """A centripetal Catmull-Rom curve through points, (P, 2) -> ((P - 1) * _FINE + 1, 2).

    Source: Barry & Goldman 1988; alpha 0.5 makes no loops between points (Yuksel et al. 2011).
    """
    p = np.concatenate([2 * points[:1] - points[1:2], points, 2 * points[-1:] - points[-2:-1]])
    gaps = np.maximum(np.hypot(*np.diff(p, axis=0).T) ** 0.5, 1e-4)
    knots = np.concatenate([[0.0], np.cumsum(gaps)])
    curve = []
    for k in range(1, len(points)):
        t0, t1, t2, t3 = knots[k - 1 : k + 3]
        t = np.linspace(t1, t2, _FINE, endpoint=False)[:, None]
        p0, p1, p2, p3 = p[k - 1 : k + 3]
        a1 = (t1 - t) / (t1 - t0) * p0 + (t - t0) / (t1 - t0) * p1
        a2 = (t2 - t) / (t2 - t1) * p1 + (t - t1) / (t2 - t1) * p2
        a3 = (t3 - t) / (t3 - t2) * p2 + (t - t2) / (t3 - t2) * p3
        b1 = (t2 - t) / (t2 - t0) * a1 + (t - t0) / (t2 - t0) * a2
        b2 = (t3 - t) / (t3 - t1) * a2 + (t - t1) / (t3 - t1) * a3
        curve.append((t2 - t) / (t2 - t1) * b1 + (t - t1) / (t2 - t1) * b2)
    return np.concatenate([*curve, points[-1:]])


def _begun_elsewhere(loop: Points, generator: np.random.Generator) -> Points:
    """A closed curve from another of its points, a quarter of the way round at most."""
    shift = round(generator.uniform(-0.25, 0.25) * len(loop))
    return np.roll(loop[:-1], shift, axis=0)[np.r_[0 : len(loop) - 1, 0]]


def _trimmed(stroke: Points, generator: np.random.Generator) -> Points:
    """A stroke that begins or ends up to 6 % too early or too late."""
    length = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(stroke, axis=0).T))])
    first, last = generator.uniform(0.0, 0.06, 2) * length[-1]
    left: Points = stroke[(length >= first) & (length <= length[-1] - last)]
    return left


def _placed(strokes: list[Points], generator: np.random.Generator) -> list[Points]:
    """Slanted, turned, stretched and put somewhere on the pad, which is 1 wide and high."""
    slant, turn = generator.normal(0.08, 0.16), generator.normal(0.0, 0.09)
    wide = np.exp(generator.normal(0.0, 0.22))
    shear = np.array([[wide, slant], [0.0, 1.0]])
    rotate = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    shapes = [stroke @ (rotate @ shear).T for stroke in strokes]
    points = np.concatenate(shapes)
    low, span = points.min(axis=0), np.ptp(points, axis=0)
    size = min(generator.uniform(0.2, 1.0), *((1 - 2 * _MARGIN) / np.maximum(span, 1e-3)))
    room = 1 - 2 * _MARGIN - size * span
    corner = _MARGIN + room * generator.random(2)
    apart = generator.normal(0.0, 0.02, (len(shapes), 2)) * size * np.arange(len(shapes))[:, None]
    return [
        (shape - low) * size + corner + aside for shape, aside in zip(shapes, apart, strict=True)
    ]


def _timed(strokes: list[Points], generator: np.random.Generator) -> Strokes:
    """Points as the pad sends them, in its levels and milliseconds."""
    pace = np.exp(generator.normal(np.log(1.4), 0.5))  # pads a second
    interval = generator.uniform(8.0, 40.0)
    tremble = abs(generator.normal(0.0, 0.004))
    sampled, now = [], 0.0
    for stroke in strokes:
        clock = _clock(stroke, pace, generator)
        times = np.arange(0.0, clock[-1] + interval, interval).clip(max=clock[-1])
        x, y = (np.interp(times, clock, axis) for axis in stroke.T)
        ink = np.stack([x, y], axis=-1) + generator.normal(0.0, tremble, (len(times), 2))
        sampled.append(np.column_stack([ink * TOP, now + times]).tolist())
        now += clock[-1] + np.exp(generator.uniform(np.log(60.0), np.log(900.0)))
    return parse_strokes(sampled)


def _clock(stroke: Points, pace: float, generator: np.random.Generator) -> NDArray[np.float64]:
    """When the pen is at each point, in milliseconds: it slows down where the way bends."""
    steps = np.diff(stroke, axis=0)
    length = np.maximum(np.hypot(*steps.T), 1e-6)
    bend = np.abs(np.diff(np.unwrap(np.arctan2(steps[:, 1], steps[:, 0])), prepend=np.nan))
    bend = np.nan_to_num(bend).clip(max=1.5)
    careful = generator.uniform(0.0, 0.03)
    along = np.linspace(0.0, 1.0, len(length))
    waves = generator.normal(0.0, 0.18, 3) @ np.sin(np.outer(np.arange(1, 4) * np.pi, along))
    seconds = (length * np.exp(waves) + careful * bend) / pace
    return 1000.0 * np.concatenate([[0.0], np.cumsum(seconds)])


def scribble(generator: np.random.Generator) -> Strokes:
    """What is no digit: a dot, a few dots, a line to the side, a zigzag or a tangle."""
    kind = generator.integers(5)
    if kind < 2:
        dots = [
            np.array([[0.0, 0.0], [1.0, 1.0]]) for _ in range(1 + kind * generator.integers(1, 4))
        ]
        spots = generator.uniform(0.05, 0.95, (len(dots), 2))
        tiny = generator.choice([0.0, 0.005, 0.02])
        return _timed([dot * tiny + spot for dot, spot in zip(dots, spots, strict=True)], generator)
    if kind == 2:
        line = np.array([[0.0, 0.0], [1.0, generator.normal(0.0, 0.1)]])
        points = _smooth(_bent(line, generator))[:: generator.choice([-1, 1])]
    elif kind == 3:
        turns = generator.integers(5, 16)
        sides = np.tile([0.0, 1.0], turns)[:turns] + generator.normal(0.0, 0.1, turns)
        points = np.stack([sides, np.linspace(0.0, generator.uniform(0.1, 1.0), turns)], axis=-1)
        points = np.concatenate([_smooth(points[k : k + 2]) for k in range(turns - 1)])
        points = points[:, :: generator.choice([-1, 1])]
    else:
        points = _smooth(generator.random((generator.integers(8, 24), 2)))
    return _timed(_placed([points], generator), generator)
