"""What the draw pad sends: a curve of levels, or a pen's strokes, as sequences.

A curve is one level per column, 0 (bottom, -1) to 4095 (top, +1). A gesture is strokes of points
(x, y, t): x and y from 0 to 4095, y upwards, and t in milliseconds since the pen first touched.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from seqviz.errors import SeqvizError
from seqviz.limits import MAX_DRAWING_TIME, MAX_POINTS, MAX_STEPS
from seqviz.types import FloatArray, InputSequence, frozen

Levels = tuple[int, ...]
Point = tuple[int, int, int]
Strokes = tuple[tuple[Point, ...], ...]

TOP = 4095  # 12 bits
GESTURE = ("dx", "dy", "pen_up")

_NO_INK = "The pad is empty: draw with the pen."


def curve(levels: Sequence[int], steps: int) -> InputSequence:
    """A drawn curve as one feature in [-1, 1], (steps, 1), kind "curve".

    levels: one for each column, as `parse_levels` takes them; linearly resampled when there are
    not as many as steps. steps: 1 to MAX_STEPS. Raises SeqvizError when nothing is drawn.
    """
    known = parse_levels(levels)
    if not known:
        raise SeqvizError("The pad is empty: draw a curve from left to right.")
    x = _units(np.array(known, np.float64))
    if len(known) != _checked_steps(steps):
        x = np.interp(np.linspace(0.0, 1.0, steps), np.linspace(0.0, 1.0, len(known)), x)
    return InputSequence(frozen(x[:, None]), name="drawn curve")  # (T, 1)


def resample_levels(levels: Sequence[int], steps: int) -> Levels:
    """The same curve with another number of columns, linearly; () stays ()."""
    known = parse_levels(levels)
    if not known or len(known) == steps:
        return known
    places = np.linspace(0.0, 1.0, _checked_steps(steps))
    resampled = np.interp(places, np.linspace(0.0, 1.0, len(known)), known)
    return tuple(int(level) for level in resampled.round())


def gesture(strokes: Strokes, steps: int, by: str = "time") -> InputSequence:
    """A pen's gesture as dx, dy, pen_up, (steps, 3), kind "gesture".

    Step t is the pen's point at t / (steps - 1) of the whole "time" or "arc length", the straight
    way through the air between strokes included. dx, dy: from the point before, in units of which
    the pad is 2 wide and high; 0 at the first step. pen_up: 1 at the last point before the pen
    lifts and at every point in the air, else 0, so the way on from that point leaves no ink; it
    is 1 at the very last. A gesture without duration goes by arc length, one without length by
    time. steps: 1 to MAX_STEPS.

    Raises SeqvizError when there are no points.
    Source: the pen offsets of Graves 2013, section 4, https://arxiv.org/abs/1308.0850
    """
    if by not in ("time", "arc length"):
        raise SeqvizError(f"Unknown resampling {by!r:.40}: choose time or arc length.")
    strokes = parse_strokes(strokes)
    if not strokes:
        raise SeqvizError(_NO_INK)
    points = np.array([point for stroke in strokes for point in stroke], np.float64)  # (P, 3)
    way = _way(points, by)  # (P,)
    places = np.linspace(0.0, way[-1], _checked_steps(steps))  # (T,)
    x = np.interp(places, way, _units(points[:, 0]))
    y = np.interp(places, way, _units(points[:, 1]))
    x[0], y[0] = _units(points[0, :2])  # interp takes the last of several points at one moment
    columns = (np.diff(x, prepend=x[0]), np.diff(y, prepend=y[0]), _pen_up(strokes, way, places))
    return InputSequence(
        frozen(np.stack(columns, axis=-1)),
        feature_names=GESTURE,
        name="drawn gesture",
        kind="gesture",
    )


def ink(sequence: InputSequence) -> FloatArray:
    """Where the pen was at each step of a gesture: (T, 3) of x, y, pen_up, read-only.

    x, y: from the first point, in units of which the pad is 2 wide and high. The way from step t
    to t + 1 has ink when pen_up[t] is 0. Raises SeqvizError when the sequence is no gesture.
    """
    if sequence.feature_names != GESTURE:
        raise SeqvizError("Only a gesture has ink: draw one with the pen.")
    moves = sequence.x[:, :2].astype(np.float64)
    return frozen(np.column_stack([np.cumsum(moves, axis=0), sequence.x[:, 2]]))


def simplify(strokes: Strokes, tolerance: float) -> Strokes:
    """The same gesture with fewer points, first and last of every stroke kept.

    Every point left out was at most tolerance (in the pad's levels, 4096 to its width) from where
    the simplified pen is at the same time, so shape and timing both stay.

    Source: Ramer 1972, Douglas & Peucker 1973, with the time-ratio distance of
    Meratnia & de By 2004, https://doi.org/10.1007/978-3-540-24741-8_44
    """
    return tuple(_simplified(stroke, tolerance) for stroke in strokes)


def parse_levels(value: object) -> Levels:
    """Untrusted JSON as levels: at most MAX_STEPS numbers, rounded and clamped to 0..4095.

    Raises SeqvizError for anything but a list of finite numbers.
    """
    if not isinstance(value, (list, tuple)):
        raise SeqvizError("A drawn curve must be a list of levels from 0 to 4095.")
    if len(value) > MAX_STEPS:
        raise SeqvizError(f"The curve has {len(value):,} columns: draw at most {MAX_STEPS:,}.")
    return tuple(_clamped(level, TOP) for level in value)


def parse_strokes(value: object) -> Strokes:
    """Untrusted JSON as strokes: at most MAX_POINTS [x, y, t], rounded and clamped.

    Empty strokes are dropped; a time before the point before becomes that point's time. Raises
    SeqvizError for anything but lists of lists of three finite numbers.
    """
    if not isinstance(value, (list, tuple)) or not all(isinstance(s, (list, tuple)) for s in value):
        raise SeqvizError("A gesture must be a list of strokes, each a list of points [x, y, t].")
    count = sum(len(stroke) for stroke in value)
    if count > MAX_POINTS:
        raise SeqvizError(f"The gesture has {count:,} points: draw at most {MAX_POINTS:,}.")
    strokes, now = [], 0
    for stroke in value:
        points = []
        for point in stroke:
            if not isinstance(point, (list, tuple)) or len(point) != 3:
                raise SeqvizError("Each point of a gesture must be three numbers, [x, y, t].")
            now = max(now, _clamped(point[2], MAX_DRAWING_TIME))
            points.append((_clamped(point[0], TOP), _clamped(point[1], TOP), now))
        if points:
            strokes.append(tuple(points))
    return tuple(strokes)


def _units(levels: NDArray[np.float64]) -> NDArray[np.float64]:
    return levels / (TOP / 2) - 1.0


def _checked_steps(steps: int) -> int:
    if not isinstance(steps, int) or not 1 <= steps <= MAX_STEPS:
        raise SeqvizError(f"Steps must be a whole number between 1 and {MAX_STEPS:,}.")
    return steps


def _clamped(value: object, high: int) -> int:
    if isinstance(value, bool) or not isinstance(value, (int, float, np.integer, np.floating)):
        raise SeqvizError("A drawing must be made of numbers only: draw it again.")
    if isinstance(value, (float, np.floating)) and not math.isfinite(value):
        raise SeqvizError("A drawing must be made of finite numbers: draw it again.")
    return round(float(min(max(value, 0), high)))  # clamped first: a JSON integer has no limit


def _way(points: NDArray[np.float64], by: str) -> NDArray[np.float64]:
    """How far along the gesture each point is, from 0, never decreasing: (P, 3) -> (P,)."""
    time = points[:, 2] - points[0, 2]
    length = np.cumsum(np.hypot(*np.diff(points[:, :2], axis=0, prepend=points[:1, :2]).T))
    first, second = (time, length) if by == "time" else (length, time)
    for way in (first, second):
        if way[-1] > 0:
            return way
    return np.arange(len(points), dtype=np.float64)  # dots on one spot, at one moment


def _pen_up(
    strokes: Strokes, way: NDArray[np.float64], places: NDArray[np.float64]
) -> NDArray[np.float64]:
    """1 at the places from which the way on goes, wholly or in part, through the air."""
    up = np.zeros(len(places))
    ends = np.cumsum([len(stroke) for stroke in strokes])[:-1]  # first point of the next stroke
    lifts = np.searchsorted(places, way[ends - 1], side="right") - 1
    lands = np.searchsorted(places, way[ends], side="left")
    for lift, land in zip(lifts, lands, strict=True):
        up[lift : max(land, lift + 1)] = 1.0
    up[-1] = 1.0
    return up


def _simplified(stroke: tuple[Point, ...], tolerance: float) -> tuple[Point, ...]:
    points = np.array(stroke, np.float64)  # (P, 3)
    kept = np.zeros(len(points), bool)
    kept[[0, -1]] = True
    open_ranges = [(0, len(points) - 1)]  # a stack: strokes are longer than Python recurses
    while open_ranges:
        first, last = open_ranges.pop()
        if last - first < 2:
            continue
        distances = _distances(points[first : last + 1])
        worst = int(distances.argmax())
        if distances[worst] > tolerance:
            kept[first + worst] = True
            open_ranges += [(first, first + worst), (first + worst, last)]
    return tuple(point for point, keep in zip(stroke, kept, strict=True) if keep)


def _distances(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """From each point to where a pen going straight from first to last is then, (P,)."""
    time = points[:, 2] - points[0, 2]
    if time[-1] == 0:  # no clock: the points' order stands in for it
        time = np.arange(len(points), dtype=np.float64)
    straight = points[0, :2] + (time / time[-1])[:, None] * (points[-1, :2] - points[0, :2])
    distances: NDArray[np.float64] = np.hypot(*(points[:, :2] - straight).T)
    distances[[0, -1]] = 0.0  # the ends stay, whatever rounding says
    return distances
