"""The chart of distances: its curves, the marked step, its axes, and its words."""

import numpy as np
import pytest
import torch

import seqviz
from seqviz.analysis.trace_difference import difference
from seqviz.figures.distance import LABELS_WIDTH, describe_norms, norms

PAIR = ("A", "B")


@pytest.fixture(scope="module")
def two_seeds():
    x = torch.sin(torch.arange(12.0))[:, None]
    runs = [
        seqviz.trace(seqviz.build(seqviz.RNNSpec("GRU", 1, 5, 2, seed=seed)), x) for seed in (0, 1)
    ]
    expected = np.linalg.norm((runs[0].h - runs[1].h).transpose(2, 0, 1, 3).reshape(12, -1), axis=1)
    return difference(*runs).norms, expected


def lines(figure):
    return [one for one in figure.data if one.mode == "lines"]


def test_the_curve_is_the_distance_of_all_states_at_each_step(two_seeds):
    found, expected = two_seeds
    (curve,) = lines(norms({PAIR: found}))
    assert list(curve.x) == list(range(1, 13))
    np.testing.assert_allclose(curve.y, expected, rtol=1e-6)


def test_the_marked_step_has_a_line_a_dot_and_its_value(two_seeds):
    found, expected = two_seeds
    figure = norms({PAIR: found}, 7)
    (mark,) = figure.layout.shapes
    assert mark.x0 == mark.x1 == 7
    (dot,) = [one for one in figure.data if one.mode == "markers"]
    assert list(dot.x) == [7] and dot.y[0] == pytest.approx(expected[6])
    (curve,) = lines(figure)
    assert curve.name == f"‖h<sub>A</sub> − h<sub>B</sub>‖ = {expected[6]:.3f} at step 7"


@pytest.mark.parametrize("step, marked", [(None, 12), (0, 0), (40, 12)])
def test_any_step_can_be_asked_for(two_seeds, step, marked):
    figure = norms({PAIR: two_seeds[0]}, step)
    assert figure.layout.shapes[0].x0 == marked
    assert ("at step" in lines(figure)[0].name) == (marked > 0)


def test_columns_stand_under_the_players(two_seeds):
    """The player has a column for h_0 before the first step and, reading backwards, after."""
    found = {PAIR: two_seeds[0]}
    assert norms(found).layout.xaxis.range == (-0.5, 12.5)
    assert norms(found, reverse=True).layout.xaxis.range == (-0.5, 13.5)
    assert norms(found, steps=20).layout.xaxis.range == (-0.5, 20.5)
    assert norms(found).layout.margin.l == LABELS_WIDTH == 96 and norms(found).layout.margin.r == 0


def test_a_longer_runs_own_steps_have_no_distance(two_seeds):
    figure = norms({PAIR: two_seeds[0]}, 15, steps=20)
    assert figure.layout.shapes[0].x0 == 15
    assert "at step" not in lines(figure)[0].name
    assert figure.data[1].y[0] is None


def test_pairs_differ_in_colour_and_dashes_in_both_themes(two_seeds):
    pairs = {PAIR: two_seeds[0], ("A", "C"): 2 * two_seeds[0]}
    for theme in ("light", "dark"):
        first, second = lines(norms(pairs, theme=theme))
        assert (first.line.dash, second.line.dash) == ("solid", "dash")
        assert first.line.color != second.line.color
    assert lines(norms(pairs, theme="dark"))[0].line.color != lines(norms(pairs))[0].line.color


def test_a_single_step_is_a_dot():
    figure = norms({PAIR: np.array([0.25])})
    assert {one.mode for one in figure.data} == {"markers"}


def test_exploding_states_get_powers_of_ten_and_overflow_a_gap():
    values = np.array([0.0, 1.0, 1e12, 1e38, np.nan, np.nan])
    figure = norms({PAIR: values}, 6)
    axis = figure.layout.yaxis
    assert axis.type == "log" and axis.range is None and axis.dtick >= 1
    assert "NaN" not in figure.to_json() and "Infinity" not in figure.to_json()
    assert "at step" not in lines(figure)[0].name
    assert norms({PAIR: np.array([0.0, 500.0])}).layout.yaxis.type is None


def test_nothing_to_compare_is_an_empty_chart():
    nowhere = np.full(4, np.nan)
    assert norms({PAIR: nowhere}).layout.yaxis.type is None
    assert describe_norms({PAIR: nowhere}) == (
        "Distance of the states over 4 steps. A − B: at no step a number."
    )


def test_the_words_give_the_value_at_the_step_the_largest_and_the_last():
    pairs = {PAIR: np.array([0.1, 0.7, 0.5, 0.25]), ("A", "C"): np.array([1.0, 2.0, 3.0, np.nan])}
    assert describe_norms(pairs, 3) == (
        "Distance of the states over 4 steps. "
        "A − B: 0.5000 at step 3; largest 0.7000 at step 2; last 0.2500 at step 4. "
        "A − C: largest 3.0000 at step 3; last 3.0000 at step 3."
    )
    assert "A − B: largest 0.7000 at step 2; last 0.2500 at step 4." in describe_norms(pairs)
    assert "A − C: not a number at step 4; largest" in describe_norms(pairs)
    assert "A − B: largest" in describe_norms(pairs, 0)
