"""One step opened up against the trace, PyTorch's cells and what people read on screen."""

import itertools
import math
import re

import numpy as np
import pytest
import torch
from torch import nn

from seqviz.analysis.unit_step import Step, Terms, gate_summary, step
from seqviz.errors import SeqvizError
from seqviz.figures.equations import formula, with_values
from seqviz.labels import announce, extremes, latex_text, number
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
@pytest.mark.parametrize("layers", (1, 2, 3))
@pytest.mark.parametrize("bidirectional", (False, True))
@pytest.mark.parametrize("bias", (False, True))
def test_every_cell_equals_the_trace(
    mode: str, layers: int, bidirectional: bool, bias: bool
) -> None:
    traced = make(mode, layers, bidirectional, bias)
    for layer, d, t in itertools.product(range(layers), range(1 + bidirectional), range(T)):
        opened = step(traced, layer, d, 2, t)
        at = (layer, d, t, 2)
        assert opened.h == traced.h[at]
        assert opened.h_computed == pytest.approx(float(traced.h[at]), abs=1e-6)
        if traced.c is not None:
            assert opened.c_computed == pytest.approx(float(traced.c[at]), abs=1e-6)
        assert [gate.name for gate in opened.gates] == list(traced.spec.gates or ("h",))
        for gate in opened.gates:
            recorded = float(traced.quantity(gate.name)[at])
            assert gate.computed == pytest.approx(recorded, abs=1e-6)
            assert gate.value == recorded


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("bias", (False, True))
def test_contributions_add_up_to_the_pre_activation(mode: str, bias: bool) -> None:
    for gate in step(make(mode, bias=bias), 0, 0, 1, 3).gates:
        assert len(gate.contributions) == (4 if bias else 2)
        total = sum(value for _, value in gate.contributions)
        assert total == pytest.approx(gate.pre_activation, abs=1e-12)


def test_gru_n_multiplies_r_after_the_recurrent_product() -> None:
    """Against autograd: dn/dr = (1 - n^2) (W_hn h + b_hn), which other GRUs do not have."""
    traced = make("GRU")
    n = step(traced, 0, 0, 2, 3).gate("n")
    row = 2 * HIDDEN + 2
    w = {name: torch.from_numpy(np.array(value[row])) for name, value in traced.weights.items()}
    h = torch.from_numpy(traced.h[0, 0, 2].copy())
    x = torch.from_numpy(traced.x[3].copy())
    r = torch.tensor(traced.gates["r"][0, 0, 3, 2], requires_grad=True)
    recurrent = w["weight_hh_l0"] @ h + w["bias_hh_l0"]
    torch.tanh(w["weight_ih_l0"] @ x + w["bias_ih_l0"] + r * recurrent).backward()
    inside = n.from_hidden.total + n.bias_hh
    assert r.grad is not None
    assert (1 - n.computed**2) * inside == pytest.approx(r.grad.item(), abs=1e-6)
    assert n.hidden_scale == traced.gates["r"][0, 0, 3, 2]


def test_sources_are_the_right_ones() -> None:
    traced = make("LSTM", 2, True)
    first = step(traced, 0, 0, 1, 0, ("a", "", "x2")).gate("f")
    assert first.from_input.names == ("x[0] 'a'", "x[1]", "x[2]")
    assert np.array_equal(first.from_input.values, traced.x[0].astype(float))
    assert np.array_equal(first.from_hidden.values, traced.h_0[0, 0].astype(float))
    upper = step(traced, 1, 1, 1, 2).gate("f")
    assert upper.from_input.names[HIDDEN + 3] == "h[3] of layer 1 reverse"
    assert upper.from_input.values[HIDDEN + 3] == traced.h[0, 1, 2, 3]
    assert np.array_equal(upper.from_hidden.values, traced.h[1, 1, 3].astype(float))
    assert upper.from_hidden.symbols[4] == "h_{t+1}[4]"


def test_largest_terms_and_what_is_left() -> None:
    weights, values = np.array([1.0, -3.0, 0.5, 2.0]), np.array([1.0, 1.0, -1.0, -1.0])
    names = ("a", "b", "c", "d")
    terms = Terms(names, names, weights, values, weights * values)
    largest, rest = terms.largest(2)
    assert [(term.name, term.product) for term in largest] == [("b", -3.0), ("d", -2.0)]
    assert rest == (2, 0.5)
    assert terms.total == -4.5
    assert terms.largest(9)[1] == (0, 0.0)


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
    assert number(opened.h) in numbers[-1]
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
        assert rf"\text{{ and {count} more adding }} {number(adding)}" in line


def test_announce_counts_layers_and_steps_from_1_and_units_from_0() -> None:
    traced = make("LSTM", 2, True)
    value = f"{traced.h[0, 1, 3, 2]:.4f}"
    assert announce(traced, 0, 1, 2, 3) == f"layer 1 reverse, unit 2, step 4: h = {value}"
    value = f"{traced.gates['f'][1, 0, 0, 4]:.4f}"
    assert announce(traced, 1, 0, 4, 0, "f") == f"layer 2, unit 4, step 1: f = {value}"
    with pytest.raises(SeqvizError, match="has no 'z'"):
        announce(traced, 0, 0, 0, 0, "z")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.4213, "0.4213"),
        (-0.00001, "-0.00001000"),
        (0.0, "0.0000"),
        (-0.0, "0.0000"),
        (12345.678, "12345.6780"),
        (3e30, "3.000e+30"),
        (1e-20, "1.000e-20"),
        (math.inf, "inf"),
        (math.nan, "nan"),
    ],
)
def test_number_never_shows_a_small_value_as_nothing(value: float, text: str) -> None:
    assert number(value) == text


def test_cells_that_do_not_exist_are_refused_in_a_sentence() -> None:
    traced = make("RNN_TANH")
    for cell in ((1, 0, 0, 0), (0, 1, 0, 0), (0, 0, HIDDEN, 0), (0, 0, 0, T), (0, 0, 0, -1)):
        with pytest.raises(SeqvizError, match="choose"):
            step(traced, *cell)
        with pytest.raises(SeqvizError, match="choose"):
            announce(traced, *cell)
    with pytest.raises(SeqvizError, match="no gate 'f'"):
        step(traced, 0, 0, 0, 0).gate("f")


def test_extremes_pass_over_what_is_not_a_number() -> None:
    traced = make("RNN_TANH")
    values = traced.h[0, 0, :, 1]
    assert extremes(traced, 0, 0, 1) == (values.argmax(), values.argmin())
    module = nn.RNN(1, 1, nonlinearity="relu")
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.fill_(3e19)
    overflown = trace(module, torch.ones(8, 1))
    assert np.isinf(overflown.h).any()
    assert extremes(overflown, 0, 0, 0)[1] == 0
    opened = step(overflown, 0, 0, 0, 7)
    assert r"\infty" in with_values(opened)[0]


def test_summary_has_a_row_a_gate() -> None:
    rows = gate_summary(step(make("GRU"), 0, 0, 1, 2))
    assert [row["gate"] for row in rows] == ["r", "z", "n"]
    keys = ["gate", "W_ih x", "b_ih", "W_hh h", "b_hh", "pre-activation", "activation", "value"]
    assert all(list(row) == keys for row in rows)


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
