"""How far the states of two runs lie apart, step by step, as a Plotly figure and in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from seqviz.analysis.trace_difference import Floats
from seqviz.figures.palette import ACCENT, INK, LINE, MUTED
from seqviz.labels import number

if TYPE_CHECKING:
    import plotly.graph_objects as go

Pairs = Mapping[tuple[str, str], Floats]
DASHES = ("solid", "dash")
EXPLODED = 1e3  # bounded states never lie this far apart: beyond, only powers of ten can be read
LABELS_WIDTH = 96  # pixels left of the player's heatmaps: the steps stand under their columns


def norms(
    pairs: Pairs,
    step: int | None = None,
    theme: str = "light",
    *,
    steps: int | None = None,
    reverse: bool = False,
) -> go.Figure:
    """A curve for each pair of runs over the steps, counted from 1; step (0 to T) is marked.

    pairs: {("A", "B"): ‖h_A − h_B‖, (T,)}; NaN where there is nothing to compare leaves a gap.
    step: None marks the last step. steps: of the longest run, where one reads on alone. reverse:
    leave room at the right for the player's column of h_0. The y axis has powers of ten once a
    norm is beyond 1,000, as only unbounded states reach.
    """
    import plotly.graph_objects as go

    steps = steps or _steps(pairs)
    here = steps if step is None else min(step, steps)
    mark = {"x0": here, "x1": here, "y0": 0, "y1": 1, "xref": "x", "yref": "paper"}
    curves = [
        curve
        for k, (pair, values) in enumerate(pairs.items())
        for curve in _curves(pair, values, here, _style(k, theme))
    ]
    layout = {
        "template": "none",
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"color": INK[theme], "size": 13},
        "margin": {"l": LABELS_WIDTH, "r": 0, "t": 26, "b": 40},
        "legend": {
            "orientation": "h",
            "y": 1.0,
            "yanchor": "bottom",
            "x": 0,
            "font": {"size": 14, "color": INK[theme]},
        },
        "showlegend": True,
        "hovermode": "x",
        "xaxis": {
            "range": [-0.5, steps + (1.5 if reverse else 0.5)],
            "title": {"text": "step", "standoff": 6},
            "showgrid": False,
            "zeroline": False,
            "tickformat": "d",
            "fixedrange": True,
            "tickfont": {"size": 13},
        },
        "yaxis": {
            "gridcolor": LINE[theme],
            "zeroline": False,
            "nticks": 5,
            "tickfont": {"size": 13},
            "fixedrange": True,
            **_scale(pairs),
        },
        "shapes": [{"type": "line", **mark, "line": {"color": ACCENT[theme], "width": 2}}],
    }
    return go.Figure({"data": curves, "layout": layout})


def describe_norms(pairs: Pairs, step: int | None = None) -> str:
    """The figure in words: each pair's norm at step, its largest, and the one at the last step."""
    said = [f"Distance of the states over {_steps(pairs)} steps."]
    for pair, values in pairs.items():
        name, known = " − ".join(pair), np.flatnonzero(np.isfinite(values))
        if not len(known):
            said.append(f"{name}: at no step a number.")
            continue
        peak, last = known[values[known].argmax()], known[-1]
        here = len(values) if step is None else min(step, len(values))
        now = f"{_at(values, here)}; " if 0 < here != last + 1 else ""
        said.append(f"{name}: {now}largest {_at(values, peak + 1)}; last {_at(values, last + 1)}.")
    return " ".join(said)


def _steps(pairs: Pairs) -> int:
    return max(len(values) for values in pairs.values())


def _at(values: Floats, step: int) -> str:
    value = float(values[step - 1])
    return f"{number(value) if np.isfinite(value) else 'not a number'} at step {step}"


def _style(k: int, theme: str) -> dict[str, Any]:
    return {"color": (INK if k == 0 else MUTED)[theme], "width": 2, "dash": DASHES[k % 2]}


def _curves(
    pair: tuple[str, str], values: Floats, here: int, line: dict[str, Any]
) -> list[dict[str, Any]]:
    """The curve with its value at the marked step in the legend, and a dot there."""
    name = "‖h<sub>{}</sub> − h<sub>{}</sub>‖".format(*pair)
    known = 0 < here <= len(values) and np.isfinite(values[here - 1])
    value = f" = {_short(float(values[here - 1]))} at step {here}" if known else ""
    curve = {
        "type": "scatter",
        "name": f"{name}{value}",
        "x": np.arange(1, len(values) + 1),
        "y": values,
        "mode": "lines" if len(values) > 1 else "markers",
        "line": line,
        "hovertemplate": f"{' − '.join(pair)} = %{{y:.4g}}<br>step %{{x}}<extra></extra>",
    }
    dot = {
        "type": "scatter",
        "x": [here],
        "y": [values[here - 1]] if known else [None],
        "mode": "markers",
        "marker": {"color": line["color"], "size": 9},
        "showlegend": False,
        "hoverinfo": "skip",
    }
    return [curve, dot]


def _short(value: float) -> str:
    return number(value, 3)


def _scale(pairs: Pairs) -> dict[str, Any]:
    known = np.concatenate([values[np.isfinite(values)] for values in pairs.values()])
    if len(known) and known.max() > EXPLODED:
        return {"type": "log", "exponentformat": "power", "dtick": _decades(known)}
    return {"rangemode": "tozero"}


def _decades(known: Floats) -> int:
    """Powers of ten from one tick to the next, for about four of them."""
    some = known[known > 0]
    return max(1, round(float(np.log10(some.max()) - np.log10(some.min())) / 4))
