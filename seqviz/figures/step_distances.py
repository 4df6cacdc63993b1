"""Which steps lie close together for each of several networks: small heatmaps, and in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from seqviz.figures import palette
from seqviz.labels import number

if TYPE_CHECKING:
    import plotly.graph_objects as go

Floats = NDArray[np.float64]
MAX_ROWS = 120  # steps of a heatmap: on a small square no more are seen

GAP = 0.06  # of a square's share of the width, left empty at either side


def shown_steps(steps: int) -> NDArray[np.intp]:
    """Which t of a sequence a heatmap has room for: every k-th from the first, at most MAX_ROWS."""
    return np.arange(0, steps, -(-steps // MAX_ROWS))


def step_distances(
    matrices: Mapping[str, Floats],
    at: NDArray[np.intp],
    step: int | None = None,
    theme: str = "light",
) -> go.Figure:
    """A square for each network, side by side: the distance of its states at any two steps.

    matrices: by the network's name, (S, S); NaN leaves a gap. Each has its own scale, from 0 to
    what 95 % of its distances stay below: the first states may lie far from all others. at: (S,)
    the t of each row, from 0. step: from 1, framed as a row and a column; None or 0 for none.
    """
    import plotly.graph_objects as go

    figure, layout = go.Figure(), _layout(theme)
    for k, (name, matrix) in enumerate(matrices.items()):
        x, y = (f"{axis}{k + 1 if k else ''}" for axis in "xy")  # as Plotly counts: x, x2, x3
        known = _known(matrix)
        cells = {"z": known, "zmax": _limit(known), "x": at + 1, "y": at + 1}
        figure.add_trace(go.Heatmap(**cells, xaxis=x, yaxis=y, **_look(theme)))
        domain = [(k + GAP) / len(matrices), (k + 1 - GAP) / len(matrices)]
        first, last = at[0] + 0.5, at[-1] + 1.5
        layout[f"xaxis{x[1:]}"] = {**_axis(theme, y, domain), "range": [first, last]}
        layout[f"yaxis{y[1:]}"] = {
            **_axis(theme, x, [0, 1]),
            "range": [last, first],
            "scaleanchor": x,
            "title": {} if k else {"text": "step"},
            "showticklabels": not k,
        }
        layout["annotations"].append(_title(name, x, y, theme))
        layout["shapes"] += _frame(at, step, x, y, theme)
    figure.update_layout(layout)
    return figure


def describe_step_distances(matrices: Mapping[str, Floats], at: NDArray[np.intp]) -> str:
    """The figure in words: for each network the two steps that lie furthest apart."""
    said = ["Distance of the states at any two steps, a square for each network."]
    for name, matrix in matrices.items():
        known = _known(matrix)
        if not np.nan_to_num(known).any():
            said.append(f"{name}: no two steps lie apart.")
            continue
        one, other = np.unravel_index(int(np.nanargmax(known)), known.shape)
        steps = f"steps {at[one] + 1} and {at[other] + 1}"
        said.append(f"{name}: {steps} lie furthest apart, {number(known[one, other])}.")
    return " ".join(said)


def _known(matrix: Floats) -> Floats:
    return np.where(np.isfinite(matrix), matrix, np.nan)


def _limit(known: Floats) -> float:
    """Where the colours end; never 0, which Plotly would take for no limit at all."""
    apart = known[np.isfinite(known) & (known > 0)]
    return float(np.quantile(apart, 0.95)) if len(apart) else 1.0


def _look(theme: str) -> dict[str, Any]:
    return {
        "zmin": 0,
        "colorscale": [(0.0, palette.BACKGROUND[theme]), (1.0, palette.POSITIVE)],
        "showscale": False,
        "hovertemplate": "steps %{x} and %{y}: %{z:.4g} apart<extra></extra>",
    }


def _layout(theme: str) -> dict[str, Any]:
    return {
        "template": "none",
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"size": 14, "color": palette.INK[theme]},
        "margin": {"l": 56, "r": 8, "t": 26, "b": 28, "pad": 0},
        "annotations": [],
        "shapes": [],
    }


def _axis(theme: str, anchor: str, domain: list[float]) -> dict[str, Any]:
    return {
        "anchor": anchor,
        "domain": domain,
        "constrain": "domain",
        "showgrid": False,
        "zeroline": False,
        "showline": True,
        "mirror": True,
        "linecolor": palette.MUTED[theme],
        "nticks": 4,
        "tickformat": "d",
        "fixedrange": True,
    }


def _title(name: str, x: str, y: str, theme: str) -> dict[str, Any]:
    return {
        "text": name,
        "x": 0.5,
        "xref": f"{x} domain",
        "y": 1,
        "yref": f"{y} domain",
        "yanchor": "bottom",
        "yshift": 2,
        "showarrow": False,
        "font": {"size": 14, "color": palette.INK[theme]},
    }


def _frame(
    at: NDArray[np.intp], step: int | None, x: str, y: str, theme: str
) -> list[dict[str, Any]]:
    """A line along the step's row and one along its column."""
    if not step:
        return []
    line = {"type": "line", "line": {"color": palette.ACCENT[theme], "width": 1}}
    here, low, high = min(step, int(at[-1]) + 1), at[0] + 0.5, at[-1] + 1.5
    place = {"xref": x, "yref": y}
    return [
        {**line, **place, "x0": low, "x1": high, "y0": here, "y1": here},
        {**line, **place, "x0": here, "x1": here, "y0": low, "y1": high},
    ]
