"""How long networks remember: known figures for PyTorch's default init, and exact small cases."""

import numpy as np
import pytest
import torch

import seqviz
from seqviz.analysis.horizon import fitted_factor, horizon, horizon_of
from seqviz.analysis.influence import influence, ordinal, plan
from seqviz.errors import SeqvizError
from seqviz.types import Head, RNNSpec


@pytest.mark.parametrize(
    ("mode", "forget_bias", "expected", "tolerance"),
    [
        ("RNN_TANH", None, 0.58, 0.05),
        ("GRU", None, 0.63, 0.03),
        ("LSTM", None, 0.63, 0.03),
        ("LSTM", 1.0, 0.86, 0.03),
        ("LSTM", 3.0, 1.0, 0.04),
    ],
)
def test_default_networks_forget_as_fast_as_is_known(mode, forget_bias, expected, tolerance):
    factors = []
    for seed in (0, 1, 2):
        rnn = seqviz.build(RNNSpec(mode, hidden_size=64, forget_bias=forget_bias, seed=seed))
        factors.append(horizon(rnn, steps=80, runs=2).factor)
    assert np.mean(factors) == pytest.approx(expected, abs=tolerance)


def test_an_orthogonal_linear_network_is_geometric():
    """ρ = 0.9: a half after 7 steps (0.9^7 = 0.478), one percent after 44."""
    spec = RNNSpec("RNN_TANH", 1, 8, bias=False, init="orthogonal")
    rnn = seqviz.build(spec)
    with torch.no_grad():
        rnn.weight_hh_l0.mul_(0.9)
    silent = [influence(seqviz.trace(rnn, torch.zeros(60, 1), spec=spec))]
    found = horizon_of(silent)
    assert found.half.tolist() == [7] and found.hundredth.tolist() == [44]
    assert found.factor == pytest.approx(0.9, abs=1e-5)
    np.testing.assert_allclose(found.curve, 0.9 ** np.arange(60), rtol=1e-4)
    assert (
        "within 7 steps and 99 % within 44 steps" in found.sentence()
        and "0.900 ± 0.000" in found.sentence()
    )


def test_a_horizon_comes_with_its_uncertainty():
    rnn = seqviz.build(RNNSpec("LSTM", 2, 8))
    found = horizon(rnn, steps=40, runs=5)
    assert found.half.shape == found.hundredth.shape == found.factors.shape == (5,)
    assert len(set(found.factors)) == 5 and found.factor_std > 0
    assert (found.low <= found.curve).all() and (found.curve <= found.high).all()
    assert "5 random inputs" in found.sentence()


def test_the_same_seed_gives_the_same_figures_and_leaves_randomness_alone():
    rnn = seqviz.build(RNNSpec("GRU", 1, 6))
    before = torch.random.get_rng_state()
    one, two = (horizon(rnn, steps=20, runs=2, seed=4) for _ in range(2))
    assert np.array_equal(one.factors, two.factors)
    assert not np.array_equal(one.factors, horizon(rnn, steps=20, runs=2, seed=5).factors)
    assert torch.equal(before, torch.random.get_rng_state())


def test_what_is_never_forgotten_is_said_so():
    spec = RNNSpec("RNN_RELU", 1, 4, init="identity")
    rnn = seqviz.build(spec)
    with torch.no_grad():
        rnn.weight_ih_l0.abs_()
    found = horizon_of([influence(seqviz.trace(rnn, torch.ones(30, 1), spec=spec))])
    assert np.isinf(found.half).all() and np.isinf(found.hundredth).all()
    assert found.factor == pytest.approx(1)
    assert "forgets half of an input not within the 30 steps measured" in found.sentence()


def test_exploding_networks_are_measured_up_to_their_overflow():
    rnn = seqviz.build(RNNSpec("RNN_RELU", 1, 8, init="identity"))
    with torch.no_grad():
        rnn.weight_hh_l0.mul_(3)
    found = horizon(rnn, steps=120, runs=2)
    assert found.factor == pytest.approx(3, rel=0.02)


def test_a_network_that_hears_nothing_has_no_horizon():
    rnn = seqviz.build(RNNSpec("GRU", 1, 4))
    with torch.no_grad():
        rnn.weight_ih_l0.zero_()
    found = horizon(rnn, steps=10, runs=2)
    assert np.isnan(found.factor) and np.isinf(found.half).all()
    assert "cannot be measured" in found.sentence()


def test_the_factor_is_that_of_the_tail():
    lags = np.arange(60)
    assert fitted_factor(0.7**lags) == pytest.approx(0.7)
    bumpy = np.where(lags < 10, 1.0, 0.8**lags)
    assert fitted_factor(bumpy) == pytest.approx(0.8)
    assert fitted_factor(np.array([1.0, 0.0, 0.0])) == 0
    assert np.isnan(fitted_factor(np.full(5, np.nan)))


def test_the_runs_share_the_time_and_what_is_left_out_is_said(monkeypatch):
    rnn = seqviz.build(RNNSpec("GRU", 1, 8, 2))
    exact = horizon(rnn, steps=100)
    assert exact.notice == ""
    one = plan(seqviz.trace(rnn, torch.zeros(100, 1)))
    assert one.notice == ""
    monkeypatch.setattr("seqviz.analysis.influence._FLOPS", 4e6)
    found = horizon(rnn, steps=100)
    few = plan(seqviz.trace(rnn, torch.zeros(100, 1)), runs=8)
    assert few.stride > 2 and found.notice == few.notice == (
        f"every {ordinal(few.stride)} input step, to answer in time"
    )
    np.testing.assert_allclose(found.half, exact.half, atol=1)  # from fewer inputs, not from others
    assert found.factor == pytest.approx(exact.factor, rel=0.02)


def test_progress_covers_all_runs():
    told: list[float] = []
    horizon(seqviz.build(RNNSpec("GRU", 1, 4)), steps=40, runs=3, progress=told.append)
    assert told == sorted(told) and told[-1] == 1


@pytest.mark.parametrize("wrong", [{"steps": 1}, {"runs": 0}])
def test_too_little_to_measure_is_refused(wrong):
    with pytest.raises(SeqvizError):
        horizon(seqviz.build(RNNSpec()), **wrong)
    with pytest.raises(SeqvizError):
        horizon_of([])


def test_the_horizon_of_an_answer_is_that_of_what_the_head_reads():
    rnn = seqviz.build(RNNSpec("LSTM", 1, 4))
    whole = Head(np.eye(4), np.zeros(4), "identity", tuple("abcd"))
    np.testing.assert_allclose(
        horizon(rnn, steps=30, runs=2, head=whole).curve,
        horizon(rnn, steps=30, runs=2).curve,
        rtol=1e-5,
    )
    slow = Head(np.eye(4)[:1], np.zeros(1), "identity", ("a",))
    assert not np.allclose(
        horizon(rnn, steps=30, runs=2, head=slow).curve, horizon(rnn, steps=30, runs=2).curve
    )
