"""Drawings: parsed, resampled by hand-checked rules, and simplified."""

import math

import numpy as np
import pytest
from drawings import FIGURE_8, LEVELS, STROKES
from hypothesis import given, settings
from hypothesis import strategies as st

from seqviz.data.drawing import curve, gesture, ink, parse_levels, parse_strokes, simplify
from seqviz.errors import SeqvizError
from seqviz.limits import MAX_POINTS, MAX_STEPS

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=10,
)

# an L drawn in two strokes: right by half the pad in 1 s, a jump of 1 s, up in 2 s
ELL = (((0, 0, 0), (2047, 0, 1000)), ((2047, 1000, 2000), (2047, 4095, 4000)))
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


@settings(max_examples=50)
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


@settings(max_examples=100)
@given(STROKES.filter(bool), st.integers(1, 60), st.sampled_from(["time", "arc length"]))
def test_ink_leads_from_the_first_point_to_the_last(strokes, steps, by):
    sequence = gesture(strokes, steps, by)
    drawn = ink(sequence)
    start = np.array(strokes[0][0][:2]) / 2047.5 - 1
    assert sequence.x.shape == drawn.shape == (steps, 3)
    assert np.isfinite(sequence.x).all()
    assert sequence.x[0, :2].tolist() == [0, 0]
    assert set(sequence.x[:, 2]) <= {0.0, 1.0} and sequence.x[-1, 2] == 1
    assert drawn[0, :2].tolist() == [0, 0]
    end = np.array(strokes[-1][-1][:2]) / 2047.5 - 1
    if steps > 1:
        np.testing.assert_allclose(drawn[-1, :2], end - start, atol=1e-5)
    assert np.abs(drawn[:, :2] + start).max() <= 1 + 1e-5


def test_only_a_gesture_has_ink():
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


def test_another_way_to_resample_is_refused():
    with pytest.raises(SeqvizError, match="choose time or arc length"):
        gesture(ELL, 5, "speed")


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


@settings(max_examples=100)
@given(JSON)
def test_any_json_is_parsed_or_refused(value):
    for parse in (parse_levels, parse_strokes):
        try:
            parsed = parse(value)
        except SeqvizError as error:
            assert "\n" not in str(error)
        else:
            assert parse(parsed) == parsed


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


@settings(max_examples=60)
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


def test_a_simplified_figure_is_the_same_gesture():
    simple = simplify(FIGURE_8, 8.0)
    assert simple[0][0] == FIGURE_8[0][0]  # ink counts from the first point
    before, after = (ink(gesture(s, 200))[:, :2] for s in (FIGURE_8, simple))
    assert np.abs(before - after).max() <= 8.0 / 2047.5 + 1e-5


def test_a_long_spiral_is_no_recursion():
    random = np.random.default_rng(1)
    xy = random.integers(0, 4096, (MAX_POINTS, 2)).tolist()
    strokes = parse_strokes([[[x, y, 5 * k] for k, (x, y) in enumerate(xy)]])
    assert simplify(strokes, 0.0) == strokes
