"""Spectra of W_hh, rescaling, and the lines of theory."""

import numpy as np
import pytest
import torch
from torch_judges import state_jacobian

import seqviz
from seqviz.analysis.spectrum import (
    geometric_line,
    rescaled,
    spectra,
    spectral_radius,
    step_bound,
)
from seqviz.errors import SeqvizError
from seqviz.types import MODES, RNNSpec


def powers(matrix, steps: int) -> np.ndarray:
    """‖W^k‖₂ for k = 0 to steps."""
    w = np.asarray(matrix, np.float64)
    return np.array([np.linalg.norm(np.linalg.matrix_power(w, k), 2) for k in range(steps + 1)])


def stretches(trace: seqviz.Trace) -> np.ndarray:
    """‖∂h_{k+1}/∂h_k‖₂ of every step, by autograd."""
    return np.array([np.linalg.norm(state_jacobian(trace, k, k + 1), 2) for k in range(len(trace))])


def test_a_spectral_radius_below_one_may_still_grow_at_first():
    """[[0.9, 5], [0, 0.9]]: ρ = 0.9, yet ‖W^k‖₂ peaks at 19.38 at k = 9."""
    w = [[0.9, 5], [0, 0.9]]
    norms = powers(w, 100)
    assert spectral_radius(w) == pytest.approx(0.9)
    assert norms.argmax() == 9
    assert norms[9] == pytest.approx(19.38, abs=0.005)
    assert norms[50] == pytest.approx(1.43, abs=0.005)
    assert norms[100] == pytest.approx(0.0148, abs=0.00005)


@pytest.mark.parametrize(("rho", "expected"), [(0.9, 0.005154), (1.0, 1.0), (1.1, 117.39)])
def test_an_orthogonal_matrix_is_a_pure_power(rho, expected):
    rnn = rescaled(seqviz.build(RNNSpec(hidden_size=16, init="orthogonal")), rho)
    norms = powers(rnn.weight_hh_l0.detach().double().numpy(), 50)
    assert norms[50] == pytest.approx(expected, rel=1e-4)
    assert geometric_line(rho, 50)[50] == pytest.approx(expected, rel=1e-4)
    assert len(norms) == len(geometric_line(rho, 50)) == 51


def test_powers_neither_overflow_nor_fade_with_a_warning():
    assert geometric_line(1e9, 100)[-1] == np.inf
    assert geometric_line(0, 2).tolist() == [1, 0, 0]


@pytest.mark.parametrize("hidden", [16, 64, 256])
def test_pytorchs_default_tanh_has_radius_one_over_root_three(hidden):
    radii = [
        spectra(seqviz.build(RNNSpec(hidden_size=hidden, seed=seed)))[0].rho
        for seed in range(12 if hidden < 256 else 1)
    ]
    assert np.mean(radii) == pytest.approx(0.6, abs=0.06)


@pytest.mark.parametrize(
    ("mode", "names"),
    [
        ("RNN_TANH", ["W_hh"]),
        ("RNN_RELU", ["W_hh"]),
        ("GRU", ["W_hr", "W_hz", "W_hn"]),
        ("LSTM", ["W_hi", "W_hf", "W_hg", "W_ho"]),
    ],
)
def test_every_gates_block_is_named_and_measured(mode, names):
    spec = RNNSpec(mode, 2, 7, num_layers=2, bidirectional=True)
    rnn = seqviz.build(spec)
    found = spectra(rnn, layer=-1, direction=1)
    assert [one.name for one in found] == names
    assert {one.parameter for one in found} == {"weight_hh_l1_reverse"}
    for one, block in zip(found, rnn.weight_hh_l1_reverse.detach().split(7), strict=True):
        judge = torch.linalg.eigvals(block.double()).abs()
        assert one.rho == pytest.approx(float(judge.max()))
        assert one.sigma_max == pytest.approx(float(torch.linalg.svdvals(block)[0]), rel=1e-5)
        assert one.rho <= one.sigma_max
        np.testing.assert_allclose(np.abs(one.eigenvalues), judge.sort(descending=True).values)
    traced = spectra(seqviz.trace(rnn, torch.zeros(2, 2)), layer=1, direction=1)
    assert [one.rho for one in traced] == [one.rho for one in found]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("rho", [0.5, 1.3])
def test_rescaling_gives_every_block_the_radius_and_changes_nothing_else(mode, rho):
    rnn = seqviz.build(RNNSpec(mode, 2, 6, num_layers=2, bidirectional=True))
    before = {name: value.detach().clone() for name, value in rnn.named_parameters()}
    changed = rescaled(rnn, rho)
    for layer in (0, 1):
        for direction in (0, 1):
            for block in spectra(changed, layer=layer, direction=direction):
                assert block.rho == pytest.approx(rho, rel=1e-5)
    for name, value in changed.named_parameters():
        assert torch.equal(value, before[name]) != name.startswith("weight_hh")
        assert torch.equal(dict(rnn.named_parameters())[name], before[name])
    x = torch.randn(5, 2)
    trace = seqviz.trace(changed, x)  # the fused kernel sees the new weights too
    np.testing.assert_allclose(trace.output, changed(x)[0].detach().numpy(), atol=1e-6)


def test_radius_zero_can_be_reached_but_not_left():
    silent = rescaled(seqviz.build(RNNSpec(hidden_size=4)), 0)
    assert not silent.weight_hh_l0.any()
    assert not rescaled(silent, 0).weight_hh_l0.any()
    with pytest.raises(SeqvizError, match="spectral radius 0"):
        rescaled(silent, 0.9)


@pytest.mark.parametrize("rho", [-1, float("nan"), float("inf")])
def test_impossible_radii_are_refused(rho):
    with pytest.raises(SeqvizError, match="from 0 up"):
        rescaled(seqviz.build(RNNSpec()), rho)


def test_blocks_that_do_not_exist_or_hold_no_numbers_are_refused():
    rnn = seqviz.build(RNNSpec())
    for place in ({"layer": 1}, {"layer": -2}, {"direction": 1}):
        with pytest.raises(SeqvizError, match="choose 0"):
            spectra(rnn, **place)
    with torch.no_grad():
        rnn.weight_hh_l0[0, 0] = torch.nan
    with pytest.raises(SeqvizError, match="NaN"):
        spectra(rnn)


@pytest.mark.parametrize("mode", ["RNN_TANH", "RNN_RELU"])
def test_no_step_stretches_beyond_the_bound(mode):
    """Pascanu et al. 2013: ‖∂h_{k+1}/∂h_k‖ <= σ_max γ, γ = 1; reached where tanh is steepest."""
    rnn = rescaled(seqviz.build(RNNSpec(mode, 1, 10, bias=False)), 1.5)
    bound = step_bound(rnn)
    norms = stretches(seqviz.trace(rnn, torch.randn(50, 1)))
    assert (norms <= bound * (1 + 1e-9)).all()
    if mode == "RNN_TANH":
        at_rest = stretches(seqviz.trace(rnn, torch.zeros(5, 1)))
        np.testing.assert_allclose(at_rest, bound, rtol=1e-9)


@pytest.mark.parametrize("mode", ["GRU", "LSTM"])
def test_gates_have_no_such_bound(mode):
    assert step_bound(seqviz.build(RNNSpec(mode))) is None
