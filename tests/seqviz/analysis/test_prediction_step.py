"""An answer opened up adds up to what torch.nn.Linear and torch.softmax give."""

import numpy as np
import pytest
import torch
from networks import answering, overflowing, traced
from torch import nn

from seqviz.analysis.prediction_step import prediction_step
from seqviz.errors import SeqvizError
from seqviz.types import MODES


def judged(trace, t):
    """The sums of nn.Linear over the states at step t, in float64, (K,)."""
    linear = nn.Linear(trace.output.shape[1], len(trace.head.names)).double()
    with torch.no_grad():
        linear.weight.copy_(torch.tensor(trace.head.weight))
        linear.bias.copy_(torch.tensor(trace.head.bias))
        return linear(torch.tensor(trace.output[t]).double())


@pytest.mark.parametrize("activation", ["softmax", "identity"])
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("mode", MODES)
def test_the_parts_add_up_to_torchs_numbers(mode, bidirectional, activation):
    run = answering(traced(mode, num_layers=2, bidirectional=bidirectional), 4, activation)
    for t, unit in ((0, 3), (7, 1), (11, 0)):
        opened, sums = prediction_step(run, unit, t), judged(run, t)
        np.testing.assert_allclose(opened.sums, sums, rtol=1e-12)
        assert opened.from_states.total + opened.bias == pytest.approx(opened.total, abs=1e-12)
        answers = torch.softmax(sums, dim=0) if activation == "softmax" else sums
        assert opened.computed == pytest.approx(float(answers[unit]), abs=1e-12)
        assert opened.value == pytest.approx(float(answers[unit]), abs=1e-5)
        assert opened.value == run.prediction[t, unit]
        assert list(opened.rivals) == [k for k in sums.argsort(descending=True) if k != unit]
        assert opened.shares.sum() == pytest.approx(1)


def test_states_are_named_by_unit_and_direction():
    opened = prediction_step(answering(traced("GRU", bidirectional=True)), 0, 0)
    assert opened.from_states.names[5:7] == ("h[5]", "h[0] reverse")
    assert opened.from_states.symbols[6] == r"\overleftarrow{h}_t[0]"


def test_a_network_that_left_float32_opens_too():
    opened = prediction_step(answering(overflowing()), 0, 7)
    assert not np.isfinite(opened.total) and np.isnan(opened.computed)


def test_what_there_is_not_is_refused():
    run = answering(traced("GRU"))
    with pytest.raises(SeqvizError, match="train it"):
        prediction_step(traced("GRU"), 0, 0)
    with pytest.raises(SeqvizError, match="from 0 to 2"):
        prediction_step(run, 3, 0)
    with pytest.raises(SeqvizError, match="t is 12"):
        prediction_step(run, 0, 12)
