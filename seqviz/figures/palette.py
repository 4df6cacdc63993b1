"""The colours of measured values, one source for the player, Plotly and exported pictures.

Signed values run blue - grey - orange (colour-blind safe); gates, which live in [0, 1], run grey -
teal. The grey of zero is not the background's, so that a unit that is silent is told from no unit,
and in the dark theme the ends are brighter, so that a quarter of the scale can be told from zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seqviz.types import FloatArray

NEGATIVE = "#2166ac"
POSITIVE = "#d95f02"
GATE = "#00796b"
BACKGROUND = {"light": "#ffffff", "dark": "#0f1117"}
INK = {"light": "#1a1c2b", "dark": "#e8e9f0"}
ACCENT = {"light": "#4f46e5", "dark": "#8b85ff"}
MUTED = {"light": "#646b80", "dark": "#9aa1b5"}
MIDDLE = {"light": "#eff1f5", "dark": "#272b37"}
ENDS = {
    "light": (NEGATIVE, POSITIVE, GATE),
    "dark": ("#5ba8f0", "#ff9142", "#33bfa8"),
}
"""The scale's blue, orange and teal."""
LINE = {"light": "#e4e6ec", "dark": "#2a2d38"}

SEQUENTIAL = ("i", "f", "o", "r", "z")
"""Quantities that live in [0, 1]. The others (h, c, g, n) are signed."""


def is_sequential(quantity: str) -> bool:
    """True for sigmoid gates, whose scale runs from 0 to 1."""
    return quantity in SEQUENTIAL


def limit(values: FloatArray) -> float:
    """The symmetric scale's end that fits the data: the largest finite |value|, never 0."""
    magnitudes = np.abs(values[np.isfinite(values)])
    largest = float(magnitudes.max()) if magnitudes.size else 0.0
    return largest or 1.0


def stops(quantity: str, theme: str = "light") -> list[tuple[float, str]]:
    """Positions in [0, 1] and colours, as Plotly's colorscale takes them."""
    middle, (negative, positive, gate) = MIDDLE[theme], ENDS[theme]
    if is_sequential(quantity):
        return [(0.0, middle), (1.0, gate)]
    return [(0.0, negative), (0.5, middle), (1.0, positive)]


def scale(quantity: str, values: FloatArray) -> tuple[float, float]:
    """The ends of the colour scale: (0, 1) for sigmoid gates, else symmetric to fit values."""
    if is_sequential(quantity):
        return 0.0, 1.0
    end = limit(values)
    return -end, end


def common_scale(quantity: str, runs: Sequence[FloatArray]) -> tuple[float, float]:
    """One scale for several runs, so that a colour means the same in each; (-1, 1) for none."""
    ends = [scale(quantity, values) for values in runs]
    return min((low for low, _ in ends), default=-1), max((high for _, high in ends), default=1)


def rgb(
    values: FloatArray, quantity: str, ends: tuple[float, float], theme: str = "light"
) -> NDArray[np.uint8]:
    """Colours of values, shape (*values.shape, 3); NaN and what is out of scale are clipped."""
    positions, colours = zip(*stops(quantity, theme), strict=True)
    channels = np.array([_channels(colour) for colour in colours], np.float32)  # (stops, 3)
    low, high = ends
    clipped = np.clip(np.nan_to_num(values), low, high, dtype=np.float64)
    place = (clipped - low) / (high - low)
    mixed = [np.interp(place, positions, channels[:, k]) for k in range(3)]
    return np.stack(mixed, axis=-1).round().astype(np.uint8)


def for_browser() -> dict[str, Any]:
    """What the player needs to paint with the same colours: the scales of both themes."""
    return {
        theme: {
            "middle": _channels(MIDDLE[theme]),
            "negative": _channels(negative),
            "positive": _channels(positive),
            "gate": _channels(gate),
        }
        for theme, (negative, positive, gate) in ENDS.items()
    }


def _channels(colour: str) -> list[int]:
    return [int(colour[k : k + 2], 16) for k in (1, 3, 5)]
