"""Exploding networks: overflow is stated, never warned about."""

import numpy as np
import pytest
import torch

import seqviz
from seqviz.analysis.overflow import overflow_step, overflow_text
from seqviz.types import MODES, RNNSpec


def doubling(**options) -> torch.nn.RNNBase:
    rnn = seqviz.build(RNNSpec("RNN_RELU", 1, 3, init="identity", **options))
    with torch.no_grad():
        for name, value in rnn.named_parameters():
            if name.startswith("weight_hh"):
                value.mul_(2)
            elif "weight_ih" in name:
                value.fill_(1)
    return rnn


def test_the_step_is_the_first_that_is_no_number():
    """h_k = 2^k - 1 for x = 1; float32 ends at 2^128."""
    trace = seqviz.trace(doubling(), torch.ones(140, 1))
    assert overflow_step(trace) == 128
    assert np.isfinite(trace.h[0, 0, 126]).all() and np.isinf(trace.h[0, 0, 127]).any()
    assert overflow_text(trace) == "left the range of float32 at step 128"


def test_the_reverse_direction_overflows_where_it_has_read_that_far():
    rnn = doubling(bidirectional=True)
    with torch.no_grad():
        rnn.weight_hh_l0.zero_()
    assert overflow_step(seqviz.trace(rnn, torch.ones(140, 1))) == 140 - 127


@pytest.mark.parametrize("mode", MODES)
def test_ordinary_runs_stay_in_range(mode):
    trace = seqviz.trace(seqviz.build(RNNSpec(mode)), torch.ones(50, 1))
    assert overflow_step(trace) is None and overflow_text(trace) == ""
