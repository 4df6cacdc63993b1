"""Differences of two runs, and the one sentence that states them."""

from dataclasses import replace

import numpy as np
import pytest
import torch

import seqviz
from seqviz.analysis.trace_difference import difference, sentence
from seqviz.types import RNNSpec


def traced(x, mode: str = "LSTM", **options) -> seqviz.Trace:
    x = torch.as_tensor(x, dtype=torch.float32).reshape(-1, 1)
    return seqviz.trace(seqviz.build(RNNSpec(mode, **{"hidden_size": 6, **options})), x)


def with_states(h) -> seqviz.Trace:
    """A real trace whose h is replaced by chosen numbers, one unit a step."""
    h = np.asarray(h, np.float32)
    return replace(traced(np.zeros(len(h)), hidden_size=1), h=h.reshape(1, 1, -1, 1))


def test_the_difference_is_h_a_minus_h_b():
    a, b = (traced(torch.randn(20), num_layers=2, bidirectional=True) for _ in range(2))
    found = difference(a, b)
    np.testing.assert_allclose(found.values, a.h - b.h, atol=1e-6)
    norms = np.sqrt(((a.h - b.h) ** 2).sum(axis=(0, 1, 3)))
    np.testing.assert_allclose(found.norms, norms, rtol=1e-4)
    lengths = [np.sqrt((one.h**2).sum(axis=(0, 1, 3))) for one in (a, b)]
    np.testing.assert_allclose(found.relative, norms / np.mean(lengths), rtol=1e-4)
    assert found.note == "" and found.values.dtype == np.float32


def test_a_contracting_network_forgets_which_start_it_had():
    rnn = seqviz.build(RNNSpec("RNN_TANH", 1, 8))
    x = torch.randn(60, 1, generator=torch.Generator().manual_seed(0))
    found = difference(seqviz.trace(rnn, x), seqviz.trace(rnn, x, torch.ones(1, 8)))
    settled = int(np.flatnonzero(found.relative >= 0.01)[-1]) + 1
    said = sentence(found)
    assert f"After {settled} steps the states of A and B differ by less than 1 % of" in said
    assert "at step 1)" in said and "all layers" not in said  # there is one


def test_a_sentence_about_several_layers_says_so():
    a, b = (traced(torch.randn(20), num_layers=2) for _ in range(2))
    assert "(in all layers together at most " in sentence(difference(a, b))


def test_sentences_for_every_course():
    one = np.ones(10)

    def said(other, **options) -> str:
        return sentence(difference(with_states(one), with_states(other)), **options)

    assert said(one) == "From first to last step the states of A and B are identical."
    assert said(one * 1.001).startswith("At no step do the states of A and B differ by 1 %")
    late = said([1, 1, 1, 1, 2, 2, 1, 1, 1, 1], names=("left", "right"))
    assert late.startswith(
        "The states of left and right part at step 5 and differ by less than 1 %"
    )
    assert "again after step 6" in late and "at most 91 %, at step 5" in late
    early = said([2, 1, 1, 1, 1, 1, 1, 1, 1, 1])
    assert early.startswith("After 1 step the states of A and B differ by less than 1 %")
    never = said([1, 1, 1, 1, 1, 1, 1, 1, 1, 2])
    assert "part at step 10 and still differ by 95 % of their average length at step 10" in never
    assert "by 20 %" in said([1, 1, 1, 1.1, 1, 1, 1, 1, 1, 1], level=0.2)
    assert said(np.zeros(10)).startswith("The states of A and B part at step 1 and still")
    silent = difference(with_states(np.zeros(4)), with_states(np.zeros(4)))
    assert "identical" in sentence(silent)


def test_shapes_that_differ_cannot_be_subtracted():
    found = difference(traced(np.ones(4)), traced(np.ones(4), hidden_size=3))
    assert found.values is None and np.isnan(found.norms).all() and len(found.norms) == 4
    assert "(1, 1, 4, 6) and (1, 1, 4, 3)" in sentence(found)


def test_of_two_lengths_the_common_steps_are_compared():
    found = difference(traced(np.ones(9)), traced(np.ones(5)))
    assert found.values.shape == (1, 1, 5, 6) and not found.norms.any()
    assert sentence(found).endswith("are identical (only the first 5 steps exist in both).")


def test_overflow_is_left_out_and_named():
    a = with_states([1, 1, 1, np.inf, np.inf])
    b = with_states([1, 1, 2, np.inf, np.nan])
    found = difference(a, b)
    assert np.isnan(found.norms).tolist() == [False] * 3 + [True] * 2
    said = sentence(found)
    assert "part at step 3" in said
    assert "the first run left the range of float32 at step 4" in said
    nothing = difference(with_states([np.nan]), with_states([1]))
    assert sentence(nothing).startswith("There is no step at which the states of A and B can")


def test_opposite_ends_of_float32_are_subtracted_without_a_warning():
    found = difference(with_states([3e38]), with_states([-3e38]))
    assert found.norms[0] == pytest.approx(6e38)
    assert np.isfinite(found.values).all()
    assert found.relative[0] == pytest.approx(2)
