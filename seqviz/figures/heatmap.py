"""Plotly figures of a trace, for notebooks and for what is read at rest.

A figure needs only its value: every function takes a Trace and returns a figure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from seqviz.errors import SeqvizError
from seqviz.figures import palette
from seqviz.figures.training.film_controls import evenly, frame_slider, play_buttons
from seqviz.indices import checked_direction, checked_layer
from seqviz.labels import plotly_text
from seqviz.types import FloatArray, Trace

if TYPE_CHECKING:
    import plotly.graph_objects as go

MAX_FRAMES = 200
MAX_TICKS = 24
LABEL_LENGTH = 14
FUTURE = 0.8  # how much of a step not yet reached the cover hides


def heatmap(
    trace: Trace,
    layer: int = 0,
    quantity: str = "h",
    direction: int = 0,
    theme: str = "light",
) -> go.Figure:
    """Units by steps, coloured by value: blue negative, orange positive, teal for gates in [0, 1].

    layer counts from 0, direction is 1 for the reverse one, quantity is "h", "c" or a gate's
    letter. Steps are numbered from 1 and units from 0; hovering reads unit, step and value.
    Raises SeqvizError when the trace has no such layer, direction or quantity.
    """
    import plotly.graph_objects as go

    layer, direction = checked_layer(trace.spec, layer), checked_direction(trace.spec, direction)
    if theme not in palette.BACKGROUND:
        raise SeqvizError(f"Unknown theme {theme!r}: choose light or dark.")
    values = trace.quantity(quantity)[layer, direction]  # (T, H)
    figure = go.Figure(_cells(trace, values, quantity, theme))
    figure.update_layout(_layout(trace, layer, quantity, direction, theme))
    return figure


def animate(
    trace: Trace,
    layer: int = 0,
    quantity: str = "h",
    direction: int = 0,
    theme: str = "light",
) -> go.Figure:
    """The heatmap filling in step by step, with Play, Pause and a slider.

    Takes what heatmap takes. It opens on the last step. Long sequences move several steps a
    frame, so that there are at most MAX_FRAMES. The cells are stored once: a frame only moves the
    cover over the steps not yet reached, which keeps notebooks small. In a notebook
    fig.show(auto_play=False) waits for Play.
    """
    import plotly.graph_objects as go

    figure = heatmap(trace, layer, quantity, direction, theme)
    steps, units = len(trace), trace.spec.hidden_size
    frame_steps = evenly(steps, MAX_FRAMES)
    figure.add_trace(_cover(steps, steps, units, theme))
    figure.frames = [
        go.Frame(name=str(t), data=[_cover(t, steps, units, theme)], traces=[1])
        for t in frame_steps
    ]
    figure.update_layout(
        updatemenus=[play_buttons(len(frame_steps), theme)],
        sliders=[frame_slider(frame_steps, "step ", theme)],
        height=520,
    )
    figure.update_layout(margin={"b": 150})
    return figure


def _cells(trace: Trace, values: FloatArray, quantity: str, theme: str) -> go.Heatmap:
    import plotly.graph_objects as go

    steps, units = values.shape
    low, high = palette.scale(quantity, values)
    named = trace.labels != _numbers(steps)
    label = " (%{customdata})" if named else ""
    gap = 1 if steps <= 120 and units <= 64 else 0
    return go.Heatmap(
        z=values.T,
        x=np.arange(1, steps + 1),
        y=np.arange(units),
        customdata=[[plotly_text(text) for text in trace.labels]] * units if named else None,
        zmin=low,
        zmax=high,
        colorscale=palette.stops(quantity, theme),
        xgap=gap,
        ygap=gap,
        colorbar={"title": {"text": quantity}, "outlinewidth": 0, "thickness": 14},
        hovertemplate=f"unit %{{y}}, step %{{x}}{label}<br>{quantity} = %{{z:.4f}}<extra></extra>",
    )


def _layout(trace: Trace, layer: int, quantity: str, direction: int, theme: str) -> dict[str, Any]:
    way = ", reverse" if direction else ""
    ink, line = palette.INK[theme], palette.LINE[theme]
    axis = {"showgrid": False, "zeroline": False, "linecolor": line, "ticks": ""}
    return {
        "title": {"text": f"{quantity} of layer {layer + 1}{way}", "x": 0, "xref": "paper"},
        "xaxis": {
            **axis,
            "title": {"text": "step"},
            **_ticks(trace.labels),
            "range": [0.5, len(trace) + 0.5],
        },
        # unit 0 on top, as in the player
        "yaxis": {
            **axis,
            "title": {"text": "unit"},
            "range": [trace.spec.hidden_size - 0.5, -0.5],
            "tickformat": "d",
        },
        "font": {"size": 15, "color": ink},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": {"l": 64, "r": 16, "t": 56, "b": 72},
        "showlegend": False,
    }


def _ticks(labels: tuple[str, ...]) -> dict[str, Any]:
    """Evenly spaced ticks with the steps' own names, few enough to read."""
    every = -(-len(labels) // MAX_TICKS)
    at = range(0, len(labels), every)
    short = (labels[t] if len(labels[t]) <= LABEL_LENGTH else labels[t][:13] + "…" for t in at)
    return {"tickvals": [t + 1 for t in at], "ticktext": [plotly_text(text) for text in short]}


def _numbers(steps: int) -> tuple[str, ...]:
    return tuple(str(t + 1) for t in range(steps))


def _cover(t: int, steps: int, units: int, theme: str) -> go.Scatter:
    """A veil over every step after t, its left edge being the playhead."""
    import plotly.graph_objects as go

    left, right, top, bottom = t + 0.5, steps + 0.5, -0.5, units - 0.5
    red, green, blue = (int(palette.BACKGROUND[theme][k : k + 2], 16) for k in (1, 3, 5))
    return go.Scatter(
        x=[left, left, right, right, left],
        y=[bottom, top, top, bottom, bottom],
        fill="toself",
        fillcolor=f"rgba({red},{green},{blue},{FUTURE})",
        mode="lines",
        line={"width": 1, "color": palette.INK[theme]},
        hoverinfo="skip",
    )
