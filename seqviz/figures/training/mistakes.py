"""Where a trained network goes wrong: a confusion matrix, or errors side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from seqviz.errors import SeqvizError
from seqviz.figures import palette
from seqviz.figures.axes import colour, layout
from seqviz.labels import plotly_text

if TYPE_CHECKING:
    import plotly.graph_objects as go


def confusion_matrix(
    classes: Sequence[str], counts: Sequence[Sequence[int]], theme: str = "light"
) -> go.Figure:
    """counts (K, K): a row for each class that was right, a column for each that was answered;
    coloured by their share of the row. Raises SeqvizError when they do not fit the classes.
    """
    import plotly.graph_objects as go

    table = np.array(counts, np.float64)
    if table.shape != (len(classes), len(classes)):
        raise SeqvizError(f"Counts of {table.shape} do not fit {len(classes)} classes.")
    names = [plotly_text(name) for name in classes]
    figure = go.Figure(
        go.Heatmap(
            z=table / np.maximum(table.sum(axis=1, keepdims=True), 1),
            zmin=0,
            zmax=1,
            text=[[str(count) if count else "" for count in row] for row in counts],
            texttemplate="%{text}",
            customdata=[[right] * len(names) for right in names],
            hovertemplate="%{customdata} taken for %{x}: %{text}<extra></extra>",
            colorscale=palette.stops("i", theme),
            showscale=False,
            xgap=2,
            ygap=2,
        )
    )
    figure.update_layout(layout(theme, "answered", "right"))
    figure.update_xaxes(tickvals=list(range(len(names))), ticktext=names)
    figure.update_yaxes(tickvals=list(range(len(names))), ticktext=names, autorange="reversed")
    return figure


def error_bars(
    groups: Sequence[str],
    methods: Mapping[str, Sequence[float]],
    *,
    asked: str,
    measure: str,
    theme: str = "light",
) -> go.Figure:
    """A bar for each method in each group. methods: by name one value a group. asked and measure:
    the axes' titles. Raises SeqvizError when there is another number of values than of groups.
    """
    import plotly.graph_objects as go

    figure = go.Figure()
    for k, (name, values) in enumerate(methods.items()):
        if len(values) != len(groups):
            raise SeqvizError(f"{name} has {len(values)} values for {len(groups)} groups.")
        figure.add_bar(
            x=[plotly_text(group) for group in groups],
            y=list(values),
            name=plotly_text(name),
            marker_color=colour(k, theme) if not k else palette.MUTED[theme],
            marker_opacity=1 if k < 2 else 0.5,
            hovertemplate="%{x}: %{y:.3g}<extra>" + plotly_text(name) + "</extra>",
        )
    figure.update_layout(layout(theme, asked, measure), barmode="group", showlegend=True)
    figure.update_layout(legend={"orientation": "h", "y": 1.02, "yanchor": "bottom"})
    return figure
