"""Squares of distances between steps: their numbers, gaps, thinning, marks and words."""

import numpy as np
import pytest
from figure_checks import drawable, exploding, run

from seqviz.analysis.representation_similarity import distance_matrix, layer_states
from seqviz.figures.step_distances import (
    MAX_ROWS,
    describe_step_distances,
    shown_steps,
    step_distances,
)


def square(trace):
    return distance_matrix(layer_states(trace)).numpy()


def test_each_network_has_a_square_of_its_own_beside_the_others():
    matrices = {f"{name} net": square(run(seed=k)) for k, name in enumerate("ABC")}
    figure = drawable(step_distances(matrices, shown_steps(14)))
    ends = []
    for k, (cells, matrix) in enumerate(zip(figure.data, matrices.values(), strict=True)):
        np.testing.assert_array_equal(cells.z, matrix)
        assert list(cells.x) == list(cells.y) == list(range(1, 15))
        assert cells.zmin == 0
        apart = matrix[matrix > 0]  # all but the diagonal
        assert len(apart) == 14 * 13 and (apart <= cells.zmax).mean() == pytest.approx(
            0.95, abs=0.02
        )
        across, down = (figure.layout[f"{axis}axis{k + 1 if k else ''}"] for axis in "xy")
        assert list(across.range) == [0.5, 14.5] and list(down.range) == [14.5, 0.5]
        assert down.scaleanchor == cells.xaxis
        ends += across.domain
    assert ends == sorted(ends) and len(set(ends)) == 6  # side by side, with room between
    assert [note.text for note in figure.layout.annotations] == ["A net", "B net", "C net"]
    assert not figure.layout.shapes


def test_the_step_is_framed_in_every_square():
    figure = step_distances({"A": square(run()), "B": square(run())}, shown_steps(14), 9)
    rows = [shape for shape in figure.layout.shapes if shape.y0 == shape.y1]
    columns = [shape for shape in figure.layout.shapes if shape.x0 == shape.x1]
    assert [(one.y0, one.yref) for one in rows] == [(9, "y"), (9, "y2")]
    assert [(one.x0, one.xref) for one in columns] == [(9, "x"), (9, "x2")]
    assert not step_distances({"A": square(run())}, shown_steps(14), 0).layout.shapes


@pytest.mark.parametrize(("steps", "every"), [(1, 1), (120, 1), (121, 2), (2000, 17)])
def test_long_sequences_are_thinned(steps, every):
    at = shown_steps(steps)
    assert list(at) == list(range(0, steps, every)) and len(at) <= MAX_ROWS


def test_words_name_the_two_steps_furthest_apart():
    matrix = np.array([[0, 2, 1], [2, 0, 3], [1, 3, 0.0]])
    said = describe_step_distances({"A": matrix, "B": np.zeros((3, 3))}, np.array([0, 4, 8]))
    assert "A: steps 5 and 9 lie furthest apart, 3.0000." in said
    assert "B: no two steps lie apart." in said


def test_overflow_is_a_gap_and_nothing_warns():
    matrix = square(exploding())
    at = np.arange(len(matrix))
    figure = drawable(step_distances({"A": matrix}, at))
    (cells,) = figure.data
    assert np.isfinite(cells.z[0, 1]) and np.isnan(cells.z[-1]).all() and np.isfinite(cells.zmax)
    assert "lie furthest apart" in describe_step_distances({"A": matrix}, at)
    nothing = drawable(step_distances({"A": np.full((2, 2), np.nan)}, shown_steps(2)))
    assert nothing.data[0].zmax == 1
