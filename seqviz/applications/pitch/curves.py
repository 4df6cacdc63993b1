"""The five contours as a pen would draw them: how the pitch moves, without the sound."""

from __future__ import annotations

import numpy as np

from seqviz.applications.pitch.voices import CONTOURS, melody
from seqviz.data.drawing import TOP, Strokes

_HIGH = 7.0  # semitones from the pad's middle to its edge
_POINTS = 41
_FROM, _TO = 0.1, 0.9  # of the pad's width
_TREMBLE = 0.1  # semitones, a hand's


def drawn(k: int) -> tuple[Strokes, str]:
    """The k-th curve as one stroke from left to right within a second, and its contour."""
    contour, generator = CONTOURS[k % len(CONTOURS)], np.random.default_rng((k, 3))
    t = np.linspace(0.0, 1.0, _POINTS)
    semitones = melody(contour, t, generator) + generator.normal(0.0, _TREMBLE, _POINTS)
    x = TOP * (_FROM + (_TO - _FROM) * t)
    y = TOP * (0.5 + 0.5 * (semitones / _HIGH).clip(-1, 1))
    points = np.stack([x, y, 1000 * t], axis=-1).round().astype(int)
    return (tuple((int(a), int(b), int(c)) for a, b, c in points),), contour
