"""A spec's weights are made when somebody looks at them, and are the network's own."""

import numpy as np
import pytest
from visits import session_of, visit

import seqviz
from pages.state import setup as setups
from pages.state.networks import WeightsOf
from seqviz.types import RNNSpec


@pytest.mark.parametrize("mode", ["RNN_TANH", "GRU", "LSTM"])
def test_they_are_those_of_the_network(mode):
    spec = RNNSpec(mode, 2, 5, num_layers=2, bidirectional=True, bias=mode != "GRU", seed=7)
    built = seqviz.build(spec).state_dict()
    weights = WeightsOf(spec)
    assert list(weights) == list(built) and len(weights) == len(built)
    for name, value in weights.items():
        assert np.array_equal(value, built[name].numpy()) and not value.flags.writeable


def test_a_name_it_has_not_is_missing():
    weights = WeightsOf(RNNSpec("GRU", 1, 2, bias=False))
    assert weights.get("bias_hh_l0") is None and "weight_ih_l1" not in weights


def test_a_visitors_trace_holds_none():
    session = session_of(visit())
    trace = setups.trace(session, setups.current(session))
    assert isinstance(trace.weights, WeightsOf)
