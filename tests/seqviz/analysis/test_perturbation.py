"""A real nudge, run again, against what the gradient says."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from networks import traced

import seqviz
from seqviz.analysis.perturbation import perturb
from seqviz.errors import SeqvizError
from seqviz.types import MODES, Head, RNNSpec


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("bidirectional", [False, True])
def test_small_nudges_do_what_the_gradient_says(mode, layers, bidirectional):
    found = perturb(traced(mode, num_layers=layers, bidirectional=bidirectional), 4, 1e-5)
    assert found.relative_error < 1e-3
    assert found.agrees and "does what the gradient says" in found.sentence()
    np.testing.assert_allclose(found.predicted, found.measured, rtol=1e-2, atol=1e-10)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("layer", [0, 1])
def test_measured_is_the_change_of_a_second_run(mode, layer):
    trace = traced(mode, num_layers=2)
    x = trace.x.copy()
    x[3] += (0.5, -1.0)
    states = [None if one is None else one.reshape(2, 6) for one in (trace.h_0, trace.c_0)]
    other = seqviz.trace(seqviz.build(trace.spec), x, *states)
    expected = np.linalg.norm(other.h[layer, 0] - trace.h[layer, 0], axis=1)
    found = perturb(trace, 3, (0.5, -1.0), layer=layer)
    np.testing.assert_allclose(found.measured, expected, atol=1e-6)
    assert not found.measured[:3].any() and not found.predicted[:3].any()


def test_the_error_grows_with_the_nudge_until_the_gradient_fails():
    trace = traced("LSTM")
    errors = [perturb(trace, 2, amount).relative_error for amount in (1e-3, 1e-1, 1, 20)]
    assert errors == sorted(errors)
    assert errors[1] > 50 * errors[0]  # the first neglected term is quadratic
    large = perturb(trace, 2, 20.0)
    assert not large.agrees and "does not follow the gradient" in large.sentence()


def test_a_linear_network_agrees_at_any_size():
    """ReLU with identity init, all units active: the network is linear."""
    spec = RNNSpec("RNN_RELU", 1, 4, init="identity")
    rnn = seqviz.build(spec)
    with torch.no_grad():
        rnn.weight_ih_l0.abs_()
    found = perturb(seqviz.trace(rnn, torch.ones(20, 1), spec=spec), 0, 100.0)
    assert found.relative_error < 1e-12
    np.testing.assert_allclose(found.measured, found.measured[0], rtol=1e-12)  # never fades


def test_nothing_in_nothing_out():
    found = perturb(traced("GRU"), 1, 0.0)
    assert found.relative_error == 0
    assert found.agrees and "moves no state" in found.sentence()


def test_an_exploding_network_is_compared_as_far_as_it_goes():
    spec = RNNSpec("RNN_RELU", 1, 4, init="identity")
    rnn = seqviz.build(spec)
    with torch.no_grad():
        rnn.weight_ih_l0.abs_()
        rnn.weight_hh_l0.mul_(8)
    trace = seqviz.trace(rnn, torch.ones(80, 1), spec=spec)
    assert perturb(trace, 3, 0.1).agrees
    late = perturb(trace, 70, 0.1)
    assert np.isnan(late.relative_error) and not late.agrees
    assert "left the range of float32" in late.sentence()


@pytest.mark.parametrize(
    ("t", "amount", "message"),
    [
        (12, 0.1, "t is 12: choose one from 0 to 11"),
        (-1, 0.1, "t is -1: choose one from 0 to 11"),
        (0, (1, 2, 3), "3 numbers and a step has 2"),
        (0, float("nan"), "finite"),
        (0, "much", "must be a number"),
    ],
)
def test_impossible_nudges_are_refused(t, amount, message):
    with pytest.raises(SeqvizError, match=message):
        perturb(traced("GRU"), t, amount)


def answering(trace):
    rng = np.random.default_rng(0)
    outputs = trace.output.shape[1]
    return replace(
        trace, head=Head(rng.normal(size=(3, outputs)), np.ones(3), "softmax", tuple("abc"))
    )


@pytest.mark.parametrize("bidirectional", [False, True])
def test_an_answer_moves_as_its_head_has_it(bidirectional):
    trace = answering(traced("GRU", bidirectional=bidirectional))
    found = perturb(trace, 4, 1e-4, answer=True)
    assert found.agrees and "of the answer's change" in found.sentence()
    x = trace.x.copy()
    x[4] += 1e-2
    shape = (trace.spec.num_directions, trace.spec.hidden_size)
    other = seqviz.trace(seqviz.build(trace.spec), x, trace.h_0.reshape(shape))
    expected = np.linalg.norm((other.output - trace.output) @ trace.head.weight.T, axis=1)
    measured = perturb(trace, 4, 1e-2, answer=True).measured
    np.testing.assert_allclose(measured, expected, atol=1e-6)


def test_who_answers_nothing_has_no_answer_to_move():
    with pytest.raises(SeqvizError, match="answers nothing"):
        perturb(traced("GRU"), 1, 0.1, answer=True)
