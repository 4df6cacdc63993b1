"""One step's derivatives against autograd, and products of them against whole networks."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

import seqviz
from seqviz.analysis.jacobians import (
    advance,
    all_directions,
    joint,
    rows,
    state_jacobian,
    step_jacobians,
)
from seqviz.errors import SeqvizError
from seqviz.types import MODES, RNNSpec


def traced(mode: str, seed: int = 1, steps: int = 6, **options) -> tuple[nn.RNNBase, seqviz.Trace]:
    spec = RNNSpec(mode, input_size=3, hidden_size=4, seed=seed, **options)
    generator = torch.Generator().manual_seed(seed)
    states = (spec.num_layers * spec.num_directions, 4)
    rnn = seqviz.build(spec)
    x = torch.randn(steps, 3, generator=generator)
    h_0, c_0 = (torch.randn(states, generator=generator) / 2 for _ in range(2))
    return rnn, seqviz.trace(rnn, x, h_0, c_0, spec=spec)


def autograd_state_jacobian(rnn: nn.RNNBase, trace: seqviz.Trace, start: int, stop: int):
    """∂(h[, c])_stop/∂(h[, c])_start of a single-layer network by torch itself."""
    rnn = rnn.double()
    x = torch.tensor(trace.x[start:stop]).double()
    hidden = trace.spec.hidden_size
    h = torch.tensor(trace.h_0[0] if start == 0 else trace.h[0, :, start - 1]).double()  # (1, H)
    if trace.c is None:
        jacobian = torch.autograd.functional.jacobian(lambda h: rnn(x, h)[1], h)
        return jacobian.reshape(hidden, hidden).numpy()
    c = torch.tensor(trace.c_0[0] if start == 0 else trace.c[0, :, start - 1]).double()

    def run(state):
        h, c = rnn(x, (state[:, :hidden], state[:, hidden:]))[1]
        return torch.cat([h, c], dim=1)

    jacobian = torch.autograd.functional.jacobian(run, torch.cat([h, c], dim=1))
    return jacobian.reshape(2 * hidden, 2 * hidden).numpy()


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize(("start", "stop"), [(0, 1), (0, 6), (2, 5), (3, 3)])
def test_state_jacobian_is_autograds(mode, bias, start, stop):
    rnn, trace = traced(mode, bias=bias)
    ours = state_jacobian(trace, start, stop)
    if start == stop:
        assert np.array_equal(ours, np.eye(len(ours)))
    else:
        judge = autograd_state_jacobian(rnn, trace, start, stop)
        np.testing.assert_allclose(ours, judge, atol=1e-6)


@pytest.mark.parametrize("mode", MODES)
def test_factors_push_tangents_as_the_matrices_do(mode):
    _, trace = traced(mode, num_layers=2, bidirectional=True)
    for direction in (0, 1):
        dense = step_jacobians(trace, 1, direction, dtype=torch.float64)
        factors = step_jacobians(trace, 1, direction, factored=True, dtype=torch.float64)
        state = all_directions(trace, torch.float64)
        incoming = torch.randn(len(rows(state)), 8, dtype=torch.float64)
        for one, other in zip(dense, factors, strict=True):
            torch.testing.assert_close(joint(one), joint(other))
            pushed = advance(one, state, incoming), advance(other, state, incoming)
            torch.testing.assert_close(rows(pushed[0]), rows(pushed[1]))


@pytest.mark.parametrize("mode", MODES)
def test_joint_matrix_is_what_advance_applies(mode):
    _, trace = traced(mode)
    step = next(step_jacobians(trace, 0, dtype=torch.float64))
    after = rows(advance(step, all_directions(trace, torch.float64)))
    torch.testing.assert_close(joint(step), after.t())


def test_identity_init_relu_keeps_every_change_whole():
    """Le et al. 2015: with all units active, ∂h_T/∂h_0 = I."""
    spec = RNNSpec("RNN_RELU", hidden_size=8, init="identity")
    rnn = seqviz.build(spec)
    trace = seqviz.trace(rnn, torch.zeros(60, 1), torch.ones(1, 8), spec=spec)
    assert (trace.h > 0).all()
    assert np.array_equal(state_jacobian(trace), np.eye(8))


def test_the_reverse_direction_is_followed_as_it_reads():
    rnn, trace = traced("GRU", bidirectional=True)
    alone = seqviz.build(replace(trace.spec, bidirectional=False))
    with torch.no_grad():
        for name, value in alone.named_parameters():
            value.copy_(torch.tensor(trace.weights[f"{name}_reverse"]))
    backwards = seqviz.trace(alone, trace.x[::-1].copy(), trace.h_0[0, 1:])
    np.testing.assert_allclose(
        state_jacobian(trace, 0, 4, direction=1), state_jacobian(backwards, 0, 4), atol=1e-12
    )


def test_blocks_of_steps_change_nothing(monkeypatch):
    _, trace = traced("LSTM")
    whole = state_jacobian(trace)
    monkeypatch.setattr("seqviz.analysis.jacobians._BLOCK_BYTES", 1)
    assert np.array_equal(state_jacobian(trace), whole)


@pytest.mark.parametrize(("start", "stop"), [(-1, 2), (4, 3), (0, 7)])
def test_impossible_ranges_are_refused(start, stop):
    _, trace = traced("GRU")
    with pytest.raises(SeqvizError, match="between 0 and 6"):
        state_jacobian(trace, start, stop)


def test_a_layer_there_is_not_is_refused():
    _, trace = traced("GRU", num_layers=2)
    with pytest.raises(SeqvizError, match="2 layers"):
        state_jacobian(trace, layer=2)
