"""One step opened up against the trace, PyTorch's cells and what people read on screen."""

import itertools

import numpy as np
import pytest
import torch

from seqviz.analysis.unit_step import Terms, step
from seqviz.errors import SeqvizError
from seqviz.labels import announce
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


def test_cells_that_do_not_exist_are_refused_in_a_sentence() -> None:
    traced = make("RNN_TANH")
    for cell in ((1, 0, 0, 0), (0, 1, 0, 0), (0, 0, HIDDEN, 0), (0, 0, 0, T), (0, 0, 0, -1)):
        with pytest.raises(SeqvizError, match="choose"):
            step(traced, *cell)
        with pytest.raises(SeqvizError, match="choose"):
            announce(traced, *cell)
    with pytest.raises(SeqvizError, match="no gate 'f'"):
        step(traced, 0, 0, 0, 0).gate("f")
