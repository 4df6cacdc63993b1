"""Bars that add up to a sum, and what becomes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from seqviz.figures.palette import GATE, MUTED, NEGATIVE, POSITIVE
from seqviz.figures.quick_layout import look, x_axis, y_axis
from seqviz.labels import number

if TYPE_CHECKING:
    import plotly.graph_objects as go


def bars_that_add_up(
    parts: list[tuple[str, float]],
    total: tuple[str, float],
    after: list[tuple[str, float, bool]],
    theme: str,
) -> go.Figure:
    """Bars that add up to total, then bars from 0 for what is made of it: (name, value, signed).

    theme: "light" or "dark". Names tell bars apart: no two are the same.
    """
    import plotly.graph_objects as go

    names = [name for name, _ in parts] + [total[0]]
    shared = {"textposition": "outside", "cliponaxis": False, "hovertemplate": _HOVER}
    sums: dict[str, Any] = {
        "type": "waterfall",
        "x": names,
        "y": [value for _, value in parts] + [total[1]],
        "measure": ["relative"] * len(parts) + ["absolute"],
        "text": [_signed(value) for _, value in parts] + [number(total[1], 3)],
        "increasing": {"marker": {"color": POSITIVE}},
        "decreasing": {"marker": {"color": NEGATIVE}},
        "totals": {"marker": {"color": MUTED[theme]}},
        "connector": {"line": {"color": MUTED[theme], "width": 1}},
        **shared,
    }
    results: dict[str, Any] = {
        "type": "bar",
        "x": [name for name, _, _ in after],
        "y": [value for _, value, _ in after],
        "text": [number(value, 3) for _, value, _ in after],
        "marker": {"color": [_colour(value, signed) for _, value, signed in after]},
        "width": 0.8,
        **shared,
    }
    ends = [total[1], *(value for _, value, _ in after)]
    reach = _reach([value for _, value in parts], ends)
    order: dict[str, Any] = {"categoryorder": "array", "categoryarray": [*names, *results["x"]]}
    layout = {
        **look(theme),
        "xaxis": x_axis(**order),
        "yaxis": y_axis(theme, range=reach, zeroline=True, zerolinecolor=MUTED[theme]),
        "height": 280,
        "showlegend": False,
        "waterfallgap": 0.2,
    }
    return go.Figure({"data": [sums, results] if after else [sums], "layout": layout})


_HOVER = "%{x}: %{text}<extra></extra>"


def _reach(parts: list[float], ends: list[float]) -> tuple[float, float]:
    """The lowest and highest place a bar touches, with room for the words outside it."""
    with np.errstate(all="ignore"):
        places = np.array([0.0, *np.cumsum(parts), *ends])
    places = places[np.isfinite(places)]
    low, high = float(places.min()), float(places.max())
    room = 0.16 * ((high - low) or 1.0)
    return low - room, high + room


def _colour(value: float, signed: bool) -> str:
    if not signed:
        return GATE
    return POSITIVE if value >= 0 else NEGATIVE


def _signed(value: float) -> str:
    return f"+{number(value, 3)}" if value >= 0 else number(value, 3)
