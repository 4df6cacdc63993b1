"""Drawings packed into links and back: exact, and nothing forged gets through."""

import base64
import contextlib
import time
import zlib

import numpy as np
import pytest
from drawings import FIGURE_8, LEVELS, STROKES
from hypothesis import given, settings
from hypothesis import strategies as st
from refusals import at_most

from seqviz.data.drawing import parse_strokes, simplify
from seqviz.data.drawing_payload import pack_levels, pack_strokes, unpack_levels, unpack_strokes
from seqviz.errors import SeqvizError
from seqviz.limits import MAX_DRAWING_TIME, MAX_POINTS, MAX_STEPS


@settings(max_examples=100)
@given(LEVELS)
def test_levels_come_back_exactly(levels):
    text = pack_levels(levels)
    assert unpack_levels(text) == levels
    assert len(text) == 2 * len(levels)


def test_levels_are_12_bits_each_in_base64():
    assert pack_levels((0, 4095, 0x123, 0x456)) == "AA__EjRW"
    assert base64.urlsafe_b64decode("AA__EjRW") == bytes.fromhex("000fff123456")


@settings(max_examples=100)
@given(STROKES)
def test_strokes_come_back_exactly(strokes):
    text = pack_strokes(strokes)
    assert unpack_strokes(text) == strokes
    assert set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


def test_the_longest_drawings_come_back_too():
    random = np.random.default_rng(0)
    levels = tuple(random.integers(0, 4096, MAX_STEPS).tolist())
    assert unpack_levels(pack_levels(levels)) == levels
    points = np.column_stack(
        [
            random.integers(0, 4096, (MAX_POINTS, 2)),
            np.sort(random.integers(0, MAX_DRAWING_TIME, MAX_POINTS)),
        ]
    ).tolist()
    for strokes in ([points], [[point] for point in points]):
        parsed = parse_strokes(strokes)
        assert unpack_strokes(pack_strokes(parsed)) == parsed


@settings(max_examples=200)
@given(st.text(max_size=60) | st.text("AQgB_-9z", max_size=60) | st.none() | st.binary(max_size=9))
def test_random_text_is_a_drawing_or_one_sentence(text):
    for unpack, pack in ((unpack_levels, pack_levels), (unpack_strokes, pack_strokes)):
        try:
            drawing = unpack(text)
        except SeqvizError as error:
            assert str(error) == "The drawing in this link is damaged: draw it again."
        else:
            assert unpack(pack(drawing)) == drawing


@settings(max_examples=200)
@given(st.binary(max_size=60))
def test_random_bytes_behind_a_valid_wrapper_are_a_drawing_or_one_sentence(data):
    with contextlib.suppress(SeqvizError):
        strokes = unpack_strokes(wrapped(data))
        assert parse_strokes(strokes) == strokes


@settings(max_examples=200)
@given(st.lists(st.tuples(*[st.integers(0, 127)] * 3), min_size=1, max_size=9))
def test_any_small_moves_behind_a_valid_wrapper_are_a_drawing_or_left_the_pad(moves):
    data = bytes([len(moves), *(number for move in moves for number in move)])
    step = [[-(n + 1) // 2 if n % 2 else n // 2 for n in move[:2]] for move in moves]
    places = np.cumsum(step, axis=0)
    if (places < 0).any():
        with pytest.raises(SeqvizError):
            unpack_strokes(wrapped(data))
    else:
        (stroke,) = unpack_strokes(wrapped(data))
        assert [point[:2] for point in stroke] == [tuple(place) for place in places.tolist()]
        assert [point[2] for point in stroke] == np.cumsum([m[2] for m in moves]).tolist()


@settings(max_examples=60)
@given(st.integers(0, 200), st.sampled_from("Aa0_-"))
def test_a_changed_letter_never_crashes(place, letter):
    text = pack_strokes(FIGURE_8)
    place %= len(text)
    for changed in (text[:place] + letter + text[place + 1 :], text[:place], text + letter):
        with contextlib.suppress(SeqvizError):
            assert unpack_strokes(changed) in (FIGURE_8, ())


def wrapped(data):
    return base64.urlsafe_b64encode(zlib.compress(data)).decode().rstrip("=")


@pytest.mark.parametrize(
    "text",
    [
        "A",
        "A" * 4002,
        "A" * 100_000,
        "AA==",
        "A A",
        "Ä" * 4,
        wrapped(b""),
        wrapped(b"\x01"),
        wrapped(b"\x00"),
        wrapped(b"\x02\x00\x00\x00"),
        wrapped(b"\x01\x00\x00\x80"),
        wrapped(b"\x01\x01\x00\x00"),  # x = -1
        wrapped(b"\x01\xfe\x7f\x00\x00\xff"),
        wrapped(b"\x01\x00\x00\xff\xff\xff\xff\x0f"),  # t too late
        wrapped(b"\xff" * 5000),
        wrapped(b"\x01\x00\x00\x00" * (MAX_POINTS + 1)),
        wrapped(b"\x01\x00\x00\x00") + wrapped(b"more"),
    ],
    ids=range(17),
)
def test_forged_links_are_refused(text):
    with pytest.raises(SeqvizError):
        unpack_strokes(text)
    if len(text) % 2 or "=" in text or len(text) > 4000 or not text.isascii():
        with pytest.raises(SeqvizError):
            unpack_levels(text)


def test_a_bomb_costs_neither_memory_nor_time():
    bomb = wrapped(b"\x00" * 20_000_000)
    assert len(bomb) < 80_000  # short enough to be looked at
    start = time.perf_counter()
    with at_most(4.7), pytest.raises(SeqvizError):
        unpack_strokes(bomb)
    assert time.perf_counter() - start < 1


def test_a_simplified_figure_makes_a_short_link():
    simple = simplify(FIGURE_8, 8.0)
    assert len(simple[0]) < 100
    assert len(pack_strokes(simple)) < 500 < 1000 < len(pack_strokes(FIGURE_8))
