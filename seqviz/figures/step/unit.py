"""One unit opened up as Plotly figures: what adds up to a gate, to c and h, and over time."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from seqviz.analysis.unit_step import Step
from seqviz.figures.extremes import called, name_extreme
from seqviz.figures.palette import ACCENT, GATE, INK, NEGATIVE, POSITIVE, is_sequential
from seqviz.figures.quick_layout import look, x_axis, y_axis
from seqviz.figures.step.waterfall import bars_that_add_up
from seqviz.indices import checked_cell
from seqviz.labels import extremes, layer_name, number, plotly_text
from seqviz.types import Trace

if TYPE_CHECKING:
    import plotly.graph_objects as go

FUNCTIONS = {"tanh": "tanh", "relu": "ReLU", "sigmoid": "σ"}
DASHES = ("solid", "dash", "dot", "dashdot")


def waterfall(step: Step, gate_name: str, theme: str = "light") -> go.Figure:
    """From 0 through W_ih x, W_hh h and the biases to a gate's pre-activation, then its value.

    gate_name: a gate's letter, or "h" for a plain RNN. theme: "light" or "dark".
    Raises SeqvizError when the cell has no such gate.
    """
    gate = step.gate(gate_name)
    after = f"{FUNCTIONS[gate.activation]}(sum)"
    signed = not is_sequential(gate.name)
    total = ("sum", gate.pre_activation)
    return bars_that_add_up(list(gate.contributions), total, [(after, gate.value, signed)], theme)


def describe_waterfall(step: Step, gate_name: str) -> str:
    """The waterfall in words: "W_ih x adds 0.1200, ... the sum 0.2200 becomes tanh = 0.2165"."""
    gate = step.gate(gate_name)
    parts = ", ".join(f"{name} adds {number(value)}" for name, value in gate.contributions)
    return (
        f"{parts}; the sum {number(gate.pre_activation)} becomes "
        f"{FUNCTIONS[gate.activation]} = {number(gate.value)}."
    )


def combination(step: Step, theme: str = "light") -> go.Figure:
    """How the gates combine: LSTM's f c and i g to c, then tanh and h; GRU's two shares of h.

    A plain RNN has nothing to combine: its one waterfall again.
    """
    if step.c is not None and step.c_prev is not None:
        i, f, g = (step.gate(letter).value for letter in "ifg")
        parts = [("f·c before", f * step.c_prev), ("i·g", i * g)]
        ends = [("tanh(c)", math.tanh(step.c), True), ("h = o·tanh(c)", step.h, True)]
        return bars_that_add_up(parts, ("c", step.c), ends, theme)
    if step.mode == "GRU":
        z, n = step.gate("z").value, step.gate("n").value
        parts = [("(1−z)·n", (1 - z) * n), ("z·h before", z * step.h_prev)]
        return bars_that_add_up(parts, ("h", step.h), [], theme)
    return waterfall(step, "h", theme)


def unit_curves(
    trace: Trace, layer: int, direction: int, unit: int, t: int, theme: str = "light"
) -> go.Figure:
    """h, c and the gates of one unit along the sequence; step t (from 0) is marked.

    h and c are in the upper panel with the largest and smallest h named by their labels, gates in
    the lower one. The x axis counts steps from 1. Raises SeqvizError when there is no such cell.
    """
    import plotly.graph_objects as go

    layer, direction, unit, t = checked_cell(trace, layer, direction, unit, t)
    places = extremes(trace, layer, direction, unit)
    notes = [
        name_extreme(trace.h[layer, direction, :, unit], trace.labels, at, word, theme)
        for at, word in zip(places, ("largest", "smallest"), strict=True)
    ]
    mark = {"x0": t + 1, "x1": t + 1, "y0": 0, "y1": 1, "xref": "x", "yref": "paper"}
    span = [0.5, len(trace) + 0.5]
    states = " and ".join(name for name in trace.spec.quantities if name not in trace.gates)
    panels = 2 if trace.gates else 1
    layout = {
        **look(theme),
        "xaxis": x_axis(range=span, title="step"),
        "yaxis": y_axis(theme, title=states),
        "shapes": [{"type": "line", **mark, "line": {"color": ACCENT[theme], "width": 2}}],
        "annotations": [note for note in notes if note],
        "height": 190 * panels + 60,
        # the words beside the largest value stand above the curves: the legend has its place below
        "margin": {**look(theme)["margin"], "t": 48},
        "legend": {"orientation": "h", "y": -0.2, "yanchor": "top", "x": 0},
        "showlegend": panels == 2,
        "hovermode": "x",
    }
    if panels == 2:  # one x axis under both panels
        low = -1.05 if {"g", "n"} & set(trace.gates) else -0.05
        layout["xaxis"]["anchor"] = "y2"
        layout["yaxis"]["domain"] = [0.54, 1.0]
        layout["yaxis2"] = y_axis(theme, title="gates", range=[low, 1.05], domain=[0.0, 0.46])
    curves = [
        _curve(trace, name, (layer, direction, slice(None), unit), theme)
        for name in trace.spec.quantities
    ]
    return go.Figure({"data": curves, "layout": layout})


def describe_curves(trace: Trace, layer: int, direction: int, unit: int, t: int) -> str:
    """unit_curves in words: the value at step t, the largest and the smallest with their labels."""
    layer, direction, unit, t = checked_cell(trace, layer, direction, unit, t)
    values = trace.h[layer, direction, :, unit]
    highest, lowest = extremes(trace, layer, direction, unit)
    where = f"h of unit {unit} in {layer_name(layer, direction)}"
    return (
        f"{where} is {number(float(values[t]))} at step {t + 1}; largest "
        f"{number(float(values[highest]))} at {called(trace.labels, highest)}, smallest "
        f"{number(float(values[lowest]))} at {called(trace.labels, lowest)}."
    )


def _curve(
    trace: Trace, name: str, cell: tuple[int, int, slice, int], theme: str
) -> dict[str, Any]:
    """One quantity over the steps: states in ink, gates in colours, each with its own dashes."""
    gate = name in trace.gates
    panel = trace.spec.gates if gate else trace.spec.quantities
    place = panel.index(name)
    values = trace.quantity(name)[cell]  # (T,)
    colours = (POSITIVE, GATE, ACCENT[theme], NEGATIVE)
    return {
        "type": "scatter",
        "name": name,
        "x": np.arange(1, len(trace) + 1),
        "y": values,
        "mode": "lines" if len(trace) > 1 else "markers",
        "line": {
            "color": colours[place] if gate else INK[theme],
            "width": 2,
            "dash": DASHES[place],
        },
        "yaxis": "y2" if gate else "y",
        "text": [number(value) for value in values.tolist()],
        "customdata": [plotly_text(label[:40]) for label in trace.labels],
        "hovertemplate": f"{name} = %{{text}}<br>step %{{x}}, %{{customdata}}<extra></extra>",
    }
