"""What seqviz says of a trace is what PyTorch says."""

import re

import numpy as np
import pytest
import torch

from seqviz.figures.summary import SHOWN, in_words, last_lines, what_is_seen
from seqviz.rnn.model import build
from seqviz.rnn.tracing import trace
from seqviz.types import MODES, InputSequence, RNNSpec


def lesson(spec, steps=4):
    """The lesson's lines in real PyTorch beside the trace: output, h_n and the trace."""
    torch_rnn = build(spec)
    x = torch.randn(steps, 1, spec.input_size, generator=torch.Generator().manual_seed(8))
    with torch.inference_mode():
        output, last = torch_rnn(x)
    return output, last[0] if spec.mode == "LSTM" else last, trace(torch_rnn, x)


@pytest.mark.parametrize("bidirectional", [False, True], ids=["one_way", "both_ways"])
@pytest.mark.parametrize("mode", MODES)
def test_shapes_are_those_of_torch(mode, bidirectional):
    spec = RNNSpec(mode, 3, 5, 2, bidirectional=bidirectional)
    output, h_n, traced = lesson(spec)
    call = {
        "LSTM": "output, (h_n, c_n) = rnn(x, (h_0, c_0))",
    }.get(mode, "output, h_n = rnn(x, h_0)")
    assert last_lines(traced)[0] == (
        f"{call}  # x (4, 1, 3)  output {tuple(output.shape)}  h_n {tuple(h_n.shape)}"
    )


@pytest.mark.parametrize(
    "spec", [RNNSpec("GRU", 3, 5, 2), RNNSpec("LSTM", 3, 3, bidirectional=True)], ids=str
)
def test_the_last_output_is_printed_as_torch_prints_it(spec):
    output, _, traced = lesson(spec)
    line = last_lines(traced)[1]
    assert line.startswith("output[-1]  # ")
    assert line.split("# ")[1].replace(" ", "") == str(output[-1]).replace(" ", "")


def test_a_long_output_is_cut_where_it_says_so():
    output, _, traced = lesson(RNNSpec("GRU", 1, SHOWN + 1))
    numbers = re.findall(r"-?\d+\.\d{4}", last_lines(traced)[1])
    assert len(numbers) == SHOWN and ", ...]])" in last_lines(traced)[1]
    np.testing.assert_allclose([float(n) for n in numbers], output[-1, 0, :SHOWN], atol=5e-5)


@pytest.mark.parametrize("mode", MODES)
def test_one_way_the_last_output_is_the_last_state(mode):
    output, h_n, traced = lesson(RNNSpec(mode, 3, 5, 2))
    assert torch.equal(output[-1], h_n[-1])
    assert last_lines(traced)[2] == "output[-1] == h_n[-1]  # True, all 5 values"


@pytest.mark.parametrize("steps", [1, 4])
@pytest.mark.parametrize("mode", MODES)
def test_both_ways_it_says_why_they_differ_and_what_holds(mode, steps):
    output, h_n, traced = lesson(RNNSpec(mode, 3, 5, 2, bidirectional=True), steps)
    assert output[-1].shape != h_n[-1].shape
    assert torch.equal(output[-1][:, :5], h_n[-2]) and torch.equal(output[0][:, 5:], h_n[-1])
    line = last_lines(traced)[2]
    assert line.startswith("output[-1] == h_n[-1]  # shapes differ: forward ends at the last step")
    assert "output[-1][:, :5] == h_n[-2] is True" in line
    assert "output[0][:, 5:] == h_n[-1] is True" in line


def test_the_comparison_is_made_and_not_assumed():
    traced = lesson(RNNSpec("GRU", 3, 5))[2]
    object.__setattr__(traced, "h_n", traced.h_n + 1)
    assert last_lines(traced)[2].endswith("# False, all 5 values")


@pytest.mark.parametrize("quantity", ["h", "c", "i", "f", "g", "o"])
def test_the_summary_names_the_lowest_and_highest_value(quantity):
    spec = RNNSpec("LSTM", 2, 4, 2, bidirectional=True, seed=5)
    x = np.random.default_rng(0).normal(size=(6, 2))
    traced = trace(build(spec), InputSequence(x, labels=tuple("abcdef")))
    text = in_words(traced, quantity)
    assert text.startswith("6 steps through 2 layers of 4 units in two directions. ")
    found = re.search(
        rf"{quantity} runs from (−?[\d.]+) \((.+?)\) to (−?[\d.]+) \((.+?)\)\. ", text
    ).groups()
    values = traced.quantity(quantity)
    for number, place, extreme in (
        (*found[:2], values.min()),
        (*found[2:], values.max()),
    ):
        assert float(number.replace("−", "-")) == pytest.approx(extreme, abs=5e-5)
        layer, reverse, unit, step, label = re.fullmatch(
            r"layer (\d)( reverse)?, unit (\d), step (\d), “(.)”", place
        ).groups()
        at = (int(layer) - 1, int(reverse is not None), int(step) - 1, int(unit))
        assert values[at] == extreme and label == "abcdef"[at[2]]


def test_the_summary_names_the_largest_change():
    x = np.zeros((9, 1))
    x[4] = 5.0
    spec = RNNSpec("RNN_TANH", 1, 4, seed=1)
    traced = trace(build(spec), x)
    moved = np.linalg.norm(np.diff(traced.h[0, 0], axis=0), axis=1)
    text = in_words(traced)
    assert f"from step {moved.argmax() + 1} to step {moved.argmax() + 2}, by" in text
    assert moved.argmax() in (3, 4)  # the impulse comes or goes
    by, median = re.search(r"by ([\d.]+) \(median ([\d.]+)\)", text).groups()
    assert float(by) == pytest.approx(moved.max(), abs=5e-5)
    assert float(median) == pytest.approx(np.median(moved), abs=5e-5)


def test_one_step_does_not_change():
    text = in_words(trace(build(RNNSpec("GRU", 1, 4)), [[1.0]]))
    assert text.startswith("1 step through 1 layer of 4 units. h runs from ")
    assert text.endswith("One step only, so nothing changes.")


def test_what_is_seen_names_rows_columns_and_weights() -> None:
    said = "This network is untrained (random weights, seed 3)."
    assert what_is_seen(RNNSpec("GRU", 1, 16), 60, said) == (
        f"Each row is one of 16 hidden units, each column one of 60 steps. {said}"
    )
    assert "each column one of 60 steps and 30 ahead. " in what_is_seen(
        RNNSpec("GRU", 1, 16), 60, said, ahead=30
    )
    assert what_is_seen(RNNSpec("GRU", 1, 2048), 2000, "").startswith(
        "Each row is one of 2,048 hidden units, each column one of 2,000 steps."
    )
    assert what_is_seen(RNNSpec("GRU", 1, 1), 1, "").startswith(
        "Each row is the hidden unit, the column is the only step."
    )
