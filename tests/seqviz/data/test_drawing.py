"""Drawings: parsed, resampled by hand-checked rules, and packed into links and back."""

import base64
import contextlib
import math
import time
import tracemalloc
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqviz.data.drawing import (
    MAX_POINTS,
    MAX_STEPS,
    MAX_TIME,
    curve,
    first_point,
    gesture,
    ink,
    pack_levels,
    pack_strokes,
    parse_levels,
    parse_strokes,
    simplify,
    unpack_levels,
    unpack_strokes,
)
from seqviz.errors import SeqvizError

LEVEL = st.integers(0, 4095)
LEVELS = st.lists(LEVEL, max_size=200).map(tuple)
POINTS = st.tuples(LEVEL, LEVEL, st.integers(0, MAX_TIME))
STROKES = st.lists(st.lists(POINTS, min_size=1, max_size=12), max_size=6).map(parse_strokes)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=10,
)

# an L drawn in two strokes: right by half the pad in 1 s, a jump of 1 s, up in 2 s
ELL = (((0, 0, 0), (2047, 0, 1000)), ((2047, 1000, 2000), (2047, 4095, 4000)))
FIGURE_8 = (
    tuple(
        (
            round(2047 + 1900 * math.sin(2 * math.pi * k / 400)),
            round(2047 + 1900 * math.sin(4 * math.pi * k / 400)),
            8 * k,
        )
        for k in range(400)
    ),
)


# Curves


def test_levels_run_from_minus_one_to_one():
    sequence = curve((0, 4095, 2048), 3)
    np.testing.assert_allclose(sequence.x[:, 0], [-1, 1, 0.5 / 2047.5], atol=1e-7)
    assert (sequence.kind, sequence.name, sequence.input_size) == ("curve", "drawn curve", 1)


def test_a_curve_is_resampled_linearly():
    np.testing.assert_allclose(curve((0, 4095), 5).x[:, 0], [-1, -0.5, 0, 0.5, 1], atol=1e-7)
    np.testing.assert_allclose(curve((0, 4095, 0, 4095, 0), 3).x[:, 0], [-1, -1, -1], atol=1e-7)
    assert curve((4095,), 4).x.tolist() == [[1.0]] * 4
    assert curve((4095, 0, 0), 1).x.tolist() == [[1.0]]


@settings(deadline=None, max_examples=50)
@given(LEVELS.filter(bool), st.integers(1, MAX_STEPS))
def test_a_curve_keeps_its_ends_and_stays_inside(levels, steps):
    x = curve(levels, steps).x[:, 0]
    assert len(x) == steps
    assert x[0] == np.float32(levels[0] / 2047.5 - 1)
    assert steps == 1 or x[-1] == np.float32(levels[-1] / 2047.5 - 1)
    low, high = min(levels) / 2047.5 - 1, max(levels) / 2047.5 - 1
    assert low - 1e-6 <= x.min() <= x.max() <= high + 1e-6


# Gestures


def test_evenly_in_time():
    sequence = gesture(ELL, 5)  # at 0, 1, 2, 3 and 4 seconds
    assert sequence.feature_names == ("dx", "dy", "pen_up")
    assert sequence.kind == "gesture"
    unit = 1 / 2047.5
    expected = [
        [0, 0, 0],
        [2047 * unit, 0, 1],  # the pen lifts here
        [0, 1000 * unit, 0],  # and is down again here
        [0, 1547.5 * unit, 0],
        [0, 1547.5 * unit, 1],  # the end
    ]
    np.testing.assert_allclose(sequence.x, expected, atol=1e-6)


def test_evenly_in_arc_length():
    sequence = gesture(ELL, 7, "arc length")
    moved = np.hypot(sequence.x[1:, 0], sequence.x[1:, 1])
    length = (2047 + 4095) / 2047.5
    assert moved.sum() == pytest.approx(length, rel=0.03)  # corners are cut, by a little
    straight = gesture((((0, 0, 0), (100, 0, 7), (4095, 0, 9)),), 10, "arc length")
    np.testing.assert_allclose(straight.x[1:, 0], 2 / 9, atol=1e-6)


def test_the_pen_is_up_in_the_air():
    up = gesture(ELL, 41).x[:, 2]  # every 0.1 s; up from 1.0 s until it lands at 2.0 s
    assert up.tolist() == [0] * 10 + [1] * 10 + [0] * 20 + [1]


@pytest.mark.parametrize("by", ["time", "arc length"])
def test_a_lift_between_two_steps_is_not_lost(by):
    strokes = (((0, 0, 0), (1000, 0, 1000)), ((1001, 0, 1001), (2000, 0, 2000)))
    assert gesture(strokes, 4, by).x[:, 2].tolist() == [0, 1, 0, 1]
    together = (((0, 0, 0), (1000, 0, 1000)), ((1000, 0, 1000), (2000, 0, 2000)))
    assert gesture(together, 4, by).x[:, 2].tolist() == [0, 1, 0, 1]


@settings(deadline=None, max_examples=100)
@given(STROKES.filter(bool), st.integers(1, 60), st.sampled_from(["time", "arc length"]))
def test_ink_leads_from_the_first_point_to_the_last(strokes, steps, by):
    sequence = gesture(strokes, steps, by)
    drawn = ink(sequence, first_point(strokes))
    assert sequence.x.shape == drawn.shape == (steps, 3)
    assert np.isfinite(sequence.x).all()
    assert sequence.x[0, :2].tolist() == [0, 0]
    assert set(sequence.x[:, 2]) <= {0.0, 1.0} and sequence.x[-1, 2] == 1
    np.testing.assert_allclose(drawn[0, :2], first_point(strokes), atol=1e-6)
    x, y, _ = strokes[-1][-1]
    if steps > 1:
        np.testing.assert_allclose(drawn[-1, :2], [x / 2047.5 - 1, y / 2047.5 - 1], atol=1e-5)
    assert np.abs(drawn[:, :2]).max() <= 1 + 1e-5


def test_without_a_start_ink_begins_at_zero():
    relative, placed = ink(gesture(ELL, 9)), ink(gesture(ELL, 9), (-1.0, -1.0))
    assert relative[0].tolist() == [0, 0, 0]
    np.testing.assert_allclose(placed[:, :2], relative[:, :2] - 1, atol=1e-6)
    with pytest.raises(SeqvizError, match="Only a gesture has ink"):
        ink(curve((1, 2, 3), 3))


@pytest.mark.parametrize(
    "strokes",
    [
        (((7, 7, 0),),),
        (((7, 7, 0), (7, 7, 0)), ((7, 7, 0),)),
        (((7, 7, 5), (7, 7, 900)),),
        (((0, 0, 3), (10, 10, 3), (20, 0, 3)),),
    ],
    ids=["a dot", "dots at one moment", "no length", "no duration"],
)
@pytest.mark.parametrize("by", ["time", "arc length"])
@pytest.mark.parametrize("steps", [1, 2, 50])
def test_degenerate_gestures_are_finite(strokes, by, steps):
    sequence = gesture(strokes, steps, by)
    assert sequence.x.shape == (steps, 3)
    first, last = strokes[0][0], strokes[-1][-1]
    moved = sequence.x[:, :2].sum(0) * 2047.5
    if steps > 1:
        np.testing.assert_allclose(moved, np.subtract(last, first)[:2], atol=1e-3)


@pytest.mark.parametrize("make", [curve, gesture])
def test_an_empty_pad_and_wrong_steps_are_refused(make):
    drawing = (1, 2) if make is curve else ELL
    with pytest.raises(SeqvizError, match="The pad is empty"):
        make((), 5)
    for steps in (0, -1, MAX_STEPS + 1, 2.5, "5", None):
        with pytest.raises(SeqvizError, match="between 1 and 2,000"):
            make(drawing, steps)


def test_other_refusals():
    with pytest.raises(SeqvizError, match="choose time or arc length"):
        gesture(ELL, 5, "speed")
    with pytest.raises(SeqvizError, match="The pad is empty"):
        first_point(())


# What the browser sends


def test_numbers_are_rounded_and_clamped():
    assert parse_levels([-5, 0.4, 1.6, 9999, 10**400, np.int32(7)]) == (0, 0, 2, 4095, 4095, 7)
    parsed = parse_strokes([[[-1, 5000, -3], [1.2, 2, 50]], [], [[3, 4, 10]]])
    assert parsed == (((0, 4095, 0), (1, 2, 50)), ((3, 4, 50),))  # time never runs backwards
    assert parse_levels([]) == () and parse_strokes([]) == ()


@pytest.mark.parametrize(
    "value", [None, 5, "012", {"0": 1}, [None], ["1"], [True], [[1]], [math.nan], [math.inf], b"12"]
)
def test_levels_of_other_kinds_are_refused(value):
    with pytest.raises(SeqvizError):
        parse_levels(value)


@pytest.mark.parametrize(
    "value",
    [None, 5, "ab", {}, [1], ["abc"], [[1, 2, 3]], [[[1, 2]]], [[[1, 2, 3, 4]]], [["abc"]]]
    + [[[[1, 2, None]]], [[[1, 2, math.nan]]], [[[math.inf, 2, 3]]], [[{"x": 1}]]],
)
def test_strokes_of_other_kinds_are_refused(value):
    with pytest.raises(SeqvizError):
        parse_strokes(value)


def test_long_drawings_are_refused_with_their_size():
    with pytest.raises(SeqvizError, match="2,001 columns: draw at most 2,000"):
        parse_levels([0] * 2001)
    with pytest.raises(SeqvizError, match="4,001 points: draw at most 4,000"):
        parse_strokes([[[0, 0, 0]] * 4000, [[0, 0, 0]]])
    assert parse_strokes([[]] * 4001) == ()


@settings(deadline=None, max_examples=100)
@given(JSON)
def test_any_json_is_parsed_or_refused(value):
    for parse in (parse_levels, parse_strokes):
        try:
            parsed = parse(value)
        except SeqvizError as error:
            assert "\n" not in str(error)
        else:
            assert parse(parsed) == parsed


# Links


@settings(deadline=None, max_examples=100)
@given(LEVELS)
def test_levels_come_back_exactly(levels):
    text = pack_levels(levels)
    assert unpack_levels(text) == levels
    assert len(text) == 2 * len(levels)


def test_levels_are_12_bits_each_in_base64():
    assert pack_levels((0, 4095, 0x123, 0x456)) == "AA__EjRW"
    assert base64.urlsafe_b64decode("AA__EjRW") == bytes.fromhex("000fff123456")


@settings(deadline=None, max_examples=100)
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
            np.sort(random.integers(0, MAX_TIME, MAX_POINTS)),
        ]
    ).tolist()
    for strokes in ([points], [[point] for point in points]):
        parsed = parse_strokes(strokes)
        assert unpack_strokes(pack_strokes(parsed)) == parsed


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=60) | st.text("AQgB_-9z", max_size=60) | st.none() | st.binary(max_size=9))
def test_random_text_is_a_drawing_or_one_sentence(text):
    for unpack, pack in ((unpack_levels, pack_levels), (unpack_strokes, pack_strokes)):
        try:
            drawing = unpack(text)
        except SeqvizError as error:
            assert str(error) == "The drawing in this link is damaged: draw it again."
        else:
            assert unpack(pack(drawing)) == drawing


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=60))
def test_random_bytes_behind_a_valid_wrapper_are_a_drawing_or_one_sentence(data):
    try:
        strokes = unpack_strokes(wrapped(data))
    except SeqvizError:
        return
    assert parse_strokes(strokes) == strokes


@settings(deadline=None, max_examples=60)
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
    tracemalloc.start()
    start = time.perf_counter()
    with pytest.raises(SeqvizError):
        unpack_strokes(bomb)
    elapsed, (_, peak) = time.perf_counter() - start, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5_000_000
    assert elapsed < 1


# Simplifying


def test_a_straight_even_line_keeps_its_ends():
    line = (tuple((10 * k, 5 * k, 20 * k) for k in range(100)),)
    assert simplify(line, 1.0) == ((line[0][0], line[0][-1]),)


def test_corners_stay_and_so_do_dots_and_strokes():
    corner = ((0, 0, 0), (500, 0, 10), (1000, 0, 20), (1000, 500, 30), (1000, 1000, 40))
    dot = ((5, 5, 50),)
    assert simplify((corner, dot), 2.0) == ((corner[0], corner[2], corner[4]), dot)
    assert simplify((), 2.0) == ()


def test_a_rest_on_a_straight_line_stays_in_time():
    rest = (((0, 0, 0), (500, 0, 500), (500, 0, 1500), (1000, 0, 2000)),)
    assert simplify(rest, 5.0) == rest


@settings(deadline=None, max_examples=60)
@given(STROKES.filter(bool), st.floats(0, 500))
def test_what_is_left_out_was_near_at_its_time(strokes, tolerance):
    simple = simplify(strokes, tolerance)
    assert len(simple) == len(strokes)
    for before, after in zip(strokes, simple, strict=True):
        assert after[0] == before[0] and after[-1] == before[-1]
        assert set(after) <= set(before)
        times = [point[2] for point in before]
        if len(set(times)) == len(times):
            x, y, t = np.array(after, float).T
            for point in before:
                off = math.dist(point[:2], (np.interp(point[2], t, x), np.interp(point[2], t, y)))
                assert off <= tolerance + 1e-6


def test_a_simplified_figure_makes_a_short_link_and_the_same_gesture():
    simple = simplify(FIGURE_8, 8.0)
    assert len(simple[0]) < 100
    assert len(pack_strokes(simple)) < 500 < 1000 < len(pack_strokes(FIGURE_8))
    start = first_point(FIGURE_8)
    before, after = (ink(gesture(s, 200), start)[:, :2] for s in (FIGURE_8, simple))
    assert np.abs(before - after).max() <= 8.0 / 2047.5 + 1e-5


def test_a_long_spiral_is_no_recursion():
    random = np.random.default_rng(1)
    xy = random.integers(0, 4096, (MAX_POINTS, 2)).tolist()
    strokes = parse_strokes([[[x, y, 5 * k] for k, (x, y) in enumerate(xy)]])
    assert simplify(strokes, 0.0) == strokes
