"""The $P recogniser: a drawing is a cloud of points, and the nearest template's class is it.

Strokes, their order and their direction do not matter to it; only the picture does.
Source: Vatavu, Anthony & Wobbrock, "Gestures as Point Clouds: A $P Recognizer for User Interface
Prototypes", ICMI 2012, https://doi.org/10.1145/2388676.2388732
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from seqviz.data.drawing import Strokes
from seqviz.types import FloatArray

POINTS = 32
_STARTS = np.arange(0, POINTS, round(POINTS**0.5))  # the paper's epsilon of 0.5
_WEIGHTS = np.float32(1 - (np.arange(POINTS)[:, None] - _STARTS) % POINTS / POINTS)
"""How much each point counts, from each start: (POINTS, starts)."""
_AT_ONCE = 64  # templates


class Nearest:
    """Templates and their classes: clouds (M, POINTS, 2) and M names."""

    def __init__(self, drawings: Sequence[Strokes], classes: Sequence[str]) -> None:
        self.clouds = np.stack([cloud(strokes) for strokes in drawings])
        self.classes = tuple(classes)

    def __call__(self, strokes: Strokes) -> str:
        """The class of the template that the greedy matching finds nearest."""
        distances = self._distances(strokes)
        # no matching costs less than each point's nearest: most templates need no other look
        nearest = np.stack([distances.min(axis=2), distances.min(axis=1)])  # (2, M, POINTS)
        bounds = (nearest @ _WEIGHTS).min(axis=(0, 2))  # (M,)
        order, best, found = np.argsort(bounds), np.inf, 0
        for k in range(0, len(order), _AT_ONCE):
            some = order[k : k + _AT_ONCE]
            if bounds[some[0]] >= best:
                break
            costs = _matched(distances[some])
            if costs.min() < best:
                best, found = costs.min(), some[int(costs.argmin())]
        return self.classes[found]

    def costs(self, strokes: Strokes) -> FloatArray:
        """What matching the drawing with each template costs: (M,)."""
        return _matched(self._distances(strokes))

    def _distances(self, strokes: Strokes) -> FloatArray:
        """Between all points: (M, POINTS of the drawing, POINTS of the template)."""
        points = cloud(strokes)
        squares = (points**2).sum(axis=1)[:, None] + (self.clouds**2).sum(axis=2)[:, None]
        products = points @ self.clouds.transpose(0, 2, 1)
        distances: FloatArray = np.sqrt(np.maximum(squares - 2 * products, 0))
        return distances


def cloud(strokes: Strokes) -> FloatArray:
    """POINTS points evenly along the ink, as large as the unit square, around 0: (POINTS, 2)."""
    ink = [np.array(stroke, np.float64)[:, :2] for stroke in strokes]
    lengths = [np.hypot(*np.diff(stroke, axis=0, prepend=stroke[:1]).T) for stroke in ink]
    way = np.cumsum(np.concatenate(lengths))  # the way through the air has no length
    points, places = np.concatenate(ink), np.linspace(0.0, way[-1], POINTS)
    even = np.stack([np.interp(places, way, axis) for axis in points.T], axis=-1)
    even -= even.min(axis=0)
    even /= max(even.max(), 1e-9)
    centred: FloatArray = (even - even.mean(axis=0)).astype(np.float32)
    return centred


def _matched(distances: FloatArray) -> FloatArray:
    """The cost of the best greedy matching with each template, (M, POINTS, POINTS) -> (M,)."""
    ways = (distances, distances.transpose(0, 2, 1))
    costs = [_greedy(way, start) for way in ways for start in _STARTS.tolist()]
    best: FloatArray = np.min(costs, axis=0)
    return best


def _greedy(distances: FloatArray, start: int) -> FloatArray:
    """Each point from start on takes its nearest free partner, the first ones counting most.

    distances (M, POINTS, POINTS), from row to column. Returns the M sums.
    """
    free = np.zeros(distances.shape[::2], np.float32)  # (M, POINTS), infinite once taken
    templates, total = np.arange(len(distances)), np.zeros(len(distances), np.float32)
    for n in range(POINTS):
        offered = distances[:, (start + n) % POINTS] + free
        taken = offered.argmin(axis=1)
        total += (1 - n / POINTS) * offered[templates, taken]
        free[templates, taken] = np.inf
    return total
