"""What a trace costs is known before: its memory exactly, and that the bounds hold."""

import numpy as np
import pytest

from seqviz.limits import (
    MAX_DRAWN_STEPS,
    MAX_HIDDEN_SIZE,
    MAX_LAYERS,
    MAX_STEPS,
    MAX_TRACE_BYTES,
    MAX_TRACE_SECONDS,
    MAX_WEIGHT_BYTES,
)
from seqviz.rnn.cost import affordable_steps, cost
from seqviz.rnn.model import build, num_parameters
from seqviz.rnn.tracing import trace
from seqviz.types import MODES, RNNSpec

LARGEST_FILES = [
    RNNSpec("LSTM", 1, 2040, 1),
    RNNSpec("LSTM", 1, 360, 16),
    RNNSpec("GRU", 1, 400, 16),
    RNNSpec("RNN_TANH", 1, 2048, 2),
    RNNSpec("LSTM", 4096, 840, 1),
    RNNSpec("GRU", 4, 240, 8, bidirectional=True),
]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("bidirectional", [False, True])
def test_the_memory_is_that_of_the_trace(mode, bidirectional):
    spec = RNNSpec(mode, 2, 5, 3, bidirectional=bidirectional)
    made = trace(build(spec), np.zeros((7, 2)))
    assert cost(spec, 7).size == sum(made.quantity(name).nbytes for name in spec.quantities)


@pytest.mark.parametrize("spec", LARGEST_FILES)
def test_affordable_steps_are_the_most_within_the_bounds(spec):
    assert 4 * num_parameters(spec) <= MAX_WEIGHT_BYTES
    steps = affordable_steps(spec)
    within, beyond = cost(spec, steps), cost(spec, steps + 1)
    assert within.seconds <= MAX_TRACE_SECONDS and within.size <= MAX_TRACE_BYTES
    assert beyond.seconds > MAX_TRACE_SECONDS or beyond.size > MAX_TRACE_BYTES
    assert steps >= MAX_DRAWN_STEPS  # what is drawn is never cut


def test_an_ordinary_network_reads_the_longest_sequence():
    for spec in (RNNSpec("LSTM", 64, 512, 2), RNNSpec("GRU", 1, 256, 4), RNNSpec("LSTM", 1, 1)):
        assert affordable_steps(spec) >= MAX_STEPS
    largest_of_build = RNNSpec("LSTM", 1, MAX_HIDDEN_SIZE, MAX_LAYERS, bidirectional=True)
    assert cost(largest_of_build, MAX_STEPS).size <= 100 * 2**20


def test_more_costs_more():
    one, more = RNNSpec("LSTM", 8, 64), RNNSpec("LSTM", 8, 64, 2)
    assert cost(more, 10).seconds > cost(one, 10).seconds < cost(one, 20).seconds
    assert str(cost(RNNSpec("LSTM", 1, 2000), 2000)) == "about 9 s and 92 MB"
    assert not cost(one, 2000).is_felt and cost(RNNSpec("LSTM", 1, 2000), 2000).is_felt
    assert str(cost(one, 1)) == "about 1 s and 1 MB"
