"""Waterfalls and curves show the numbers of the step, and nothing else."""

import math

import pytest
import torch
from networks import overflowing
from torch import nn

from seqviz.analysis.unit_step import step
from seqviz.errors import SeqvizError
from seqviz.figures.palette import GATE
from seqviz.figures.step.unit import (
    combination,
    describe_curves,
    describe_waterfall,
    unit_curves,
    waterfall,
)
from seqviz.labels import number
from seqviz.rnn.model import build
from seqviz.rnn.tracing import trace
from seqviz.types import MODES, RNNSpec, Trace


def make(mode: str, bidirectional: bool = False) -> Trace:
    spec = RNNSpec(mode, 4, 6, bidirectional=bidirectional)
    x = torch.randn(9, 4, generator=torch.Generator().manual_seed(2))
    return trace(build(spec), x, labels=tuple("sequenced"))


@pytest.mark.parametrize("mode", MODES)
def test_bars_add_up_and_end_in_the_value(mode: str) -> None:
    opened = step(make(mode), 0, 0, 3, 5)
    for gate in opened.gates:
        sums, after = waterfall(opened, gate.name).data
        assert sum(sums.y[:-1]) == pytest.approx(gate.pre_activation)
        assert sums.y[-1] == gate.pre_activation
        assert list(sums.measure) == ["relative"] * (len(sums.y) - 1) + ["absolute"]
        assert list(after.y) == [gate.value]
        assert len(sums.y) == 5
        assert len(set((*sums.x, *after.x))) == len(sums.x) + 1  # no two bars share a place
        assert (after.marker.color[0] == GATE) == (gate.activation == "sigmoid")


def test_combination_adds_up_to_c_and_h() -> None:
    lstm = step(make("LSTM"), 0, 0, 3, 5)
    sums, after = combination(lstm, "dark").data
    assert sum(sums.y[:-1]) == pytest.approx(lstm.c, abs=1e-6)
    assert list(after.y) == [math.tanh(lstm.c or 0.0), lstm.h]
    gru = step(make("GRU"), 0, 0, 3, 5)
    (sums,) = combination(gru).data
    assert sum(sums.y[:-1]) == pytest.approx(gru.h, abs=1e-6)
    plain = step(make("RNN_TANH"), 0, 0, 3, 5)
    assert combination(plain).data[1].y == (plain.h,)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("theme", ("light", "dark"))
def test_curves_hold_every_quantity_and_name_the_extremes(mode: str, theme: str) -> None:
    traced = make(mode, bidirectional=True)
    figure = unit_curves(traced, 0, 1, 2, 4, theme)
    assert [curve.name for curve in figure.data] == list(traced.spec.quantities)
    for curve in figure.data:
        assert (curve.y == traced.quantity(curve.name)[0, 1, :, 2]).all()
        assert list(curve.text) == [number(value) for value in curve.y]
        assert curve.hovertemplate.startswith(f"{curve.name} = %{{text}}")
    assert figure.layout.shapes[0].x0 == 5 and figure.layout.legend.y < 0  # clear of the words
    values = traced.h[0, 1, :, 2]
    assert [note.x - 1 for note in figure.layout.annotations] == [values.argmax(), values.argmin()]
    label = traced.labels[values.argmax()]
    assert f"step {values.argmax() + 1}, {label}" in figure.layout.annotations[0].text


def test_words_beside_the_pictures_have_the_same_numbers() -> None:
    traced = make("GRU")
    opened = step(traced, 0, 0, 3, 5)
    gate = opened.gate("n")
    text = describe_waterfall(opened, "n")
    assert f"the sum {number(gate.pre_activation)} becomes tanh = {number(gate.value)}" in text
    text = describe_curves(traced, 0, 0, 3, 5)
    assert f"is {number(float(traced.h[0, 0, 5, 3]))} at step 6" in text
    assert number(float(traced.h[0, 0, :, 3].max())) in text


def test_overflow_and_single_steps_are_drawn() -> None:
    traced = overflowing(5, 1e30, labels=["<b>"] * 5)
    figure = unit_curves(traced, 0, 0, 0, 4)
    (smallest,) = figure.layout.annotations  # the largest is infinite, which has no place
    assert "&lt;b&gt;" in smallest.text and "<b>" not in smallest.text
    waterfall(step(traced, 0, 0, 0, 4), "h").to_json()
    single = unit_curves(trace(nn.LSTM(1, 2), torch.ones(1, 1)), 0, 0, 0, 0)
    assert single.data[0].mode == "markers"


def test_what_does_not_exist_is_refused() -> None:
    traced = make("GRU")
    with pytest.raises(SeqvizError, match="no gate"):
        waterfall(step(traced, 0, 0, 0, 0), "f")
    with pytest.raises(SeqvizError, match="unit is 6: choose one from 0 to 5"):
        unit_curves(traced, 0, 0, 6, 0)
