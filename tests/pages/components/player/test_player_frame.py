"""What reaches the player: one bytes, every number exact, every header true."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from player_bytes import decode

from pages.components.player import frame
from pages.components.player.frame import packed
from pages.components.player.tracks import (
    Track,
    difference_tracks,
    empty_tracks,
    heat_tracks,
    input_track,
)
from seqviz.data.drawing import gesture, ink
from seqviz.figures.palette import is_sequential
from seqviz.rnn.model import build
from seqviz.rnn.tracing import trace
from seqviz.types import MODES, InputSequence, RNNSpec

STATIC_KEYS = {"type", "name", "note", "direction", "T", "labels", "blocks"}
ARRAYS = hnp.arrays(
    np.float32,
    hnp.array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=5),
    elements=st.floats(width=32),
)


def example(mode="LSTM", layers=2, bidirectional=True, steps=7):
    spec = RNNSpec(mode, 3, 5, layers, bidirectional=bidirectional)
    rows = layers * spec.num_directions
    start = np.arange(rows * 5, dtype=np.float32).reshape(rows, 5) / 50
    x = np.random.default_rng(0).normal(size=(steps, 3))
    sequence = InputSequence(x, labels=tuple("äß漢🙂\u2028\0'"[:steps]))
    return sequence, trace(build(spec), sequence, start, -start)


@given(
    st.text(max_size=9),
    st.lists(st.dictionaries(st.sampled_from("xyz"), ARRAYS), max_size=3),
)
def test_any_blocks_come_out_as_they_went_in(text, blocks):
    tracks = [Track({"name": text, "k": k}, arrays) for k, arrays in enumerate(blocks)]
    data = packed({"caption": text, "step": None}, tracks)
    header = decode(data)
    assert (header["caption"], header["step"], len(header["tracks"])) == (text, None, len(blocks))
    for k, (track, arrays) in enumerate(zip(header["tracks"], blocks, strict=True)):
        assert (track["name"], track["k"], list(track["blocks"])) == (text, k, list(arrays))
        for name, array in arrays.items():
            assert track[name].tobytes() == array.tobytes()


@pytest.mark.parametrize("length", range(4))
def test_floats_start_at_a_multiple_of_four_bytes(length):
    array = np.array([1.5, -2.5], np.float32)
    data = packed({"caption": "x" * length}, [Track({}, {"x": array})])
    assert data.endswith(array.tobytes()) and (len(data) - array.nbytes) % 4 == 0
    assert decode(data)["tracks"][0]["x"].tolist() == [1.5, -2.5]


def test_views_that_are_not_contiguous_are_laid_out_anew():
    whole = np.arange(24, dtype=np.float64).reshape(4, 6)
    track = decode(packed({}, [Track({}, {"x": whole[::2, ::-1].T})]))["tracks"][0]
    np.testing.assert_array_equal(track["x"], whole[::2, ::-1].T.ravel())


@pytest.mark.parametrize("bidirectional", [False, True], ids=["one_way", "both_ways"])
@pytest.mark.parametrize("mode", MODES)
def test_every_quantity_of_every_layer_and_direction(mode, bidirectional):
    sequence, traced = example(mode, 3, bidirectional)
    for quantity in traced.spec.quantities:
        tracks = [input_track(sequence), *heat_tracks(traced, quantity)]
        top, *rows = decode(packed({}, tracks))["tracks"]
        np.testing.assert_array_equal(top["x"], sequence.x.ravel())
        values = traced.quantity(quantity)
        initial = {"h": traced.h_0, "c": traced.c_0}.get(quantity)
        assert len(rows) == values.shape[0] * values.shape[1]
        for row in rows:
            at = (row["layer"], row["direction"])
            np.testing.assert_array_equal(row["values"], values[at].ravel())
            np.testing.assert_array_equal(row["initial"], () if initial is None else initial[at])
            assert (row["T"], row["H"], row["run"]) == (7, 5, 0)
            assert row["sequential"] is is_sequential(quantity)
            assert (row["type"], row["quantity"]) == ("heat", quantity)
            assert row["name"] == f"layer {at[0] + 1}"
            assert row["note"] == (("forward →", "← reverse")[at[1]] if bidirectional else "")
        assert sorted((row["layer"], row["direction"]) for row in rows) == [
            (layer, direction) for layer in range(3) for direction in range(1 + bidirectional)
        ]


def test_the_input_track_describes_the_sequence():
    sequence, _ = example()
    top = decode(packed({}, [input_track(sequence)]))["tracks"][0]
    assert tuple(top["labels"]) == sequence.labels == tuple("äß漢🙂\u2028\0'")
    assert tuple(top["features"]) == ("x0", "x1", "x2")
    assert (top["T"], top["I"], top["kind"]) == (7, 3, "curve")
    assert top["range"] == [float(sequence.x.min()), float(sequence.x.max())]
    assert top["blocks"] == {"x": 21}


def test_sound_brings_its_wave_and_a_gesture_its_ink():
    sequence, _ = example()
    wave = np.stack([-np.ones(9), np.ones(9)], axis=-1).astype(np.float32)
    top = decode(packed({}, [input_track(sequence, wave)]))["tracks"][0]
    assert top["wave"].tolist() == [-1, 1] * 9
    drawn = gesture((((0, 0, 0), (4095, 2000, 50)), ((100, 4095, 90),)), 12)
    top = decode(packed({}, [input_track(drawn)]))["tracks"][0]
    np.testing.assert_array_equal(top["ink"], ink(drawn).ravel())
    assert (top["kind"], top["blocks"]) == ("gesture", {"x": 36, "ink": 36})


def test_a_second_run_and_the_difference_stand_beside():
    sequence, traced = example(bidirectional=False)
    other = trace(build(RNNSpec("LSTM", 3, 5, 2, seed=1)), sequence)
    rows = decode(packed({}, heat_tracks(other, "h", 1, "changed")))["tracks"]
    assert [(row["run"], row["name"], row["note"]) for row in rows] == [
        (1, "changed", "layer 1"),
        (1, "changed", "layer 2"),
    ]
    apart = decode(packed({}, difference_tracks(other, traced, "h", 2)))["tracks"]
    for layer, row in enumerate(apart):
        expected = other.h[layer, 0] - traced.h[layer, 0]
        np.testing.assert_array_equal(row["values"], expected.ravel())
        assert (row["run"], row["quantity"], row["sequential"]) == (2, "Δh", False)


def test_a_changed_input_is_drawn_over_the_sequence():
    sequence, _ = example()
    changed = sequence.x.copy()
    changed[2, 1] = 9.0
    top = decode(packed({}, [input_track(sequence, changed=changed)]))["tracks"][0]
    np.testing.assert_array_equal(top["changed"], changed.ravel())
    assert top["range"] == [float(sequence.x.min()), 9.0]
    same = decode(packed({}, [input_track(sequence, changed=sequence.x.copy())]))["tracks"][0]
    assert same["blocks"] == {"x": 21}  # a clamped gate changes no input


def test_a_difference_has_its_own_scale():
    _, traced = example(bidirectional=False)
    for row in difference_tracks(traced, traced, "h", 2):
        assert (row.header["end"], row.header["scale"]) == (1.0, "all 0")
    (row, *_) = difference_tracks(traced, replace(traced, h=traced.h * 0.5), "h", 2)
    assert row.header["end"] == pytest.approx(np.abs(traced.h[0]).max() / 2)


def test_a_difference_begins_with_that_of_h_0():
    _, traced = example(bidirectional=False)
    other = replace(traced, h_0=traced.h_0 + 3.0)
    for row in difference_tracks(other, traced, "h", 2):
        np.testing.assert_allclose(row.arrays["initial"], np.full(traced.h_0.shape[-1], 3.0))
        assert row.header["end"] == pytest.approx(3.0)
    (row, *_) = difference_tracks(other, traced, "i", 2)
    assert not row.arrays["initial"].size  # a gate has none before the first step


def test_gates_can_fill_the_scale():
    _, traced = example()
    gates = heat_tracks(traced, "f")
    low, high = frame.fit(gates)
    assert (low, high) == (float(traced.gates["f"].min()), float(traced.gates["f"].max()))
    assert frame.fit(heat_tracks(traced, "h")) == (0.0, 1.0)
    blank = np.full_like(traced.gates["f"], np.nan)
    overflown = replace(traced, gates={**traced.gates, "f": blank})
    assert frame.fit(heat_tracks(overflown, "f")) == (0.0, 1.0)


def test_an_empty_player_has_its_rows_and_no_numbers():
    rows = decode(packed({}, empty_tracks(2, 2, 16)))["tracks"]
    assert [row["type"] for row in rows] == ["input", *["heat"] * 4]
    assert all(row["T"] == 0 and not sum(row["blocks"].values()) for row in rows)
    assert all(set(row) >= STATIC_KEYS for row in rows)
    filled = decode(packed({}, [input_track(example()[0]), *heat_tracks(example()[1], "h")]))
    for empty, full in zip(rows, filled["tracks"], strict=True):
        assert set(empty) <= set(full)  # the JavaScript finds the same fields in both
