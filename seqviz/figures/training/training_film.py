"""A training as a film: what the network does with one sequence, checkpoint by checkpoint."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import ArrayLike

from seqviz.errors import SeqvizError
from seqviz.figures import palette
from seqviz.figures.axes import positive
from seqviz.figures.heatmap import heatmap
from seqviz.figures.training.film_controls import evenly, frame_slider, play_buttons
from seqviz.indices import checked_direction, checked_layer
from seqviz.rnn.tracing import trace
from seqviz.types import Checkpoint, FloatArray, InputSequence, Trace

if TYPE_CHECKING:
    import plotly.graph_objects as go

MAX_FRAMES = 60
MAX_FILM_BYTES = 8 * 2**20
REDRAW = 200  # milliseconds; a heatmap is drawn late, and one drawn too often is never seen
STATES, ANSWERS, LOSS = (0.58, 1.0), (0.36, 0.48), (0.0, 0.2)  # heights of the three panels


class Reference(Protocol):
    """A line to compare the loss with."""

    @property
    def answers(self) -> str: ...
    @property
    def loss(self) -> float | None: ...


class Training(Protocol):
    """What a film needs of a run: checkpoints, loss (iterations,) and lines to compare it with."""

    @property
    def checkpoints(self) -> Sequence[Checkpoint]: ...
    @property
    def loss(self) -> FloatArray: ...
    @property
    def baselines(self) -> Sequence[Reference]: ...


def training_film(
    run: Training,
    x: InputSequence | ArrayLike,
    layer: int = 0,
    quantity: str = "h",
    direction: int = 0,
    theme: str = "light",
) -> go.Figure:
    """How the states of one sequence change while the network learns, with Play and a slider.

    run: from seqviz.train. x: an InputSequence or (T, I), in the data's own units. layer,
    quantity, direction and theme as for heatmap. Above are the states, units by steps; below them
    what the head answers at each step; then the loss on a logarithmic axis, with its baseline
    and a mark at the checkpoint shown. All frames share one colour scale. It opens on the last of
    at most MAX_FRAMES checkpoints; a large network shows fewer, so that the figure stays below
    some 8 MB. Its show() waits for Play.

    Raises SeqvizError when x does not fit the network or there is no such layer or quantity.
    """
    import plotly.graph_objects as go

    spec = run.checkpoints[0].model.spec
    layer, direction = checked_layer(spec, layer), checked_direction(spec, direction)
    traces = _traces(run, x)
    states = {at: one.quantity(quantity)[layer, direction] for at, one in traces.items()}  # (T, H)
    shown = max(traces)
    figure = heatmap(traces[shown], layer, quantity, direction, theme)
    low, high = palette.common_scale(quantity, list(states.values()))
    figure.data[0].update(zmin=low, zmax=high, colorbar={"len": 0.45, "y": 0.79})
    figure.add_trace(_answers(list(traces.values()), traces[shown], theme))
    figure.add_traces(_loss(run, theme))
    figure.add_trace(_mark(run, shown, theme))
    moving = [0, 1, len(figure.data) - 1]
    figure.frames = [
        go.Frame(
            name=str(at),
            data=[
                go.Heatmap(z=states[at].T),
                go.Heatmap(z=_prediction(one).T),
                _mark(run, at, theme),
            ],
            traces=moving,
        )
        for at, one in traces.items()
    ]
    names = list(traces)
    figure.update_layout(
        _panels(figure, traces[shown], theme),
        updatemenus=[play_buttons(len(names), theme, REDRAW)],
        sliders=[frame_slider(names, "iteration ", theme)],
    )
    # played by itself, Plotly blends from frame to frame, which leaves heatmaps blank
    figure.show = partial(figure.show, auto_play=False)
    return figure


def _traces(run: Training, x: InputSequence | ArrayLike) -> dict[int, Trace]:
    """The sequence as some of the checkpoints read it, by iteration."""
    checkpoints = run.checkpoints
    last = trace(checkpoints[-1].model, x)
    if last.prediction is None:
        raise SeqvizError("These checkpoints have no head: take the run that seqviz.train gives.")
    numbers = last.h[0, 0].size + last.prediction.size  # a frame has these
    most = max(2, min(MAX_FRAMES, MAX_FILM_BYTES // (4 * numbers)))
    chosen = [checkpoints[k] for k in evenly(len(checkpoints) - 1, most)]
    return {one.iteration: trace(one.model, x) for one in chosen}


def _prediction(one: Trace) -> FloatArray:
    assert one.prediction is not None
    return one.prediction  # (T, K)


def _answers(every: list[Trace], shown: Trace, theme: str) -> go.Heatmap:
    """What the head answers, outputs by steps: probabilities from 0 to 1, or signed values."""
    import plotly.graph_objects as go

    head = shown.head
    assert head is not None
    probabilities = head.activation == "softmax"
    like = "i" if probabilities else "h"  # coloured as a gate, or as a state
    low, high = palette.common_scale(like, [_prediction(one) for one in every])
    return go.Heatmap(
        z=_prediction(shown).T,
        x=np.arange(1, len(shown) + 1),
        y=np.arange(len(head.names)),
        zmin=low,
        zmax=high,
        colorscale=palette.stops(like, theme),
        showscale=False,
        customdata=[[name] * len(shown) for name in head.names],
        hovertemplate="%{customdata}, step %{x}<br>%{z:.4f}<extra></extra>",
        xaxis="x2",
        yaxis="y2",
    )


def _loss(run: Training, theme: str) -> list[go.Scatter]:
    import plotly.graph_objects as go

    iterations = np.arange(1, len(run.loss) + 1)
    curve = go.Scatter(
        x=iterations,
        y=positive(run.loss),
        mode="lines",
        line={"color": palette.ACCENT[theme], "width": 1.5},
        hovertemplate="iteration %{x}: loss %{y:.4g}<extra></extra>",
        xaxis="x3",
        yaxis="y3",
    )
    baseline = run.baselines[0]
    line = go.Scatter(
        x=[0, max(1, len(run.loss))],
        y=[baseline.loss] * 2,
        mode="lines",
        line={"color": palette.MUTED[theme], "width": 1.5, "dash": "dash"},
        hovertemplate=f"baseline {baseline.loss:.4g}: {baseline.answers}<extra></extra>",
        xaxis="x3",
        yaxis="y3",
    )
    return [curve, line]


def _mark(run: Training, iteration: int, theme: str) -> go.Scatter:
    """A point on the loss of a checkpoint's last batch, or the first where it is untrained."""
    import plotly.graph_objects as go

    height = run.loss[max(0, iteration - 1)] if len(run.loss) else np.nan
    return go.Scatter(
        x=[iteration],
        y=positive(np.array([height])),
        mode="markers",
        marker={"color": palette.INK[theme], "size": 10},
        hoverinfo="skip",
        xaxis="x3",
        yaxis="y3",
    )


def _panels(figure: go.Figure, shown: Trace, theme: str) -> dict[str, Any]:
    """States, answers and loss below one another; steps run across the first two alike."""
    head = shown.head
    assert head is not None
    steps = figure.layout.xaxis.to_plotly_json()
    plain = {"showgrid": False, "zeroline": False, "linecolor": palette.LINE[theme], "ticks": ""}
    every = -(-len(head.names) // 8)
    return {
        "height": 760,
        "margin": {"b": 150, "l": 88},
        "xaxis": {"showticklabels": False, "title": {"text": ""}},
        "yaxis": {"domain": STATES},
        "xaxis2": {**steps, "anchor": "y2"},
        "yaxis2": {
            **plain,
            "domain": ANSWERS,
            "range": [len(head.names) - 0.5, -0.5],
            "tickvals": list(range(0, len(head.names), every)),
            "ticktext": [_short(name) for name in head.names[::every]],
            "title": {"text": "answer"},
        },
        "xaxis3": {
            **plain,
            "anchor": "y3",
            "range": [0, max(1, len(getattr(figure.data[2], "x", ())))],
            "title": {"text": "iteration"},
        },
        "yaxis3": {
            **plain,
            "domain": LOSS,
            "type": "log",
            "exponentformat": "power",
            "title": {"text": "loss"},
        },
    }


def _short(name: str) -> str:
    """An output's name as a tick; Plotly reads some HTML in text."""
    short = name if len(name) <= 10 else name[:9] + "…"
    return short.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
