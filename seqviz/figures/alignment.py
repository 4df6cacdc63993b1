"""Which words read each word written looked at: attention as an alignment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from seqviz.errors import SeqvizError
from seqviz.figures import palette
from seqviz.figures.axes import layout
from seqviz.labels import plotly_text
from seqviz.types import FloatArray

if TYPE_CHECKING:
    import plotly.graph_objects as go


def alignment(
    attention: FloatArray, read: Sequence[str], written: Sequence[str], theme: str = "light"
) -> go.Figure:
    """attention: (T_out, T_in), rows that add up to 1; a row for each word written.

    Raises SeqvizError when words and numbers do not fit.
    Source: the alignment pictures of Bahdanau et al. 2015, https://arxiv.org/abs/1409.0473
    """
    import plotly.graph_objects as go

    if attention.shape != (len(written), len(read)):
        raise SeqvizError(
            f"Attention of {attention.shape} does not fit {len(written)} words written and "
            f"{len(read)} read."
        )
    figure = go.Figure(
        go.Heatmap(
            z=attention,
            zmin=0,
            zmax=1,
            colorscale=palette.stops("i", theme),
            showscale=False,
            customdata=[[plotly_text(word)] * len(read) for word in written],
            hovertemplate="%{customdata}: %{z:.2f}<extra></extra>",
            xgap=2,
            ygap=2,
        )
    )
    figure.update_layout(layout(theme, "", ""))
    figure.update_xaxes(
        tickvals=list(range(len(read))), ticktext=list(map(plotly_text, read)), side="top"
    )
    figure.update_yaxes(
        tickvals=list(range(len(written))),
        ticktext=list(map(plotly_text, written)),
        autorange="reversed",
    )
    return figure
