"""A player of a large network gets what it can show, and says what is left out."""

import numpy as np
import pytest
from player_bytes import decode

from pages.components.player import thinning
from pages.components.player.frame import frame
from pages.components.player.tracks import heat_tracks, input_track
from seqviz.data.alphabet import Alphabet
from seqviz.data.text import one_hot
from seqviz.limits import MAX_HIDDEN_SIZE, MAX_LAYERS, MAX_STEPS
from seqviz.rnn.model import build
from seqviz.rnn.tracing import trace
from seqviz.types import InputSequence, RNNSpec

SHOWN = {"digest": "", "caption": "", "quantity": "h", "ends": (-1, 1)}


def example(hidden=7, bidirectional=False):
    x = np.random.default_rng(0).normal(size=(9, 3))
    return trace(build(RNNSpec("LSTM", 3, hidden, 2, bidirectional=bidirectional)), x)


@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("stride", [1, 2, 3, 7, 50])
def test_every_kth_unit_is_sent_and_said(stride, bidirectional, monkeypatch):
    made = example(bidirectional=bidirectional)
    rows = heat_tracks(made, "h")
    monkeypatch.setattr(thinning, "MOST_VALUES", -(-made.h.size // stride))
    sent = decode(frame(rows, **SHOWN))["tracks"]
    stride = min(stride, 7)
    for track, row in zip(sent, rows, strict=True):
        at = track["layer"], track["direction"]
        np.testing.assert_array_equal(track["values"], made.h[at][:, ::stride].ravel())
        np.testing.assert_array_equal(track["initial"], made.h_0[at][::stride])
        assert (track["stride"], track["H"]) == (stride, len(range(0, 7, stride)))
        said = [row.header["note"], "" if stride == 1 else f"1 in {stride} units"]
        assert track["note"] == " · ".join(part for part in said if part)


def test_a_large_network_of_build_is_sent_whole():
    assert MAX_LAYERS * MAX_STEPS * MAX_HIDDEN_SIZE <= thinning.MOST_VALUES


def test_a_frame_stays_small_whatever_the_trace():
    values = 2000 * 2048
    made = trace(build(RNNSpec("RNN_TANH", 1, 2048, 2)), np.zeros((2000, 1)))
    assert made.h.size == 2 * values
    sent = frame(heat_tracks(made, "h"), **SHOWN)
    assert len(sent) <= 4 * thinning.MOST_VALUES + 2**17


def test_a_wide_one_hot_is_sent_as_the_symbols_that_are_there():
    letters = Alphabet(tuple(chr(0x4E00 + k) for k in range(3000)))
    sequence = one_hot(chr(0x4E00 + 2500) + chr(0x4E00 + 7), alphabet=letters)
    (top,) = decode(frame([input_track(sequence)], **SHOWN))["tracks"]
    assert top["features"] == [chr(0x4E00 + 7), chr(0x4E00 + 2500)]
    assert (top["I"], top["more"]) == (2, 2998)
    assert top["x"].tolist() == [0, 1, 1, 0]


def test_a_wide_input_is_sent_as_its_first_features():
    x = np.random.default_rng(1).normal(size=(5, 300)).astype(np.float32)
    changed = x + 1
    rows = [input_track(InputSequence(x), changed=changed), input_track(InputSequence(0 * x))]
    top, silent = decode(frame(rows, **SHOWN))["tracks"]
    np.testing.assert_array_equal(top["x"], x[:, :64].ravel())
    np.testing.assert_array_equal(top["changed"], changed[:, :64].ravel())
    assert (top["I"], top["more"], len(top["features"])) == (64, 236, 64)
    assert (silent["I"], silent["more"]) == (64, 236) and not silent["x"].any()
    (narrow,) = decode(frame([input_track(InputSequence(x[:, :64]))], **SHOWN))["tracks"]
    assert (narrow["I"], narrow["more"]) == (64, 0)
