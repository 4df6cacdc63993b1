"""Equations as people read them: PyTorch's symbols, and this step's numbers in the same lines."""

import math
import re

import numpy as np
import pytest
import torch
from networks import overflowing
from torch import nn

from seqviz.analysis.unit_step import Step, step
from seqviz.errors import SeqvizError
from seqviz.figures.step.equations import formula, in_one_line, with_values
from seqviz.figures.step.latex_sums import latex
from seqviz.labels import latex_text, number
from seqviz.rnn.intervened_run import run
from seqviz.rnn.interventions import clamp, silence
from seqviz.rnn.model import build
from seqviz.rnn.tracing import trace
from seqviz.types import MODES, RNNSpec, Trace

T, INPUT, HIDDEN = 6, 3, 5


def make(mode: str, layers: int = 1, bidirectional: bool = False, bias: bool = True) -> Trace:
    spec = RNNSpec(mode, INPUT, HIDDEN, layers, bias, bidirectional, seed=3)
    generator = torch.Generator().manual_seed(0)
    rows = layers * spec.num_directions
    x, h_0, c_0 = (
        torch.randn(*shape, generator=generator)
        for shape in ((T, INPUT), (rows, HIDDEN), (rows, HIDDEN))
    )
    return trace(build(spec), x, h_0, c_0)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("direction", (0, 1))
def test_formula_and_values_are_the_same_lines(mode: str, direction: int) -> None:
    opened = step(make(mode, 1, True), 0, direction, 2, 3)
    symbols, numbers = formula(mode, direction), with_values(opened)
    left = [line.split(" = ")[0] for line in symbols]
    assert [
        re.sub(r"\\begin{aligned} | &", "", line.split("=")[0]).strip() for line in numbers
    ] == left
    assert len(left) == {"GRU": 4, "LSTM": 6}.get(mode, 1)
    before = "h_{t+1}" if direction else "h_{t-1}"
    assert all(before in line for line in symbols[: len(opened.gates)])
    assert latex(opened.h, 4) in numbers[-1]
    for line in (*symbols, *numbers):
        assert line.count("{") == line.count("}")
        assert line.count("(") == line.count(")")


def test_formula_is_pytorchs() -> None:
    assert formula("RNN_TANH", bias=False) == [
        r"h_t = \tanh\left(W_{ih} x_t + W_{hh} h_{t-1}\right)"
    ]
    inside = r"W_{in} x_t + b_{in} + r_t \odot \left(W_{hn} h_{t-1} + b_{hn}\right)"
    assert formula("GRU")[2] == rf"n_t = \tanh\left({inside}\right)"
    assert formula("LSTM")[-2:] == [
        r"c_t = f_t \odot c_{t-1} + i_t \odot g_t",
        r"h_t = o_t \odot \tanh(c_t)",
    ]
    with pytest.raises(SeqvizError, match="Unknown cell"):
        formula("MLP")


def test_numbers_shown_in_the_formula_compute() -> None:
    """A person with a calculator gets the result from the numbers on screen."""
    opened = step(make("LSTM"), 0, 0, 2, 3)
    text = with_values(opened, digits=6)[-2]
    shown, result = text.removeprefix("c_t = ").rsplit(" = ", 1)
    assert eval(shown.replace(r"\cdot", "*")) == pytest.approx(float(result), abs=1e-5)


def test_terms_left_out_are_summed() -> None:
    module = nn.RNN(64, 60).eval()
    opened = step(trace(module, torch.randn(3, 64, generator=torch.Generator())), 0, 0, 0, 2)
    (line,) = with_values(opened, largest=2)
    gate = opened.gate("h")
    for terms, count in ((gate.from_input, 62), (gate.from_hidden, 58)):
        _, (left, adding) = terms.largest(2)
        assert left == count
        assert rf"\text{{ and {count} more adding }} {latex(adding, 4)}" in line


def test_a_sum_past_float32_is_written_as_infinity() -> None:
    run = overflowing()
    assert np.isinf(run.h).any()
    assert r"\infty" in with_values(step(run, 0, 0, 0, 7))[0]


def test_a_changed_run_says_what_was_set() -> None:
    traced = make("LSTM")
    held = step(run(traced, [clamp("f", 1.0, unit=2)]), 0, 0, 2, 3)
    assert r"set by hand to }\; 1.0000" in with_values(held)[1]
    assert held.c_computed == pytest.approx(held.c, abs=1e-6)  # c follows the gate as held
    quiet = step(run(traced, [silence(2)]), 0, 0, 2, 3)
    assert r"set by hand to }\; 0.0000" in with_values(quiet)[-2]
    untouched = step(traced, 0, 0, 2, 3)
    assert "set by hand" not in " ".join(with_values(untouched))


@pytest.mark.parametrize("name", ["$", "\\", "}{", "^~", "_&#%", "<b>", "\n", " ", "é" * 99])
def test_feature_names_cannot_break_the_formula(name: str) -> None:
    opened: Step = step(make("RNN_TANH"), 0, 0, 0, 1, (name, "b", "c"))
    (line,) = with_values(opened, largest=3)
    assert "\n" not in line
    bare = re.sub(r"\\[{}]", "", line)
    assert bare.count("{") == bare.count("}")
    assert re.search(r"(?<!\\)[$#%]", line) is None
    assert len(opened.gate("h").from_input.names[0]) < 30
    assert latex_text("") == ""


WORDS = {" from x": "", " from h before": "", " bias": "", "·": "*", "−": "-", "ReLU": "relu"}
FUNCTIONS = {
    "tanh": math.tanh,
    "relu": lambda a: max(0.0, a),
    "σ": lambda a: 1 / (1 + math.exp(-a)),
}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("bias", (True, False))
@pytest.mark.parametrize(("digits", "within"), (({}, 3e-4), ({"digits": 9}, 2e-6)))
def test_the_line_computed_by_hand_gives_what_it_says(
    mode: str, bias: bool, digits: dict[str, int], within: float
) -> None:
    traced = make(mode, 2, True, bias)
    for quantity in traced.spec.quantities:
        for place in ((0, 0, 2, 0), (1, 1, 4, T - 1), (1, 0, 0, 3)):
            layer, direction, unit, t = place
            line = in_one_line(step(traced, *place), quantity, **digits)
            *_, sum_of_numbers, result = line.split(" = ")
            for word, sign in WORDS.items():
                sum_of_numbers = sum_of_numbers.replace(word, sign)
            recorded = float(traced.quantity(quantity)[layer, direction, t, unit])
            assert result == number(recorded)
            assert eval(sum_of_numbers, {"__builtins__": {}} | FUNCTIONS) == pytest.approx(
                recorded, abs=within
            )


def test_the_line_says_what_was_set_by_hand() -> None:
    traced = run(make("GRU"), [silence(2)])
    line = in_one_line(step(traced, 0, 0, 2, 3))
    assert line.endswith("set by hand to 0.0000") and line.count("= ") == 2


def test_no_line_for_a_gate_there_is_not() -> None:
    with pytest.raises(SeqvizError, match="no gate 'f'"):
        in_one_line(step(make("GRU"), 0, 0, 0, 0), "f")
