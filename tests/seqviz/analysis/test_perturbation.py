"""A real nudge, run again, against what the gradient says."""

import numpy as np
import pytest
import torch

import seqviz
from seqviz.analysis.perturbation import module_of, nudge
from seqviz.errors import SeqvizError
from seqviz.types import MODES, RNNSpec


def traced(mode: str, steps: int = 12, **options) -> seqviz.Trace:
    spec = RNNSpec(mode, 2, 6, **options)
    generator = torch.Generator().manual_seed(6)
    x = torch.randn(steps, 2, generator=generator)
    h_0 = torch.randn(spec.num_layers * spec.num_directions, 6, generator=generator) / 2
    return seqviz.trace(seqviz.build(spec), x, h_0, spec=spec)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("bidirectional", [False, True])
def test_small_nudges_do_what_the_gradient_says(mode, layers, bidirectional):
    found = nudge(traced(mode, num_layers=layers, bidirectional=bidirectional), 4, 1e-5)
    assert found.relative_error < 1e-3
    assert found.agrees and "does what the gradient says" in found.sentence()
    np.testing.assert_allclose(found.predicted, found.measured, rtol=1e-2, atol=1e-10)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("layer", [0, 1])
def test_measured_is_the_change_of_a_second_run(mode, layer):
    trace = traced(mode, num_layers=2)
    x = trace.x.copy()
    x[3] += (0.5, -1.0)
    other = seqviz.trace(seqviz.build(trace.spec), x, trace.h_0.reshape(2, 6))
    expected = np.linalg.norm(other.h[layer, 0] - trace.h[layer, 0], axis=1)
    found = nudge(trace, 3, (0.5, -1.0), layer=layer)
    np.testing.assert_allclose(found.measured, expected, atol=1e-6)
    assert not found.measured[:3].any() and not found.predicted[:3].any()


def test_the_error_grows_with_the_nudge_until_the_gradient_fails():
    trace = traced("LSTM")
    errors = [nudge(trace, 2, amount).relative_error for amount in (1e-3, 1e-1, 1, 20)]
    assert errors == sorted(errors)
    assert errors[1] > 50 * errors[0]  # the first neglected term is quadratic
    large = nudge(trace, 2, 20.0)
    assert not large.agrees and "does not follow the gradient" in large.sentence()


def test_a_linear_network_agrees_at_any_size():
    """ReLU with identity init, all units active: the network is linear."""
    spec = RNNSpec("RNN_RELU", 1, 4, init="identity")
    rnn = seqviz.build(spec)
    with torch.no_grad():
        rnn.weight_ih_l0.abs_()
    found = nudge(seqviz.trace(rnn, torch.ones(20, 1), spec=spec), 0, 100.0)
    assert found.relative_error < 1e-12
    np.testing.assert_allclose(found.measured, found.measured[0], rtol=1e-12)  # never fades


def test_nothing_in_nothing_out():
    found = nudge(traced("GRU"), 1, 0.0)
    assert found.relative_error == 0
    assert found.agrees and "moves no state" in found.sentence()


def test_an_exploding_network_is_compared_as_far_as_it_goes():
    spec = RNNSpec("RNN_RELU", 1, 4, init="identity")
    rnn = seqviz.build(spec)
    with torch.no_grad():
        rnn.weight_ih_l0.abs_()
        rnn.weight_hh_l0.mul_(8)
    trace = seqviz.trace(rnn, torch.ones(80, 1), spec=spec)
    assert nudge(trace, 3, 0.1).agrees
    late = nudge(trace, 70, 0.1)
    assert np.isnan(late.relative_error) and not late.agrees
    assert "left the range of float32" in late.sentence()


def test_the_rebuilt_module_is_the_one_traced_and_draws_nothing():
    trace = traced("LSTM", num_layers=2, bidirectional=True)
    before = torch.random.get_rng_state()
    again = seqviz.trace(module_of(trace), trace.x, trace.h_0.reshape(-1, 6))
    assert np.array_equal(again.h, trace.h)
    assert torch.equal(before, torch.random.get_rng_state())


@pytest.mark.parametrize(
    ("t", "amount", "message"),
    [
        (12, 0.1, "between 1 and 12"),
        (-1, 0.1, "between 1 and 12"),
        (0, (1, 2, 3), "3 numbers and a step has 2"),
        (0, float("nan"), "finite"),
        (0, "much", "must be a number"),
    ],
)
def test_impossible_nudges_are_refused(t, amount, message):
    with pytest.raises(SeqvizError, match=message):
        nudge(traced("GRU"), t, amount)
