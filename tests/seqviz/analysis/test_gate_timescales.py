"""Gates as memory: known half-lives, and that they are not the full gradient."""

import numpy as np
import pytest
import torch

import seqviz
from seqviz.analysis.gate_timescales import gate_timescales, half_life
from seqviz.analysis.lyapunov import growth
from seqviz.errors import SeqvizError
from seqviz.types import RNNSpec


def sigmoid(bias: float) -> float:
    """What a forget gate keeps a step when its bias alone decides."""
    return 1 / (1 + np.exp(-bias))


@pytest.mark.parametrize(
    ("bias", "keeps", "steps"), [(0, 0.5, 1.0), (1, 0.731, 2.21), (3, 0.953, 14.3), (5, 0.993, 103)]
)
def test_what_a_forget_bias_alone_keeps(bias, keeps, steps):
    assert sigmoid(bias) == pytest.approx(keeps, abs=0.0005)
    assert half_life(sigmoid(bias)) == pytest.approx(steps, rel=0.005)


@pytest.mark.parametrize(("bias", "steps"), [(0.0, 1.0), (1.0, 2.21), (3.0, 14.3), (5.0, 103)])
def test_a_built_lstm_whose_bias_decides_has_that_half_life(bias, steps):
    rnn = seqviz.build(RNNSpec("LSTM", 1, 6, forget_bias=bias))
    with torch.no_grad():
        for name, weight in rnn.named_parameters():
            if name.startswith("weight"):
                weight.zero_()
    found = gate_timescales(seqviz.trace(rnn, torch.randn(12, 1)))
    np.testing.assert_allclose(found.half_life, steps, rtol=0.005)
    np.testing.assert_allclose(found.mean, sigmoid(bias), rtol=1e-6)
    # with no way through h, the direct path is the whole gradient of c
    assert found.full_factor == pytest.approx(sigmoid(bias), rel=0.05)


def test_half_lives_at_the_ends():
    assert half_life([0, 0.5, 1, 1.5]).tolist() == [0, 1, np.inf, np.inf]
    assert np.isnan(half_life(np.nan))


@pytest.mark.parametrize(("mode", "gate"), [("LSTM", "f"), ("GRU", "z")])
def test_figures_are_those_of_the_trace(mode, gate):
    spec = RNNSpec(mode, 1, 5, num_layers=2, bidirectional=True)
    trace = seqviz.trace(seqviz.build(spec), torch.randn(9, 1), spec=spec)
    found = gate_timescales(trace, layer=1, direction=1)
    values = trace.gates[gate][1, 1].astype(np.float64)
    assert found.gate == gate
    np.testing.assert_allclose(found.mean, values.mean(0), rtol=1e-6)
    np.testing.assert_allclose(found.kept**9, values.prod(0))
    assert found.full_factor == growth(trace, layer=1, direction=1).factor
    assert found.half_life.shape == (5,)


def test_the_gate_is_not_the_gradient_and_the_sentence_says_both():
    trace = seqviz.trace(seqviz.build(RNNSpec("LSTM", 1, 64)), torch.randn(100, 1))
    found = gate_timescales(trace)
    assert found.full_factor > float(np.median(found.kept)) + 0.1
    assert f"{found.full_factor:.3f}" in found.sentence() and "forget gate" in found.sentence()


def test_gates_wide_open_or_shut_make_no_warning():
    for bias, life in ((1000.0, np.inf), (-1000.0, 0.0)):
        rnn = seqviz.build(RNNSpec("LSTM", 1, 3, forget_bias=bias))
        found = gate_timescales(seqviz.trace(rnn, torch.randn(5, 1)))
        assert (found.half_life == life).all()
        assert found.sentence().endswith(".")


@pytest.mark.parametrize("mode", ["RNN_TANH", "RNN_RELU"])
def test_a_plain_rnn_has_none(mode):
    with pytest.raises(SeqvizError, match="no gates"):
        gate_timescales(seqviz.trace(seqviz.build(RNNSpec(mode)), torch.zeros(3, 1)))
