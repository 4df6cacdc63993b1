"""Curves and gestures to draw with: any at all, and a figure of eight."""

import math

from hypothesis import strategies as st

from seqviz.data.drawing import parse_strokes
from seqviz.limits import MAX_DRAWING_TIME

LEVEL = st.integers(0, 4095)
LEVELS = st.lists(LEVEL, max_size=200).map(tuple)
POINTS = st.tuples(LEVEL, LEVEL, st.integers(0, MAX_DRAWING_TIME))
STROKES = st.lists(st.lists(POINTS, min_size=1, max_size=12), max_size=6).map(parse_strokes)
FIGURE_8 = (
    tuple(
        (
            round(2047 + 1900 * math.sin(2 * math.pi * k / 400)),
            round(2047 + 1900 * math.sin(4 * math.pi * k / 400)),
            8 * k,
        )
        for k in range(400)
    ),
)
