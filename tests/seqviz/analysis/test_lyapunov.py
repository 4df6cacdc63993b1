"""Growth of changes along a sequence, against autograd and closed forms."""

import itertools

import numpy as np
import pytest
import torch
from networks import traced
from torch_judges import state_jacobian

import seqviz
from seqviz.analysis.jacobians import advance, all_directions, rows, step_jacobians
from seqviz.analysis.lyapunov import growth
from seqviz.analysis.spectrum import rescaled
from seqviz.errors import SeqvizError
from seqviz.types import MODES, RNNSpec


def product_of_steps(trace: seqviz.Trace, k: int, layer: int, direction: int) -> np.ndarray:
    """∂h_k/∂h_0 from the recorded gates, without the scaling that keeps long products in range."""
    state = all_directions(trace, torch.float64)
    steps = step_jacobians(trace, layer, direction, dtype=torch.float64)
    for step in itertools.islice(steps, k):
        state = advance(step, state)
    return rows(state).t().numpy()


@pytest.mark.parametrize("mode", MODES)
def test_growth_is_the_norm_of_the_product(mode):
    trace = traced(mode, 20, num_layers=2, bidirectional=True)
    for layer, direction in ((0, 0), (1, 1)):
        found = growth(trace, layer=layer, direction=direction)
        assert found.exact and found.steps.tolist() == list(range(1, 21))
        for k in (1, 7, 20):
            product = state_jacobian(trace, 0, k, layer=layer, direction=direction)
            closed = product_of_steps(trace, k, layer, direction)
            for judge, near in ((product, 1e-5), (closed, 1e-9)):
                log_norm = np.log(np.linalg.norm(judge, 2))
                assert found.log_norms[k - 1] == pytest.approx(log_norm, abs=near)
        assert found.exponent == pytest.approx(found.log_norms[-1] / 20)


@pytest.mark.parametrize("rho", [0.9, 1.0, 1.1])
def test_the_exponent_of_an_orthogonal_linear_network_is_ln_rho(rho):
    rnn = seqviz.build(RNNSpec("RNN_TANH", 1, 9, bias=False, init="orthogonal"))
    found = growth(seqviz.trace(rescaled(rnn, rho), torch.zeros(50, 1)))
    assert found.exponent == pytest.approx(np.log(rho), abs=1e-6)
    np.testing.assert_allclose(np.exp(found.log_norms), rho ** np.arange(1, 51.0), rtol=1e-5)


def test_growth_shows_the_hump_of_a_matrix_that_is_not_normal():
    spec = RNNSpec("RNN_TANH", 1, 2, bias=False)
    rnn = seqviz.build(spec)
    w = torch.tensor([[0.9, 5], [0, 0.9]])
    with torch.no_grad():
        rnn.weight_hh_l0.copy_(w)
    norms = np.exp(growth(seqviz.trace(rnn, torch.zeros(100, 1), spec=spec)).log_norms)
    assert norms.argmax() + 1 == 9 and norms[8] == pytest.approx(19.38, abs=0.005)
    powers = [np.linalg.matrix_power(w.double().numpy(), k) for k in range(1, 101)]
    np.testing.assert_allclose(norms, [np.linalg.norm(power, 2) for power in powers], rtol=1e-5)


def test_identity_relu_neither_grows_nor_fades():
    spec = RNNSpec("RNN_RELU", 1, 5, init="identity")
    trace = seqviz.trace(seqviz.build(spec), torch.zeros(40, 1), torch.ones(1, 5), spec=spec)
    assert growth(trace).factor == pytest.approx(1)
    np.testing.assert_allclose(np.exp(growth(trace).log_norms), 1)


def test_a_very_long_product_stays_in_range():
    spec = RNNSpec("RNN_TANH", 1, 4, bias=False, init="orthogonal")
    trace = seqviz.trace(
        rescaled(seqviz.build(spec), 0.1), torch.zeros(2000, 1), spec=spec
    )  # 0.1^2000 is far below float64
    assert growth(trace).exponent == pytest.approx(np.log(0.1), abs=1e-6)


def test_a_dead_network_keeps_nothing():
    spec = RNNSpec("RNN_RELU", 1, 3, init="identity")
    trace = seqviz.trace(seqviz.build(spec), torch.zeros(6, 1), spec=spec)  # all units at 0
    found = growth(trace)
    assert found.factor == 0 and (found.log_norms == -np.inf).all()


def test_an_exploding_network_is_followed_to_its_overflow():
    spec = RNNSpec("RNN_RELU", 1, 8, init="identity")
    rnn = seqviz.build(spec)
    with torch.no_grad():
        rnn.weight_ih_l0.abs_()
        rnn.weight_hh_l0.copy_(torch.full((8, 8), 1.0) - 0.5 * torch.eye(8))
    trace = seqviz.trace(rnn, torch.ones(100, 1), spec=spec)
    found = growth(trace)
    assert np.isinf(trace.h).any()
    assert found.exponent == pytest.approx(np.log(7.5), rel=1e-3)  # ρ = σ_max = 7.5
    assert np.isnan(found.log_norms[-1])


def test_a_few_directions_come_close_where_all_would_be_dear(monkeypatch):
    spec = RNNSpec("GRU", 1, 24)
    x = torch.randn(300, 1, generator=torch.Generator().manual_seed(0))
    trace = seqviz.trace(seqviz.build(spec), x, spec=spec)
    exact = growth(trace)
    monkeypatch.setattr("seqviz.analysis.lyapunov._FLOPS", 0)
    monkeypatch.setattr("seqviz.analysis.lyapunov._SAMPLED", 0)
    few = growth(trace)
    assert exact.exact and not few.exact and len(few.steps) == 16
    assert exact.exponent - 0.02 < few.exponent <= exact.exponent + 1e-9


def test_places_that_do_not_exist_are_refused():
    with pytest.raises(SeqvizError, match="bidirectional"):
        growth(traced("GRU"), direction=1)
    with pytest.raises(SeqvizError, match="layer is 3: choose 0, or -1 for the last"):
        growth(traced("GRU"), layer=3)
