"""A head's answer opened up as Plotly figures: what adds up to it, all classes, and over time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from seqviz.analysis.prediction_step import PredictionStep, checked_output, head_of
from seqviz.figures.extremes import called, name_extreme
from seqviz.figures.palette import ACCENT, GATE, INK, MUTED
from seqviz.figures.quick_layout import look, x_axis, y_axis
from seqviz.figures.step.waterfall import bars_that_add_up
from seqviz.indices import checked_step
from seqviz.labels import extremes_of, number, one_line, plotly_text
from seqviz.types import Trace

if TYPE_CHECKING:
    import plotly.graph_objects as go

LARGEST = 5  # units with a bar of their own
MOST_NAMES = 40  # classes named along the axis


def prediction_waterfall(opened: PredictionStep, theme: str = "light") -> go.Figure:
    """From 0 through the units that add most, W_kj h_j each, all others and the bias to the sum.

    Where outputs are classes, a last bar has what softmax makes of it. theme: "light" or "dark".
    """
    named, (left, adding) = opened.from_states.largest(LARGEST)
    parts = [(term.name, term.product) for term in named]
    parts += [(f"{left} more", adding)] if left else []
    parts.append(("bias", opened.bias))
    if not opened.classes:
        return bars_that_add_up(parts, ("prediction", opened.value), [], theme)
    after = [("softmax", opened.value, False)]
    return bars_that_add_up(parts, ("sum", opened.total), after, theme)


def describe_waterfall(opened: PredictionStep) -> str:
    """The waterfall in words: "h[7] adds 0.8000, ... the sum 2.3100 becomes softmax = 0.4213"."""
    named, (left, adding) = opened.from_states.largest(LARGEST)
    parts = [f"{term.name} adds {number(term.product)}" for term in named]
    parts += [f"{left} more add {number(adding)}"] if left else []
    parts.append(f"the bias {number(opened.bias)}")
    if not opened.classes:
        return f"{', '.join(parts)}; together {number(opened.value)}."
    total, value = number(opened.total), number(opened.value)
    return f"{', '.join(parts)}; the sum {total} becomes softmax = {value}."


def class_sums(opened: PredictionStep, theme: str = "light") -> go.Figure:
    """The sums of all classes as bars; each says its probability, the open one is in the accent."""
    import plotly.graph_objects as go

    places = np.arange(len(opened.sums))
    names = [plotly_text(name) for name in opened.names]
    few = len(names) <= MOST_NAMES
    bars: dict[str, Any] = {
        "type": "bar",
        "x": places,
        "y": opened.sums,
        "marker": {"color": [ACCENT[theme] if k == opened.unit else MUTED[theme] for k in places]},
        "text": [number(float(share), 3) for share in opened.shares] if len(names) <= 12 else None,
        "textposition": "outside",
        "cliponaxis": False,
        "customdata": [
            [name, number(float(total)), number(float(share))]
            for name, total, share in zip(names, opened.sums, opened.shares, strict=True)
        ],
        "hovertemplate": "%{customdata[0]}: sum %{customdata[1]}, softmax %{customdata[2]}"
        "<extra></extra>",
    }
    ticks: dict[str, Any] = {"tickvals": places, "ticktext": names} if few else {}
    layout = {
        **look(theme),
        "xaxis": x_axis(**ticks),
        "yaxis": y_axis(theme, title="sum", zeroline=True, zerolinecolor=MUTED[theme]),
        "height": 280,
        "showlegend": False,
    }
    return go.Figure({"data": [bars], "layout": layout})


def describe_sums(opened: PredictionStep) -> str:
    """class_sums in words: the open class and those with the largest sums."""
    shares = opened.shares
    told = [
        f"{opened.names[k]} {number(float(opened.sums[k]))} (softmax {number(float(shares[k]))})"
        for k in (opened.unit, *opened.rivals[:4])
    ]
    left = len(opened.sums) - len(told)
    more = f", and {left} more with smaller sums" if left else ""
    return f"Sums of the classes: {', '.join(told)}{more}."


def prediction_curve(trace: Trace, unit: int, t: int, theme: str = "light") -> go.Figure:
    """One output of the head along the sequence; step t (from 0) is marked, extremes are named.

    The x axis counts steps from 1. Raises SeqvizError when there is no such output or step.
    """
    import plotly.graph_objects as go

    head = head_of(trace)
    unit, t = checked_output(head, unit), checked_step(len(trace), t)
    assert trace.prediction is not None
    values, classes = trace.prediction[:, unit], head.activation == "softmax"
    notes = [
        name_extreme(values, trace.labels, at, word, theme)
        for at, word in zip(extremes_of(values), ("largest", "smallest"), strict=True)
    ]
    scale: dict[str, Any] = {"range": (-0.15, 1.15), "tickvals": [0, 0.5, 1]} if classes else {}
    mark = {"x0": t + 1, "x1": t + 1, "y0": 0, "y1": 1, "xref": "x", "yref": "paper"}
    name = plotly_text(one_line(head.names[unit]))
    curve: dict[str, Any] = {
        "type": "scatter",
        "x": np.arange(1, len(trace) + 1),
        "y": values,
        "mode": "lines" if len(trace) > 1 else "markers",
        "line": {"color": GATE if classes else INK[theme], "width": 2},
        "text": [number(value) for value in values.tolist()],
        "customdata": [plotly_text(label[:40]) for label in trace.labels],
        "hovertemplate": f"{name} = %{{text}}<br>step %{{x}}, %{{customdata}}<extra></extra>",
    }
    layout = {
        **look(theme),
        "xaxis": x_axis(range=[0.5, len(trace) + 0.5], title="step"),
        "yaxis": y_axis(theme, title=name, **scale),
        "shapes": [{"type": "line", **mark, "line": {"color": ACCENT[theme], "width": 2}}],
        "annotations": [note for note in notes if note],
        "height": 250,
        "showlegend": False,
        "hovermode": "x",
    }
    return go.Figure({"data": [curve], "layout": layout})


def describe_curve(trace: Trace, unit: int, t: int) -> str:
    """prediction_curve in words: the answer at step t, the largest and the smallest."""
    head = head_of(trace)
    unit, t = checked_output(head, unit), checked_step(len(trace), t)
    assert trace.prediction is not None
    values = trace.prediction[:, unit]
    highest, lowest = extremes_of(values)
    return (
        f"The prediction {one_line(head.names[unit])} is {number(float(values[t]))} at step "
        f"{t + 1}; largest {number(float(values[highest]))} at {called(trace.labels, highest)}, "
        f"smallest {number(float(values[lowest]))} at {called(trace.labels, lowest)}."
    )
