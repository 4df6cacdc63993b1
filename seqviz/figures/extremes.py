"""Where a curve is largest and smallest, named by the labels of its steps."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from seqviz.figures.palette import BACKGROUND, INK, MUTED
from seqviz.labels import number, plotly_text
from seqviz.types import FloatArray


def name_extreme(
    values: FloatArray, labels: Sequence[str], t: int, word: str, theme: str
) -> dict[str, Any] | None:
    """The words beside the largest or smallest of values (T,); None when it is not finite."""
    value = float(values[t])
    if not math.isfinite(value):
        return None
    place = t / len(values)  # words at an end of the axis grow inwards
    return {
        "x": t + 1,
        "y": value,
        "text": f"{word} {number(value, 3)}<br>{plotly_text(called(labels, t))}",
        "ax": 0,
        "ay": -34 if word == "largest" else 34,
        "arrowcolor": MUTED[theme],
        "font": {"color": INK[theme], "size": 13},
        "xanchor": "left" if place < 0.25 else "right" if place > 0.75 else "center",
        "bgcolor": BACKGROUND[theme],
        "opacity": 0.85,
    }


def called(labels: Sequence[str], t: int) -> str:
    """ "step 18", and the step's label when it has one worth reading."""
    label = labels[t]
    return f"step {t + 1}" if label == str(t + 1) else f"step {t + 1}, {label[:20]}"
