"""Eigenvalues that walk and a memory that grows while a network learns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from seqviz.analysis.through_training import ThroughTraining
from seqviz.errors import SeqvizError
from seqviz.figures import palette
from seqviz.figures.axes import colour, layout

if TYPE_CHECKING:
    import plotly.graph_objects as go


def eigenvalue_walk(measured: ThroughTraining, block: str, theme: str = "light") -> go.Figure:
    """The eigenvalues of one block of W_hh at each checkpoint, with the unit circle.

    Grey before training, small on the way, in the accent's colour at the end. Raises SeqvizError
    when there is no such block.
    """
    import plotly.graph_objects as go

    if block not in measured.eigenvalues:
        raise SeqvizError(f"There is no {block}: choose one of {', '.join(measured.eigenvalues)}.")
    values = measured.eigenvalues[block]  # (C, H)
    figure = go.Figure()
    between = values[1:-1].ravel()
    parts = (
        ("on the way", between, 3, palette.ACCENT[theme], 0.25),
        ("before training", values[0], 8, palette.MUTED[theme], 0.9),
        (f"iteration {measured.iterations[-1]:,}", values[-1], 8, palette.ACCENT[theme], 0.9),
    )
    for name, part, size, paint, opacity in parts:
        figure.add_scatter(
            x=part.real,
            y=part.imag,
            mode="markers",
            name=name,
            marker={"size": size, "color": paint, "opacity": opacity},
            hovertemplate="%{x:.3f} + %{y:.3f}i<extra>" + name + "</extra>",
        )
    circle = {"color": palette.MUTED[theme], "width": 2}
    figure.add_shape(type="circle", x0=-1, x1=1, y0=-1, y1=1, line=circle)
    reach = 1.1 * max(1.0, float(np.abs(values).max()))
    figure.update_layout(layout(theme, "real part", "imaginary part"), showlegend=True)
    figure.update_layout(legend={"orientation": "h", "y": 1.02, "yanchor": "bottom"})
    figure.update_xaxes(range=[-reach, reach])
    figure.update_yaxes(range=[-reach, reach], scaleanchor="x")
    return figure


def horizon_growth(measured: ThroughTraining, theme: str = "light") -> go.Figure:
    """Steps after which half, and 99 %, of an input's influence is gone, over iterations.

    What is not gone within the sequence stands on its last step.
    """
    import plotly.graph_objects as go

    figure = go.Figure()
    lines = (("half is gone", measured.half), ("99 % is gone", measured.hundredth))
    for k, (name, steps) in enumerate(lines):
        figure.add_scatter(
            x=measured.iterations,
            y=np.minimum(steps, measured.steps),
            mode="lines+markers",
            name=name,
            line={"color": colour(k, theme), "width": 2.5},
            marker={"size": 5},
            hovertemplate="iteration %{x}: %{y} steps<extra>" + name + "</extra>",
        )
    figure.update_layout(layout(theme, "iteration", "steps"), showlegend=True)
    figure.update_layout(legend={"orientation": "h", "y": 1.02, "yanchor": "bottom"})
    figure.update_yaxes(range=[0, 1.05 * measured.steps])
    return figure
