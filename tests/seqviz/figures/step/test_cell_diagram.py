"""The drawn cell: well-formed, described, harmless, and as wide as its numbers."""

import re
from xml.etree import ElementTree

import pytest
import torch
from networks import overflowing
from torch import nn

from seqviz.analysis.unit_step import Step, step
from seqviz.figures.palette import BACKGROUND, GATE, NEGATIVE, POSITIVE
from seqviz.figures.step.cell_diagram import cell_diagram, describe_cell
from seqviz.figures.svg import WIDEST
from seqviz.labels import number
from seqviz.rnn.model import build
from seqviz.rnn.tracing import trace
from seqviz.types import MODES, RNNSpec

SVG = "{http://www.w3.org/2000/svg}"


def make(mode: str, bias: bool = True, direction: int = 0, layers: int = 1) -> Step:
    spec = RNNSpec(mode, 3, 6, layers, bias, bool(direction))
    x = torch.randn(9, 3, generator=torch.Generator().manual_seed(2))
    return step(trace(build(spec), x, labels=tuple("sequenced")), layers - 1, direction, 3, 5)


def wires(svg: str) -> list[tuple[str, float]]:
    """Colour and width of every coloured wire."""
    paths = ElementTree.fromstring(svg).iter(f"{SVG}path")
    drawn = [(path.get("stroke", ""), float(path.get("stroke-width", "0"))) for path in paths]
    return [wire for wire in drawn if wire[0] in (GATE, NEGATIVE, POSITIVE)]


def widest(svg: str) -> float:
    """The number the legend says the widest wire stands for."""
    (said,) = re.findall(r"widest = ([\d.]+)", svg)
    return float(said)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("theme", ("light", "dark"))
@pytest.mark.parametrize("bias", (False, True))
@pytest.mark.parametrize("direction", (0, 1))
def test_it_is_one_described_picture(mode: str, theme: str, bias: bool, direction: int) -> None:
    opened = make(mode, bias, direction)
    svg = cell_diagram(opened, theme)
    root = ElementTree.fromstring(svg)
    assert root.get("role") == "img"
    assert [child.tag for child in root[:2]] == [f"{SVG}title", f"{SVG}desc"]
    assert root[1].text == describe_cell(opened)
    assert f"h at t = {number(opened.h)}" in describe_cell(opened)
    for forbidden in ("<script", " id=", "onload", "href", "<style", "<image"):
        assert forbidden not in svg
    sizes = [float(size) for size in re.findall(r"<text[^>]*font-size=\"([\d.]+)\"", svg)]
    assert min(sizes) >= 13
    width, height = (float(value) for value in root.get("viewBox", "").split()[2:])
    assert width == 600
    for word in root.iter(f"{SVG}text"):
        assert 0 < float(word.get("x", "0")) < width
        assert 0 < float(word.get("y", "0")) < height
    assert BACKGROUND[theme] in svg
    assert ("biases" in svg) == bias


@pytest.mark.parametrize("mode", MODES)
def test_widths_and_colours_are_the_numbers(mode: str) -> None:
    opened = make(mode)
    svg = cell_diagram(opened)
    drawn, scale = wires(svg), widest(svg)
    carried = [opened.h]
    for gate in opened.gates:
        bias, recurrent = gate.bias_ih + gate.bias_hh, gate.from_hidden.total
        if gate.name == "n":  # b_hn goes with W_hn h through r
            bias, recurrent = gate.bias_ih, recurrent + gate.bias_hh
        carried += [gate.from_input.total, recurrent, bias]
    assert sum(WIDEST * abs(value) / scale > 1.5 for value in carried) >= 2
    for value in filter(None, carried):  # a wire of 0 has no colour
        width = max(1.5, WIDEST * abs(value) / scale)
        colour = POSITIVE if value > 0 else NEGATIVE
        assert (colour, pytest.approx(width, rel=0.01)) in drawn
    assert max(width for _, width in drawn) == WIDEST


def test_a_gate_wire_is_as_wide_as_the_gate_is_open() -> None:
    opened = make("LSTM")
    svg = cell_diagram(opened)
    gates = sorted(width for colour, width in wires(svg) if colour == GATE)
    values = sorted(opened.gate(letter).value for letter in "ifo")
    assert gates == pytest.approx([WIDEST * value / widest(svg) for value in values], rel=0.01)


@pytest.mark.parametrize("mode", ("GRU", "LSTM"))
def test_every_number_people_read_is_there(mode: str) -> None:
    opened = make(mode, direction=1)
    svg = cell_diagram(opened)
    for gate in opened.gates:
        assert f">{number(gate.value, 3).replace('-', '−')}<" in svg
    assert "t+1" in svg


def test_labels_are_escaped_and_layers_named() -> None:
    traced = trace(nn.GRU(2, 2, num_layers=2), torch.ones(2, 2), labels=["<script>&", "]]>"])
    for t in (0, 1):
        ElementTree.fromstring(cell_diagram(step(traced, 0, 0, 0, t)))
    assert "layer 1’s h" in cell_diagram(step(traced, 1, 0, 0, 0))


def test_zero_and_overflow_are_drawn() -> None:
    still = nn.LSTM(1, 1)
    with torch.no_grad():
        for parameter in still.parameters():
            parameter.fill_(0.0)
    quiet = cell_diagram(step(trace(still, torch.zeros(3, 1)), 0, 0, 0, 2))
    assert {colour for colour, _ in wires(quiet)} == {GATE}
    loud = cell_diagram(step(overflowing(5, 1e30), 0, 0, 0, 4))
    assert "nan" not in " ".join(re.findall(r'd="[^"]*"|stroke-width="[^"]*"', loud))
