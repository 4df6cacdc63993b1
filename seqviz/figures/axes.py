"""What the figures of Memory share: axes in the theme's ink, logarithms with gaps, colours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from seqviz.figures import palette

if TYPE_CHECKING:
    import plotly.graph_objects as go

DASHES = ("solid", "dash", "dot", "dashdot")


def curves(
    x: NDArray[Any], lines: Mapping[str, NDArray[Any]], theme: str, across: str, up: str
) -> go.Figure:
    """A curve for each name on a logarithmic axis; across and up are the axes' titles."""
    import plotly.graph_objects as go

    figure = go.Figure()
    for k, (name, values) in enumerate(lines.items()):
        figure.add_scatter(
            x=x,
            y=positive(values),
            name=name,
            line={"color": colour(k, theme), "width": 2.5, "dash": DASHES[k % 4]},
            hovertemplate="%{x}: %{y:.3g}<extra>" + name + "</extra>",
        )
    figure.update_layout(layout(theme, across, up), showlegend=True)
    figure.update_layout(legend={"orientation": "h", "y": 1.02, "yanchor": "bottom"})
    figure.update_yaxes(type="log", exponentformat="power")
    return figure


def positive(values: NDArray[Any]) -> NDArray[np.float64]:
    """Values a log axis can show; gaps for 0, overflow, and what lies beyond 1e±300."""
    wide = np.asarray(values, np.float64)
    return np.where(np.isfinite(wide) & (wide > 1e-300) & (wide < 1e300), wide, np.nan)


def colour(k: int, theme: str) -> str:
    """The k-th of four colours, from the accent on."""
    colours = (palette.ACCENT[theme], palette.POSITIVE, palette.GATE, palette.NEGATIVE)
    return colours[k % len(colours)]


def faint(paint: str) -> str:
    """The same colour, one fifth opaque."""
    red, green, blue = (int(paint[k : k + 2], 16) for k in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.2)"


def layout(theme: str, across: str, up: str) -> dict[str, Any]:
    """A transparent figure whose axes have these titles."""
    axis = {
        "gridcolor": palette.LINE[theme],
        "zeroline": False,
        "linecolor": palette.LINE[theme],
        "tickfont": {"size": 14, "color": palette.INK[theme]},
    }
    return {
        "xaxis": {**axis, "title": {"text": across}},
        "yaxis": {**axis, "title": {"text": up}},
        "font": {"size": 14, "color": palette.INK[theme]},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": {"l": 64, "r": 16, "t": 28, "b": 48},
        "showlegend": False,
    }
