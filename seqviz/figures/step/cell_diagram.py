"""The cell at one step, drawn: every wire is as wide as the number it carries."""

from __future__ import annotations

import math

from seqviz.analysis.unit_step import Gate, Step, activate
from seqviz.figures.palette import GATE, NEGATIVE, POSITIVE, is_sequential
from seqviz.figures.svg import Point, SvgCanvas, flowing, line, rising
from seqviz.labels import layer_name, number

WIDTH = 600
BOX = (84.0, 58.0)
NODE = (96.0, 46.0)
TOP, GATES, BOTTOM = 58.0, 236.0, 362.0  # rows of LSTM and GRU


def cell_diagram(opened: Step, theme: str = "light") -> str:
    """An SVG of x_t, h_{t-1}, the gates, c and h_t of one unit at one step.

    Width and colour of each wire are the number it carries: from x_t, h_{t-1} and the biases
    into a gate, their part of its pre-activation; out of a gate, its value; above, the states.
    The widest wire carries the largest number here, which the legend says. No wire but that of 0
    is thinner than 1.5 px, so that its sign shows. theme: "light" or "dark". The background is
    transparent, there are no scripts and no ids, and text is 13 px or more when shown 600 px wide.
    """
    gated = len(opened.gates) > 1
    height = 426 if gated else 330
    canvas = SvgCanvas(WIDTH, height, theme)
    draw = {"LSTM": _lstm, "GRU": _gru}.get(opened.mode, _rnn)
    draw(canvas, opened)
    canvas.legend((12, height - 10), gated, f"widest = {number(canvas.scale, 3)}")
    return canvas.svg(_title(opened), describe_cell(opened))


def describe_cell(opened: Step) -> str:
    """What the diagram shows, in words and numbers."""
    parts = [f"{g.name} = {number(g.value)}" for g in opened.gates if g.name != "h"]
    before = _when(opened)
    parts.append(f"h at {before} = {number(opened.h_prev)}")
    if opened.c is not None and opened.c_prev is not None:
        parts.append(f"c at {before} = {number(opened.c_prev)}")
        parts.append(f"c at t = {number(opened.c)}")
    return f"{', '.join(parts)}, h at t = {number(opened.h)}."


def _title(opened: Step) -> str:
    where = layer_name(opened.layer, opened.direction)
    return f"{opened.mode} cell: {where}, unit {opened.unit}, step {opened.t + 1}"


def _lstm(canvas: SvgCanvas, opened: Step) -> None:
    assert opened.c is not None and opened.c_prev is not None
    i, f, g, o = (opened.gate(letter).value for letter in "ifgo")
    at = {"f": 146.0, "i": 236.0, "g": 326.0, "o": 416.0}
    right, joint, meet, out = 542.0, 281.0, 142.0, 186.0
    _inputs(canvas, opened, at)

    canvas.wire(line((54, TOP), (at["f"], TOP)), opened.c_prev)
    canvas.wire(line((at["f"], TOP), (joint, TOP)), f * opened.c_prev)
    canvas.wire(line((joint, TOP), (right, TOP)), opened.c)
    canvas.wire(line((at["f"], GATES), (at["f"], TOP)), f, gate=True)
    canvas.wire(line((at["i"], GATES), (at["i"], meet), (joint, meet)), i, gate=True)
    canvas.wire(line((at["g"], GATES), (at["g"], meet), (joint, meet)), g)
    canvas.wire(line((joint, meet), (joint, TOP)), i * g)
    canvas.wire(line((right, TOP), (right, 124)), opened.c)
    canvas.wire(line((right, 124), (right, out)), math.tanh(opened.c))
    canvas.wire(line((at["o"], GATES), (at["o"], out), (right, out)), o, gate=True)
    canvas.wire(line((right, out), (right, 264)), opened.h)

    for place, symbol in (((at["f"], TOP), "×"), ((joint, TOP), "+"), ((joint, meet), "×")):
        canvas.dot(place, symbol)
    canvas.dot((right, out), "×")
    canvas.box((right, 124), (56, 28))
    canvas.words((right, 129), "tanh")
    _state(canvas, (54, TOP), "c", _when(opened), opened.unit, opened.c_prev)
    _state(canvas, (right, TOP), "c", "t", opened.unit, opened.c)
    _state(canvas, (right, 264), "h", "t", opened.unit, opened.h, bold=True)
    for letter, x in at.items():
        _gate(canvas, (x, GATES), opened.gate(letter))


def _gru(canvas: SvgCanvas, opened: Step) -> None:
    z, r, n = (opened.gate(letter) for letter in "zrn")
    at = {"z": 160.0, "r": 290.0, "n": 440.0}
    meet, reset = 142.0, (366.0, 292.0)
    _inputs(canvas, opened, at, reset)

    canvas.wire(line((54, TOP), (160, TOP)), opened.h_prev)
    canvas.wire(line((160, TOP), (440, TOP)), z.value * opened.h_prev)
    canvas.wire(line((440, TOP), (540, TOP)), opened.h)
    canvas.wire(line((160, meet), (160, TOP)), z.value, gate=True)
    canvas.wire(line((160, GATES), (160, meet)), z.value, gate=True)
    canvas.wire(line((160, meet), (440, meet)), 1 - z.value, gate=True)
    canvas.wire(line((440, GATES), (440, meet)), n.value)
    canvas.wire(line((440, meet), (440, TOP)), (1 - z.value) * n.value)
    canvas.wire(line((290, GATES), (reset[0], GATES), reset), r.value, gate=True)

    for place, symbol in (((160, TOP), "×"), ((440, TOP), "+"), ((440, meet), "×"), (reset, "×")):
        canvas.dot(place, symbol)
    canvas.box((300, meet), (56, 28))
    canvas.words((300, meet + 5), "1 − z")
    _state(canvas, (54, TOP), "h", _when(opened), opened.unit, opened.h_prev)
    _state(canvas, (540, TOP), "h", "t", opened.unit, opened.h, bold=True)
    for letter, x in at.items():
        _gate(canvas, (x, GATES), opened.gate(letter))


def _rnn(canvas: SvgCanvas, opened: Step) -> None:
    gate = opened.gates[0]
    middle, total = 155.0, (290.0, 155.0)
    rows = [(60.0, gate.from_input.total), (middle, gate.from_hidden.total)]
    rows += [(250.0, gate.bias_ih + gate.bias_hh)] if gate.has_bias else []
    for y, value in rows:
        canvas.wire(flowing((70, y), total), value)
        canvas.words((158, y + (20 if y > middle else -10)), number(value, 3), size=14)
    canvas.wire(line(total, (420, middle)), gate.pre_activation)
    canvas.wire(line((420, middle), (540, middle)), opened.h)
    canvas.words((336, middle - 16), number(gate.pre_activation, 3), size=14)
    _source_x(canvas, (70, 60), opened)
    _source_h(canvas, (70, middle), opened)
    if gate.has_bias:
        _source_b(canvas, (70, 250))
    canvas.dot(total, "Σ", radius=17)
    _function(canvas, (420, middle), gate)
    _state(canvas, (540, middle), "h", "t", opened.unit, opened.h, bold=True)


def _function(canvas: SvgCanvas, at: Point, gate: Gate) -> None:
    """The activation as a graph, with this step's place on it."""
    size, reach = (104.0, 104.0), max(3.0, min(abs(gate.pre_activation) * 1.1, 1e6))
    top = reach if gate.activation == "relu" else 1.25

    def place(value: float) -> Point:
        within = min(max(value, -reach), reach) if value == value else 0.0
        height = activate(gate.activation, within) / top
        return at[0] + 44 * within / reach, at[1] - 44 * height

    canvas.box(at, size)
    canvas.axis((at[0] - 44, at[1]), (at[0] + 44, at[1]))
    canvas.axis((at[0], at[1] - 44), (at[0], at[1] + 44))
    points = [place(reach * k / 24) for k in range(-24, 25)]
    canvas.curve(points, place(gate.pre_activation))
    name = "ReLU" if gate.activation == "relu" else gate.activation
    canvas.words((at[0], at[1] + 74), name)


def _inputs(
    canvas: SvgCanvas, opened: Step, at: dict[str, float], reset: Point | None = None
) -> None:
    """x_t, h_{t-1} and b at the foot, and their part in every gate's pre-activation.

    reset: where GRU's r multiplies what h_{t-1} and b_hn give to n, on the way to n.
    """
    foot = GATES + BOX[1] / 2
    xs = list(at.values())
    x, h, b = xs[0], (xs[0] + xs[-1]) / 2, xs[-1]
    for letter, place in at.items():
        gate = opened.gate(letter)
        recurrent, bias = gate.from_hidden.total, gate.bias_ih + gate.bias_hh
        through = reset if letter == "n" else None
        if through is not None:
            recurrent, bias = recurrent + gate.bias_hh, gate.bias_ih
            canvas.wire(rising((h, BOTTOM), through), recurrent)
            canvas.wire(rising(through, (place - 10, foot)), gate.hidden_scale * recurrent)
        else:
            canvas.wire(rising((h, BOTTOM), (place, foot)), recurrent)
        canvas.wire(rising((x, BOTTOM), (place - 24, foot)), gate.from_input.total)
        if gate.has_bias:
            canvas.wire(rising((b, BOTTOM), (place + 24, foot)), bias)
    _source_x(canvas, (x, BOTTOM), opened)
    _source_h(canvas, (h, BOTTOM), opened)
    if opened.gates[0].has_bias:
        _source_b(canvas, (b, BOTTOM))


def _source_x(canvas: SvgCanvas, at: Point, opened: Step) -> None:
    size = len(opened.x)
    named = opened.label if opened.label.strip() and opened.label != str(opened.t + 1) else ""
    text = number(float(opened.x[0]), 3) if size == 1 else f"{size} values"
    if opened.layer:
        text = f"layer {opened.layer}’s h"
    elif size > 1 and named:
        text = f"“{named[:9]}”"
    _node(canvas, at, "x", "t", "", text)


def _source_h(canvas: SvgCanvas, at: Point, opened: Step) -> None:
    units = len(opened.gates[0].from_hidden.values)
    _node(canvas, at, "h", _when(opened), "", f"{units} unit{'s' if units > 1 else ''}")


def _source_b(canvas: SvgCanvas, at: Point) -> None:
    canvas.box(at, NODE)
    canvas.words((at[0], at[1] + 5), "biases")


def _state(
    canvas: SvgCanvas,
    at: Point,
    letter: str,
    when: str,
    unit: int,
    value: float,
    bold: bool = False,
) -> None:
    _node(canvas, at, letter, when, f"[{unit}]", number(value, 3), _paint(value), bold)


def _node(
    canvas: SvgCanvas,
    at: Point,
    letter: str,
    when: str,
    after: str,
    text: str,
    accent: str | None = None,
    bold: bool = False,
) -> None:
    x, y = at
    canvas.box(at, NODE, accent)
    canvas.words((x, y - 4), letter, when, after, bold=bold)
    canvas.words((x, y + 16), text, size=14, bold=bold)


def _gate(canvas: SvgCanvas, at: Point, gate: Gate) -> None:
    x, y = at
    colour = GATE if is_sequential(gate.name) else _paint(gate.value)
    canvas.box(at, BOX, colour)
    symbol = "σ" if gate.activation == "sigmoid" else "tanh"
    canvas.words((x, y - 6), f"{gate.name} = {symbol}", size=14, quiet=True)
    canvas.words((x, y + 17), number(gate.value, 3), size=17, bold=True)


def _paint(value: float) -> str | None:
    if not value:
        return None
    return POSITIVE if value > 0 else NEGATIVE


def _when(opened: Step) -> str:
    # reverse direction: the previous state is at t + 1
    return "t+1" if opened.direction else "t−1"
