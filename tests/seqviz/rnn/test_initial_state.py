"""h_0 and c_0: zeros, the network's own random numbers, or what somebody typed."""

import numpy as np
import pytest
import torch
from refusals import refused

from seqviz.rnn.initial_state import initial_state
from seqviz.types import MODES, RNNSpec


@pytest.mark.parametrize(("kind", "text"), [("zeros", ""), ("zeros", "1"), ("typed", " ")])
def test_zeros_are_left_to_pytorch(kind, text):
    assert initial_state(RNNSpec("LSTM"), kind, text) == (None, None)


@pytest.mark.parametrize("mode", MODES)
def test_random_is_torch_randn_seeded_like_the_network(mode):
    spec = RNNSpec(mode, 1, 4, 2, bidirectional=True, seed=7)
    h_0, c_0 = initial_state(spec, "random", "")
    generator = torch.Generator().manual_seed(7)
    np.testing.assert_array_equal(h_0, torch.randn(4, 4, generator=generator))
    if mode == "LSTM":
        np.testing.assert_array_equal(c_0, torch.randn(4, 4, generator=generator))
    else:
        assert c_0 is None


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("0.5", [[0.5, 0.5], [0.5, 0.5]]),
        ("1, -1", [[1, -1], [1, -1]]),
        ("1 2 3,4", [[1, 2], [3, 4]]),
    ],
)
def test_typed_numbers_fill_units_or_every_layer(text, rows):
    h_0, c_0 = initial_state(RNNSpec("LSTM", 1, 2, 2), "typed", text)
    assert h_0.tolist() == rows and h_0.dtype == np.float32 and c_0 is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("1 2 3", "h_0 has 3 numbers: type 1 for all units, 2 for one a unit, or 4"),
        ("one", "h_0 takes numbers separated by commas or spaces"),
        ("nan", "finite numbers"),
        ("1e40", "finite numbers"),
    ],
)
def test_other_texts_are_refused(text, says):
    sentence = refused(initial_state, RNNSpec("GRU", 1, 2, 2), "typed", text)
    assert says in sentence and sentence.endswith("until then the network starts from zeros.")
