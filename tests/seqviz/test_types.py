"""The three values that flow through seqviz: what they refuse, and what they promise."""

from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from torch import nn

from seqviz.errors import SeqvizError
from seqviz.types import GATES, INITS, MODES, InputSequence, RNNSpec, frozen

FINITE = st.floats(width=32, allow_nan=False, allow_infinity=False)


def test_modes_are_those_of_torch():
    modules = [nn.RNN(1, 1), nn.RNN(1, 1, nonlinearity="relu"), nn.GRU(1, 1), nn.LSTM(1, 1)]
    assert tuple(module.mode for module in modules) == MODES == tuple(GATES)
    for module in modules:
        assert len(module.weight_ih_l0) == max(1, len(GATES[module.mode]))  # hidden_size is 1


@pytest.mark.parametrize(
    ("mode", "quantities"),
    [
        ("RNN_TANH", ("h",)),
        ("RNN_RELU", ("h",)),
        ("GRU", ("h", "r", "z", "n")),
        ("LSTM", ("h", "c", "i", "f", "g", "o")),
    ],
)
def test_quantities(mode, quantities):
    assert RNNSpec(mode).quantities == quantities
    assert RNNSpec(mode).gates == tuple(q for q in quantities if q not in "hc")


def test_specs_are_values():
    spec = RNNSpec("GRU", 3, 5)
    assert spec == RNNSpec("GRU", 3, 5) and hash(spec) == hash(RNNSpec("GRU", 3, 5))
    assert replace(spec, seed=1) != spec
    assert (spec.num_directions, replace(spec, bidirectional=True).num_directions) == (1, 2)
    with pytest.raises(FrozenInstanceError):
        spec.seed = 4
    assert RNNSpec(hidden_size=np.int64(4), seed=2**31 - 1).hidden_size == 4


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("mode", "lstm", "choose one of RNN_TANH"),
        ("init", "zeros", "choose one of default"),
        ("input_size", 0, "1 or more"),
        ("hidden_size", -3, "1 or more"),
        ("hidden_size", 16.0, "whole number"),
        ("num_layers", 0, "1 or more"),
        ("num_layers", "2", "whole number"),
        ("seed", -1, "between 0"),
        ("seed", 2**31, "between 0"),
        ("seed", None, "whole number"),
        ("forget_bias", float("nan"), "finite"),
        ("forget_bias", float("-inf"), "finite"),
    ],
)
def test_what_a_spec_refuses(field, value, says):
    with pytest.raises(SeqvizError, match=says) as error:
        RNNSpec(**{field: value})
    assert "\n" not in str(error.value) and str(error.value).endswith(".")


def test_every_init_is_accepted():
    assert [RNNSpec(init=name).init for name in INITS] == list(INITS)


def test_frozen_is_a_read_only_float32_copy():
    source = np.asfortranarray(np.arange(6.0).reshape(2, 3))
    copy = frozen(source)
    source[:] = 0
    assert copy.dtype == np.float32 and copy.flags.c_contiguous and copy.sum() == 15
    with pytest.raises(ValueError, match="read-only"):
        copy[0, 0] = 1


def test_a_sequence_names_what_has_no_name():
    sequence = InputSequence([1.0, 2.0, 3.0])
    assert sequence.x.shape == (3, 1) and len(sequence) == 3 and sequence.input_size == 1
    assert sequence.labels == ("1", "2", "3") and sequence.feature_names == ("x0",)
    assert (sequence.kind, sequence.sample_rate) == ("curve", None)


@given(hnp.arrays(np.float32, hnp.array_shapes(min_dims=2, max_dims=2), elements=FINITE))
def test_a_sequence_keeps_its_numbers(x):
    sequence = InputSequence(x)
    np.testing.assert_array_equal(sequence.x, x)
    assert not sequence.x.flags.writeable and sequence.x is not x
    assert (len(sequence.labels), len(sequence.feature_names)) == x.shape


@pytest.mark.parametrize(
    ("x", "says"),
    [
        ([], "at least one step"),
        (np.zeros((0, 3)), "at least one step"),
        (np.zeros((3, 0)), "at least one step"),
        (np.zeros((2, 3, 4)), r"shape \(2, 3, 4\)"),
        (5.0, r"shape \(\)"),
        ([[0.0, 1.0], [0.0, np.nan]], "Step 2, feature 2 is nan"),
        ([[0.0], [-np.inf]], "Step 2, feature 1 is -inf"),
        ([[1e39]], "Step 1, feature 1 is inf"),  # more than float32 holds
        ([[1.0, 2.0], [3.0]], "numbers"),
        ([["a"]], "numbers"),
    ],
    ids=str,
)
def test_what_a_sequence_refuses(x, says):
    with pytest.raises(SeqvizError, match=says) as error:
        InputSequence(x)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("names", [{"labels": ("a",)}, {"feature_names": ("u", "v")}], ids=str)
def test_names_have_to_fit(names):
    with pytest.raises(SeqvizError, match="do not fit"):
        InputSequence(np.zeros((3, 1)), **names)


def test_the_digest_tells_sequences_apart():
    x = torch.arange(6.0)
    different = [
        InputSequence(x.view(6, 1)),
        InputSequence(x.view(3, 2)),
        InputSequence(x.view(2, 3)),
        InputSequence(-x.view(6, 1)),
        InputSequence(x.view(6, 1), name="other"),
        InputSequence(x.view(6, 1), kind="text"),
        InputSequence(x.view(6, 1), labels=tuple("abcdef")),
        InputSequence(x.view(6, 1), labels=("\ud800", *"bcdef")),
        InputSequence(x.view(6, 1), feature_names=("y",)),
        InputSequence(x.view(6, 1), sample_rate=8000.0),
    ]
    assert len({sequence.digest for sequence in different}) == len(different)
    assert InputSequence(x.view(6, 1)).digest == different[0].digest
