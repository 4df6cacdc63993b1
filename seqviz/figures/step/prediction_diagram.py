"""A head's answer at one step, drawn: every wire is as wide as the number it carries."""

from __future__ import annotations

from seqviz.analysis.prediction_step import PredictionStep
from seqviz.figures.palette import GATE, NEGATIVE, POSITIVE
from seqviz.figures.svg import Point, SvgCanvas, flowing, line
from seqviz.labels import number

WIDTH = 600
SOURCE, ANSWER = (164.0, 42.0), (138.0, 42.0)  # boxes
UNITS = 4  # with a box of their own
GAP = 54.0


def prediction_diagram(opened: PredictionStep, theme: str = "light") -> str:
    """An SVG of the last layer's states, their weights, the sum, softmax and the answer.

    The units that add most have a box each; each wire into Σ is as wide as its product W_kj h_j.
    theme: "light" or "dark". The background is transparent; there are no scripts and no ids.
    """
    named, (left, adding) = opened.from_states.largest(UNITS)
    rows = [
        (f"{term.name} = {number(term.value, 3)}", f"× {number(term.weight, 3)} = ", term.product)
        for term in named
    ]
    rows += [(f"{left} more", "", adding)] if left else []
    rows.append(("bias", "", opened.bias))
    height = round(44 + GAP * len(rows) + 34)
    canvas = SvgCanvas(WIDTH, height, theme)
    middle, total, end = 44 + GAP * (len(rows) - 1) / 2, 292.0, 526.0
    for k, (name, weight, product) in enumerate(rows):
        place = (96.0, 44 + GAP * k)
        canvas.wire(flowing((96 + SOURCE[0] / 2, place[1]), (total, middle)), product)
        _node(canvas, place, SOURCE, name, f"{weight}{number(product, 3)}")
    canvas.wire(line((total, middle), (404, middle)), opened.total)
    if opened.classes:
        canvas.wire(line((404, middle), (end, middle)), opened.value, gate=True)
        canvas.box((404, middle), (84, 36))
        canvas.words((404, middle + 5), "softmax")
        canvas.words((334, middle - 18), number(opened.total, 3), size=13)
        _rivals(canvas, opened, (404, middle))
    else:
        canvas.wire(line((404, middle), (end, middle)), opened.value)
    canvas.dot((total, middle), "Σ", radius=17)
    accent = _paint(opened)
    _node(canvas, (end, middle), ANSWER, opened.name, number(opened.value, 3), accent, bold=True)
    canvas.legend((12, height - 10), False, f"widest = {number(canvas.scale, 3)}")
    title = f"Prediction {opened.name}, step {opened.t + 1}"
    return canvas.svg(title, describe_diagram(opened))


def describe_diagram(opened: PredictionStep) -> str:
    """What the diagram shows, in words and numbers."""
    named, _ = opened.from_states.largest(UNITS)
    states = ", ".join(f"{term.name} = {number(term.value)}" for term in named)
    ends = f"the sum {number(opened.total)}"
    if opened.classes:
        ends += f", then through softmax beside the sums of {len(opened.rivals)} other classes"
    return (
        f"States of the last layer ({states} …) go through their weights into {ends}: "
        f"{opened.name} = {number(opened.value)}."
    )


def _rivals(canvas: SvgCanvas, opened: PredictionStep, at: Point) -> None:
    """The other classes' sums, which softmax compares with this one: the largest of them."""
    if not opened.rivals:
        return
    strongest = opened.rivals[0]
    below = (at[0], at[1] + 80)
    canvas.wire(line(below, at), float(opened.sums[strongest]))
    canvas.box(below, (170, 44))
    count = len(opened.rivals)
    canvas.words((below[0], below[1] - 4), f"{count} other sum{'s' * (count > 1)}", size=13)
    largest = f"{opened.names[strongest]} {number(float(opened.sums[strongest]), 3)}"
    canvas.words((below[0], below[1] + 14), f"largest {largest}" if count > 1 else largest, size=13)


def _node(
    canvas: SvgCanvas,
    at: Point,
    size: Point,
    name: str,
    value: str,
    accent: str | None = None,
    bold: bool = False,
) -> None:
    canvas.box(at, size, accent)
    canvas.words((at[0], at[1] - 3), name, size=13, bold=bold)
    canvas.words((at[0], at[1] + 14), value, size=13, bold=bold)


def _paint(opened: PredictionStep) -> str | None:
    if opened.classes:
        return GATE
    return POSITIVE if opened.value > 0 else NEGATIVE if opened.value < 0 else None
