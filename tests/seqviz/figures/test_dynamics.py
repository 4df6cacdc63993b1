"""Eigenvalues, growth and paths: each figure shows its analysis' own numbers, overflow as a gap."""

import numpy as np
import pytest
from figure_checks import drawable, exploding, lines, network, run

from seqviz.analysis.lyapunov import Growth, growth
from seqviz.analysis.pca import Trajectory, trajectory
from seqviz.analysis.spectrum import rescaled, spectra, step_bound
from seqviz.figures import dynamics
from seqviz.types import MODES


@pytest.mark.parametrize("mode", MODES)
def test_eigenvalues_are_points_around_the_unit_circle(mode):
    found = spectra(run(mode))
    figure = drawable(dynamics.eigenvalues(found))
    assert len(figure.data) == len(found) == {"LSTM": 4, "GRU": 3}.get(mode, 1)
    for points, spectrum in zip(figure.data, found, strict=True):
        np.testing.assert_array_equal(points.x + 1j * points.y, spectrum.eigenvalues)
        assert points.name == f"{spectrum.name}  ρ = {spectrum.rho:.3f}"
        assert points.mode == "markers"
    assert len({points.marker.symbol for points in figure.data}) == len(found)
    (circle,) = figure.layout.shapes
    assert (circle.type, circle.x0, circle.x1, circle.y0, circle.y1) == ("circle", -1, 1, -1, 1)
    assert figure.layout.yaxis.scaleanchor == "x"  # a circle is round


def test_large_eigenvalues_and_the_circle_are_both_in_view():
    small, large = (
        dynamics.eigenvalues(spectra(rescaled(network(), rho))).layout.xaxis.range
        for rho in (0.1, 3.0)
    )
    assert small == pytest.approx((-1.1, 1.1)) and large == pytest.approx((-3.3, 3.3), rel=1e-5)


def test_growth_stands_beside_its_bound_and_the_power_of_rho():
    traced = run("RNN_TANH")
    found, bound, (spectrum,) = growth(traced), step_bound(traced), spectra(traced)
    figure = drawable(dynamics.growth_lines(found, bound, spectrum.rho))
    measured, limit, theory = figure.data
    assert [line.name[:3] for line in figure.data] == ["‖∂h", "bou", "ρ^k"]
    for line in figure.data:
        np.testing.assert_array_equal(line.x, found.steps)
    np.testing.assert_allclose(measured.y, np.exp(found.log_norms), rtol=1e-12)
    np.testing.assert_allclose(limit.y, spectrum.sigma_max**found.steps, rtol=1e-12)
    np.testing.assert_allclose(theory.y, spectrum.rho**found.steps, rtol=1e-12)
    assert (measured.y <= limit.y * (1 + 1e-9)).all()  # Pascanu et al. 2013
    assert figure.layout.yaxis.type == "log" and figure.layout.showlegend is True


def test_gated_cells_have_no_bound_to_draw():
    traced = run("LSTM")
    assert step_bound(traced) is None
    names = lines(dynamics.growth_lines(growth(traced), None, 0.5))
    assert not any("bound" in name for name in names) and len(names) == 2


def test_growth_lines_follow_the_steps_that_were_measured():
    found = Growth(np.array([1, 40, 90]), np.array([0.0, 1.0, 2.0]), 0.02, True)
    measured, limit, theory = dynamics.growth_lines(found, 2.0, 0.5).data
    np.testing.assert_allclose(limit.y, [2.0, 2.0**40, 2.0**90])
    np.testing.assert_allclose(theory.y, [0.5, 0.5**40, 0.5**90])
    assert list(measured.x) == [1, 40, 90]


def test_growth_past_any_number_is_a_gap_and_not_a_plateau():
    logs = np.array([0.0, 600.0, 5000.0, -600.0, -5000.0, -np.inf, np.nan])
    found = Growth(np.arange(1, 8), logs, 0.0, True)
    measured, limit, _ = dynamics.growth_lines(found, 1e200, 1.0).data
    assert list(np.isnan(measured.y)) == [False, False, True, False, True, True, True]
    np.testing.assert_allclose(measured.y[[1, 3]], np.exp([600, -600]), rtol=1e-12)
    assert list(np.isnan(limit.y)) == [False] + 6 * [True]


def test_exploding_states_end_their_line_where_they_leave_float32():
    found = growth(exploding())
    measured = drawable(dynamics.growth_lines(found, 2.0, 2.0)).data[0]
    known = np.isfinite(measured.y)
    assert 0 < known.sum() < len(known)
    np.testing.assert_allclose(measured.y[known], 2.0 ** measured.x[known], rtol=1e-5)


def symbols(figure, symbol):
    """What is marked with this symbol."""
    return [o for o in figure.data if o.type != "cone" and o.marker.symbol == symbol]


@pytest.mark.parametrize("components", [2, 3])
def test_paths_are_the_principal_components_with_the_step_ringed(components):
    runs = [run("GRU"), run("GRU", steps=6)]
    found = trajectory(runs, n_components=components)
    figure = drawable(dynamics.trajectory_paths(found, ["one", "two"], "abcdefghijklmn", 5))
    for name, path in zip(("one", "two"), found.paths, strict=True):
        line = lines(figure)[name]
        for k, axis in enumerate("xyz"[:components]):
            np.testing.assert_array_equal(line[axis], path[:, k])
    one, two = lines(figure)["one"], lines(figure)["two"]
    ring, other_ring = symbols(figure, "circle")
    assert one.text[5] == "step 6 f" and two.text[5] == "step 6 "
    assert (ring.x[0], ring.y[0]) == (one.x[5], one.y[5])
    assert (other_ring.x[0], other_ring.y[0]) == (two.x[5], two.y[5])
    assert one.marker.color != two.marker.color and figure.layout.showlegend is True
    axes = figure.layout.scene if components == 3 else figure.layout
    assert axes.xaxis.title.text == f"PC1 ({found.explained_variance_ratio[0]:.0%})"
    assert axes.yaxis.title.text == f"PC2 ({found.explained_variance_ratio[1]:.0%})"


@pytest.mark.parametrize("components", [2, 3])
def test_a_path_starts_at_a_circle_and_ends_at_a_square_named_once(components):
    found = trajectory([run("GRU"), run("GRU", seed=2)], n_components=components)
    figure = drawable(dynamics.trajectory_paths(found, ["one", "two"], "", None))
    for symbol, at, name in (("circle-open", 0, "start"), ("square-open", -1, "end")):
        marks = symbols(figure, symbol)
        for mark, path in zip(marks, found.paths, strict=True):
            assert [mark[axis][0] for axis in "xyz"[:components]] == list(path[at])
        assert marks[0].mode == "markers+text" and marks[0].text == (name,)
        assert marks[1].mode == "markers"


def test_arrows_in_2d_stand_on_the_path_and_point_away_from_the_step_before():
    found = trajectory(run("GRU", steps=60))
    (arrows,) = symbols(dynamics.trajectory_paths(found, ["one"], "", None), "arrow")
    (path,) = found.paths
    heads = [k for k, size in enumerate(arrows.marker.size) if size]
    assert 4 <= len(heads) <= dynamics.ARROWS and arrows.marker.angleref == "previous"
    for k in heads:
        (step,) = np.flatnonzero((path == [arrows.x[k], arrows.y[k]]).all(axis=1))
        assert [arrows.x[k - 1], arrows.y[k - 1]] == list(path[step - 1])
        assert np.isnan(arrows.x[k + 1])  # so that the next pair does not turn this one


def test_arrows_in_3d_are_cones_along_the_step():
    found = trajectory(run("GRU", steps=60), n_components=3)
    figure = drawable(dynamics.trajectory_paths(found, ["one"], "", None))
    (cones,) = [one for one in figure.data if one.type == "cone"]
    (path,) = found.paths
    for k in range(len(cones.x)):
        (step,) = np.flatnonzero((path == [cones.x[k], cones.y[k], cones.z[k]]).all(axis=1))
        move = path[step] - path[step - 1]
        expected = move / np.linalg.norm(move)
        np.testing.assert_allclose([cones.u[k], cones.v[k], cones.w[k]], expected, rtol=1e-5)


@pytest.mark.parametrize("components", [2, 3])
@pytest.mark.parametrize("steps", [1, 5])
def test_a_state_that_stands_still_has_no_arrows(steps, components):
    still = np.zeros((steps, components), np.float32)
    found = Trajectory((still,), np.ones(components), np.ones((components, 2)), 0)
    figure = drawable(dynamics.trajectory_paths(found, ["one"], "", 0))
    arrows = [o for o in figure.data if o.type == "cone"] or symbols(figure, "arrow")
    assert all(len(one.x) == 0 for one in arrows)


def test_a_step_beyond_a_shorter_run_rings_only_the_longer():
    found = trajectory([run("GRU"), run("GRU", steps=6)])
    alone = trajectory(run("GRU"))

    def rings(found, names, t):
        figure = dynamics.trajectory_paths(found, names, "", t)
        assert figure.layout.showlegend is (len(names) > 1)
        return symbols(figure, "circle")

    assert len(rings(found, ["one", "two"], 10)) == 1
    assert len(rings(found, ["one", "two"], 5)) == 2
    assert rings(alone, ["one"], None) == []


def test_a_path_of_one_component_lies_on_a_line():
    found = Trajectory((np.arange(4, dtype=np.float32)[:, None],), np.ones(1), np.ones((1, 2)), 0)
    line = drawable(dynamics.trajectory_paths(found, ["one"], "abcd", 1)).data[0]
    assert list(line.x) == [0, 1, 2, 3] and not line.y.any()
