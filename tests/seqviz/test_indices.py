"""Indices of layers, directions, units, features and steps: from 0, and what to choose instead."""

import numpy as np
import pytest
from networks import traced
from refusals import refused

from seqviz.indices import (
    checked_cell,
    checked_direction,
    checked_feature,
    checked_layer,
    checked_step,
    checked_unit,
)
from seqviz.types import RNNSpec

ONE_WAY = RNNSpec("GRU", 3, 5)
BOTH_WAYS = RNNSpec("GRU", 3, 5, 2, bidirectional=True)


def test_what_is_there_is_given_back_counted_from_0():
    assert [checked_layer(BOTH_WAYS, layer) for layer in (0, 1, -1, -2)] == [0, 1, 1, 0]
    assert [checked_direction(BOTH_WAYS, direction) for direction in (0, 1)] == [0, 1]
    assert (checked_unit(ONE_WAY, 4), checked_feature(ONE_WAY, 2), checked_step(9, 8)) == (4, 2, 8)
    assert checked_unit(ONE_WAY, np.int64(3)) == 3


@pytest.mark.parametrize(
    ("check", "arguments", "sentence"),
    [
        (checked_layer, (BOTH_WAYS, 2), "layer is 2: choose one from 0 to 1, or -1 for the last."),
        (
            checked_layer,
            (BOTH_WAYS, -3),
            "layer is -3: choose one from 0 to 1, or -1 for the last.",
        ),
        (checked_layer, (ONE_WAY, 1), "layer is 1: choose 0, or -1 for the last."),
        (
            checked_direction,
            (ONE_WAY, 1),
            "direction is 1: choose 0, since only a bidirectional network has a second one.",
        ),
        (checked_direction, (BOTH_WAYS, -1), "direction is -1: choose one from 0 to 1."),
        (checked_unit, (ONE_WAY, 5), "unit is 5: choose one from 0 to 4."),
        (checked_unit, (ONE_WAY, -1), "unit is -1: choose one from 0 to 4."),
        (checked_feature, (ONE_WAY, 3), "feature is 3: choose one from 0 to 2."),
        (checked_step, (1, 1), "t is 1: choose 0."),
        (checked_step, (9, 9), "t is 9: choose one from 0 to 8."),
        (checked_step, (9, 1.0), "t is 1.0: give a whole number."),
        (checked_layer, (ONE_WAY, None), "layer is None: give a whole number."),
    ],
)
def test_what_is_not_there_is_refused_with_a_choice(check, arguments, sentence):
    assert refused(check, *arguments) == sentence


def test_a_cell_is_checked_in_all_four():
    trace = traced("LSTM", 4, num_layers=2)
    assert checked_cell(trace, -1, 0, 5, 3) == (1, 0, 5, 3)
    for cell in ((2, 0, 0, 0), (0, 1, 0, 0), (0, 0, 6, 0), (0, 0, 0, 4), (0, 0, 0, -1)):
        assert "choose" in refused(checked_cell, trace, *cell)
