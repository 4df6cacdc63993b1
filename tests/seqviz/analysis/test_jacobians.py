"""One step's derivatives against autograd, and products of them against whole networks."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from networks import traced
from torch_judges import state_jacobian

import seqviz
from seqviz.analysis.jacobians import (
    advance,
    all_directions,
    reading_order,
    rows,
    step_jacobians,
)
from seqviz.types import MODES, RNNSpec


def followed(trace, start=0, stop=None, layer=0, direction=0) -> np.ndarray:
    """∂h_stop/∂h_start: every direction of the state pushed through the steps between."""
    order = reading_order(len(trace), direction)[start:stop]
    state = all_directions(trace, torch.float64)
    for step in step_jacobians(trace, layer, direction, order, dtype=torch.float64):
        state = advance(step, state)
    return rows(state).t().numpy()


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize(("start", "stop"), [(0, 1), (0, 6), (2, 5)])
@pytest.mark.parametrize(("layer", "direction"), [(0, 0), (1, 1)])
def test_products_of_steps_are_autograds(mode, bias, start, stop, layer, direction):
    trace = traced(mode, 6, bias=bias, num_layers=2, bidirectional=True)
    ours = followed(trace, start, stop, layer, direction)
    np.testing.assert_allclose(
        ours, state_jacobian(trace, start, stop, layer, direction), atol=1e-6
    )


@pytest.mark.parametrize("mode", MODES)
def test_factors_push_tangents_as_the_matrices_do(mode):
    trace = traced(mode, num_layers=2, bidirectional=True)
    for direction in (0, 1):
        dense = step_jacobians(trace, 1, direction, dtype=torch.float64)
        factors = step_jacobians(trace, 1, direction, factored=True, dtype=torch.float64)
        state = all_directions(trace, torch.float64)
        incoming = torch.randn(len(rows(state)), 12, dtype=torch.float64)
        for one, other in zip(dense, factors, strict=True):
            for reads in (None, incoming):
                pushed = advance(one, state, reads), advance(other, state, reads)
                torch.testing.assert_close(rows(pushed[0]), rows(pushed[1]))


def test_identity_init_relu_keeps_every_change_whole():
    """Le et al. 2015: with all units active, ∂h_T/∂h_0 = I."""
    spec = RNNSpec("RNN_RELU", hidden_size=8, init="identity")
    rnn = seqviz.build(spec)
    trace = seqviz.trace(rnn, torch.zeros(60, 1), torch.ones(1, 8), spec=spec)
    assert (trace.h > 0).all()
    assert np.array_equal(followed(trace), np.eye(8))


def test_the_reverse_direction_is_followed_as_it_reads():
    trace = traced("GRU", bidirectional=True)
    alone = seqviz.build(replace(trace.spec, bidirectional=False))
    with torch.no_grad():
        for name, value in alone.named_parameters():
            value.copy_(torch.tensor(trace.weights[f"{name}_reverse"]))
    backwards = seqviz.trace(alone, trace.x[::-1].copy(), trace.h_0[0, 1:])
    np.testing.assert_allclose(
        followed(trace, 0, 4, direction=1), followed(backwards, 0, 4), atol=1e-12
    )


def test_blocks_of_steps_change_nothing(monkeypatch):
    trace = traced("LSTM")
    whole = followed(trace)
    monkeypatch.setattr("seqviz.analysis.jacobians._BLOCK_BYTES", 1)
    assert np.array_equal(followed(trace), whole)
