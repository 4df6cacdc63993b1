"""Figures and equations of a prediction hold the step's own numbers."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest
from networks import answering, overflowing, traced

from seqviz.analysis.prediction_step import prediction_step
from seqviz.figures.step import prediction, prediction_diagram, prediction_equations
from seqviz.figures.step.latex_sums import latex
from seqviz.labels import number

NAMES = ("a", "<b>", "{$}", " ", "e", "e")


def run(activation="softmax", outputs=6, **fields):
    names = NAMES if outputs == 6 else ()
    trace = traced("LSTM", labels="hello <b>wor", **fields)
    return answering(trace, outputs, activation, names)


@pytest.mark.parametrize("activation", ["softmax", "identity"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_bars_add_up_to_the_sum(activation, theme):
    opened = prediction_step(run(activation, hidden_size=9), 2, 4)
    sums, *after = prediction.prediction_waterfall(opened, theme).data
    assert sum(sums.y[:-1]) == pytest.approx(opened.total)
    assert list(sums.x[-3:-1]) == ["4 more", "bias"]
    largest = np.sort(np.abs(opened.from_states.products))[::-1][:5]
    np.testing.assert_array_equal(np.abs(sums.y[:5]), largest)
    assert [bar.y for bar in after] == ([(opened.value,)] if opened.classes else [])
    words = prediction.describe_waterfall(opened)
    assert words.endswith(f"{number(opened.value)}.") and sums.x[0] in words


def test_every_class_has_its_sum_and_probability():
    opened = prediction_step(run(), 1, 4)
    (bars,) = prediction.class_sums(opened).data
    np.testing.assert_array_equal(bars.y, opened.sums)
    assert [row[2] for row in bars.customdata] == [number(float(p)) for p in opened.shares]
    assert bars.customdata[1][0] == "&lt;b&gt;"
    assert f"<b> {number(opened.total)} (softmax {number(opened.value)})" in (
        prediction.describe_sums(opened)
    )
    many = prediction_step(answering(traced("GRU"), 60), 59, 0)
    assert len(prediction.class_sums(many).data[0].y) == 60
    assert "55 more with smaller sums" in prediction.describe_sums(many)


def test_the_curve_is_the_prediction_and_names_its_extremes():
    trace = run()
    figure = prediction.prediction_curve(trace, 0, 4)
    values = trace.prediction[:, 0]
    np.testing.assert_array_equal(figure.data[0].y, values)
    assert figure.layout.shapes[0].x0 == 5
    assert [note.x - 1 for note in figure.layout.annotations] == [values.argmax(), values.argmin()]
    words = prediction.describe_curve(trace, 0, 4)
    assert f"a is {number(float(values[4]))} at step 5" in words
    assert f"largest {number(float(values.max()))} at step {values.argmax() + 1}" in words


@pytest.mark.parametrize("outputs", [1, 2, 6, 60])
@pytest.mark.parametrize("activation", ["softmax", "identity"])
def test_equations_end_in_the_prediction(activation, outputs):
    opened = prediction_step(run(activation, outputs), outputs - 1, 3)
    symbols = prediction_equations.formula(opened.classes)
    lines = prediction_equations.with_values(opened)
    assert len(symbols) == len(lines) == (2 if opened.classes else 1)
    assert f"= {latex(opened.value, 4)}" in lines[-1]
    for line in (*symbols, *lines):
        bare = re.sub(r"\\[{}$]", "", line)
        assert bare.count("{") == bare.count("}")
    if opened.classes:
        left = outputs - 1 - prediction_equations.RIVALS
        assert (f"{left} more adding" in lines[1]) is (left > 0)
        assert lines[1].count("e^") == 1 + min(outputs, 4)
    said = prediction_equations.in_one_line(opened)
    assert said.endswith(f" = {number(opened.value)}") and "from h" in said
    assert said.startswith("softmax(") is opened.classes


@pytest.mark.parametrize("trace", [run(), run("identity"), run(hidden_size=1), run("softmax", 1)])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_drawing_is_an_svg_with_the_numbers(trace, theme):
    opened = prediction_step(trace, 0, 4)
    drawn = prediction_diagram.prediction_diagram(opened, theme)
    ElementTree.fromstring(drawn)
    assert "script" not in drawn and ("softmax" in drawn) is opened.classes
    assert number(opened.value) in prediction_diagram.describe_diagram(opened)


def test_a_network_that_left_float32_is_drawn_too():
    trace = answering(overflowing(hidden_size=3))
    opened = prediction_step(trace, 0, 7)
    prediction.prediction_waterfall(opened)
    prediction.class_sums(opened)
    prediction.prediction_curve(trace, 0, 7)
    assert prediction_equations.with_values(opened) and prediction_equations.in_one_line(opened)
    ElementTree.fromstring(prediction_diagram.prediction_diagram(opened))
