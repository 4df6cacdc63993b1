"""One unit opened up as Plotly figures: what adds up to a gate, to c and h, and over time."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from seqviz.analysis.unit_step import Step
from seqviz.figures.palette import (
    ACCENT,
    BACKGROUND,
    GATE,
    INK,
    LINE,
    MUTED,
    NEGATIVE,
    POSITIVE,
    is_sequential,
)
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
    return _waterfall(list(gate.contributions), total, [(after, gate.value, signed)], theme)


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
        return _waterfall(parts, ("c", step.c), ends, theme)
    if step.mode == "GRU":
        z, n = step.gate("z").value, step.gate("n").value
        parts = [("(1−z)·n", (1 - z) * n), ("z·h before", z * step.h_prev)]
        return _waterfall(parts, ("h", step.h), [], theme)
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
        _name_extreme(trace, (layer, direction, at, unit), word, theme)
        for at, word in zip(places, ("largest", "smallest"), strict=True)
    ]
    mark = {"x0": t + 1, "x1": t + 1, "y0": 0, "y1": 1, "xref": "x", "yref": "paper"}
    span = [0.5, len(trace) + 0.5]
    states = " and ".join(name for name in trace.spec.quantities if name not in trace.gates)
    panels = 2 if trace.gates else 1
    layout = {
        **_look(theme),
        "xaxis": _x_axis(range=span, title="step"),
        "yaxis": _y_axis(theme, title=states),
        "shapes": [{"type": "line", **mark, "line": {"color": ACCENT[theme], "width": 2}}],
        "annotations": [note for note in notes if note],
        "height": 190 * panels + 60,
        "showlegend": panels == 2,
        "hovermode": "x",
    }
    if panels == 2:  # one x axis under both panels
        low = -1.05 if {"g", "n"} & set(trace.gates) else -0.05
        layout["xaxis"]["anchor"] = "y2"
        layout["yaxis"]["domain"] = [0.54, 1.0]
        layout["yaxis2"] = _y_axis(theme, title="gates", range=[low, 1.05], domain=[0.0, 0.46])
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
        f"{number(float(values[highest]))} at {_called(trace, highest)}, smallest "
        f"{number(float(values[lowest]))} at {_called(trace, lowest)}."
    )


def _waterfall(
    parts: list[tuple[str, float]],
    total: tuple[str, float],
    after: list[tuple[str, float, bool]],
    theme: str,
) -> go.Figure:
    """Bars that add up to total, then bars from 0 for what is made of it: (name, value, signed)."""
    import plotly.graph_objects as go

    names = [name for name, _ in parts] + [total[0]]
    shared = {"textposition": "outside", "cliponaxis": False, "hovertemplate": _HOVER}
    sums: dict[str, Any] = {
        "type": "waterfall",
        "x": names,
        "y": [value for _, value in parts] + [total[1]],
        "measure": ["relative"] * len(parts) + ["absolute"],
        "text": [_signed(value) for _, value in parts] + [_number(total[1])],
        "increasing": {"marker": {"color": POSITIVE}},
        "decreasing": {"marker": {"color": NEGATIVE}},
        "totals": {"marker": {"color": MUTED[theme]}},
        "connector": {"line": {"color": MUTED[theme], "width": 1}},
        **shared,
    }
    results: dict[str, Any] = {
        "type": "bar",
        "x": [name for name, _, _ in after],
        "y": [value for _, value, _ in after],
        "text": [_number(value) for _, value, _ in after],
        "marker": {"color": [_colour(value, signed) for _, value, signed in after]},
        "width": 0.8,
        **shared,
    }
    ends = [total[1], *(value for _, value, _ in after)]
    reach = _reach([value for _, value in parts], ends)
    order: dict[str, Any] = {"categoryorder": "array", "categoryarray": [*names, *results["x"]]}
    layout = {
        **_look(theme),
        "xaxis": _x_axis(**order),
        "yaxis": _y_axis(theme, range=reach, zeroline=True, zerolinecolor=MUTED[theme]),
        "height": 280,
        "showlegend": False,
        "waterfallgap": 0.2,
    }
    return go.Figure({"data": [sums, results] if after else [sums], "layout": layout})


_HOVER = "%{x}: %{text}<extra></extra>"


def _reach(parts: list[float], ends: list[float]) -> tuple[float, float]:
    """The lowest and highest place a bar touches, with room for the words outside it."""
    with np.errstate(all="ignore"):
        places = np.array([0.0, *np.cumsum(parts), *ends])
    places = places[np.isfinite(places)]
    low, high = float(places.min()), float(places.max())
    room = 0.16 * ((high - low) or 1.0)
    return low - room, high + room


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


def _name_extreme(
    trace: Trace, at: tuple[int, int, int, int], word: str, theme: str
) -> dict[str, Any] | None:
    """The words beside the largest or smallest h; None when it is not finite."""
    value = float(trace.h[at])
    if not math.isfinite(value):
        return None
    place = at[2] / len(trace)  # words at an end of the axis grow inwards
    return {
        "x": at[2] + 1,
        "y": value,
        "text": f"{word} {_number(value)}<br>{plotly_text(_called(trace, at[2]))}",
        "ax": 0,
        "ay": -34 if word == "largest" else 34,
        "arrowcolor": MUTED[theme],
        "font": {"color": INK[theme], "size": 13},
        "xanchor": "left" if place < 0.25 else "right" if place > 0.75 else "center",
        "bgcolor": BACKGROUND[theme],
        "opacity": 0.85,
    }


def _called(trace: Trace, t: int) -> str:
    """ "step 18", and the step's label when it has one worth reading."""
    label = trace.labels[t]
    return f"step {t + 1}" if label == str(t + 1) else f"step {t + 1}, {label[:20]}"


def _look(theme: str) -> dict[str, Any]:
    """No background, ink, little margin. Figures are made from one dict: 8 times faster."""
    return {
        "template": "none",
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"color": INK[theme], "size": 14},
        "margin": {"l": 56, "r": 16, "t": 24, "b": 44},
        "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
    }


def _x_axis(title: str = "", **options: Any) -> dict[str, Any]:
    quiet = {"showgrid": False, "zeroline": False, "automargin": True}
    return {**quiet, "title": {"text": title}, **options}


def _y_axis(theme: str, title: str = "", **options: Any) -> dict[str, Any]:
    hairlines = {"gridcolor": LINE[theme], "zeroline": False, "automargin": True}
    return {**hairlines, "title": {"text": title}, **options}


def _colour(value: float, signed: bool) -> str:
    if not signed:
        return GATE
    return POSITIVE if value >= 0 else NEGATIVE


def _number(value: float) -> str:
    return number(value, 3).replace("-", "−")


def _signed(value: float) -> str:
    return f"+{_number(value)}" if value >= 0 else _number(value)
