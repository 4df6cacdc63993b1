"""Figures of memory: each shows its analysis' own numbers, and overflow as a gap, not as a lie."""

import json

import numpy as np
import pytest
import torch

from seqviz import InputSequence, RNNSpec, build, trace
from seqviz.analysis.gate_timescales import gate_memory
from seqviz.analysis.horizon import Horizon, horizon
from seqviz.analysis.influence import Influence, influence
from seqviz.analysis.lyapunov import Growth, growth
from seqviz.analysis.pca import Trajectory, trajectory
from seqviz.analysis.perturbation import nudge
from seqviz.analysis.spectrum import rescaled, spectra, step_bound
from seqviz.figures import memory, palette
from seqviz.figures.memory import DECADES, MAP_CELLS
from seqviz.types import MODES

STEPS, HIDDEN = 14, 5
THEMES = ("light", "dark")


def network(mode="LSTM", **fields):
    return build(RNNSpec(mode, 2, HIDDEN, 2, **{"seed": 1, **fields}))


def run(mode="LSTM", steps=STEPS, **fields):
    x = np.random.default_rng(0).normal(size=(steps, 2))
    return trace(network(mode, **fields), InputSequence(x))


def exploding(steps=200):
    """Identity weights doubled, all units active: beyond float32 after some 125 steps."""
    rnn = rescaled(build(RNNSpec("RNN_RELU", 1, HIDDEN, init="identity")), 2.0)
    with torch.no_grad():
        rnn.weight_ih_l0.abs_()
    return trace(rnn, InputSequence(np.ones(steps)))


def of(norms, inputs=None):
    norms = np.asarray(norms, np.float32)
    return Influence(norms, np.arange(norms.shape[1]) if inputs is None else inputs, 0)


def lines(figure):
    """Every curve by its name."""
    return {line.name: line for line in figure.data}


def heights(figure):
    """Where horizontal and vertical lines stand."""
    return [shape.y0 if shape.x0 in (0, None) else shape.x0 for shape in figure.layout.shapes]


def drawable(figure):
    """The figure as the browser gets it: JSON, transparent, its text in the theme's ink."""
    json.loads(figure.to_json(), parse_constant=pytest.fail)
    layout = figure.layout
    assert layout.paper_bgcolor == layout.plot_bgcolor == "rgba(0,0,0,0)"
    assert layout.font.size >= 14
    return figure


# ---- influence -----------------------------------------------------------------------------------


@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("mode", MODES)
def test_the_map_shows_the_decimal_logarithm_of_every_norm(mode, bidirectional):
    found = influence(run(mode, bidirectional=bidirectional))
    figure = drawable(memory.influence_map(found, 3))
    cells = figure.data[0]
    known = found.norms > 0
    np.testing.assert_allclose(cells.z[known], np.log10(found.norms[known]), rtol=1e-6)
    assert np.isnan(cells.z[~known]).all() and known.all() is np.bool_(bidirectional)
    assert list(cells.x) == list(cells.y) == list(range(1, STEPS + 1))
    assert cells.zmax == cells.z[known].max() and cells.zmin == cells.zmax - DECADES
    assert figure.layout.yaxis.autorange == "reversed"  # later states stand lower
    (line,) = figure.layout.shapes
    assert (line.y0, line.y1) == (4, 4)


def test_without_a_step_no_row_is_framed():
    assert not memory.influence_map(influence(run())).layout.shapes


@pytest.mark.parametrize(("steps", "every"), [(300, 1), (301, 2), (2000, 7)])
def test_long_maps_are_thinned_and_keep_their_steps(steps, every):
    inputs = np.arange(0, steps, 2)
    found = of(np.random.default_rng(0).uniform(1e-5, 1, (steps, len(inputs))), inputs)
    cells = drawable(memory.influence_map(found)).data[0]
    assert max(cells.z.shape) <= MAP_CELLS
    across = -(-len(inputs) // MAP_CELLS)
    np.testing.assert_array_equal(cells.z, found.log10()[::every, ::across])
    np.testing.assert_array_equal(cells.y, np.arange(0, steps, every) + 1)
    np.testing.assert_array_equal(cells.x, inputs[::across] + 1)


@pytest.mark.parametrize("value", [0.0, np.nan, np.inf])
def test_a_map_of_nothing_is_all_gaps_on_a_finite_scale(value):
    cells = drawable(memory.influence_map(of(np.full((4, 4), value)), 1)).data[0]
    assert np.isnan(cells.z).all() and (cells.zmin, cells.zmax) == (-DECADES, 0)


def test_overflow_is_a_gap_in_the_map_and_does_not_stretch_its_scale():
    found = influence(exploding())
    cells = memory.influence_map(found).data[0]
    assert np.isnan(cells.z[-1]).all() and np.isfinite(cells.z[100, :101]).all()
    np.testing.assert_allclose(np.diff(cells.z[:100, 0]), np.log10(2), rtol=1e-4)  # W doubles
    assert 30 < cells.zmax < 39


def test_what_a_state_owes_is_the_map_s_row_on_a_log_axis():
    found = influence(run("GRU"))
    figure = drawable(memory.owed({"": found}, 9))
    (line,) = figure.data
    np.testing.assert_array_equal(line.x, np.arange(STEPS) + 1)
    np.testing.assert_array_equal(line.y[:10], found.norms[9, :10])
    assert np.isnan(line.y[10:]).all()  # what comes later owes nothing: no 0 on a log axis
    assert figure.layout.yaxis.type == "log" and figure.layout.showlegend is False
    assert heights(figure) == [10]
    assert "step 10" in figure.layout.yaxis.title.text


def test_two_runs_are_told_apart_by_name_colour_and_dash():
    plain, other = influence(run("GRU")), influence(run("GRU", seed=2))
    figure = memory.owed({"W_hh as it is": plain, "ρ = 1.20": other}, STEPS - 1)
    assert figure.layout.showlegend is True
    shown = lines(figure)
    for name, found in (("W_hh as it is", plain), ("ρ = 1.20", other)):
        np.testing.assert_array_equal(shown[name].y, found.norms[-1])
    assert len({(line.line.color, line.line.dash) for line in figure.data}) == 2


def test_a_long_slice_is_a_line_without_markers_at_its_own_steps():
    inputs = np.arange(0, 400, 5)
    found = of(np.random.default_rng(0).uniform(size=(400, 80)), inputs)
    (line,) = memory.owed({"": found}, 7).data
    assert line.mode == "lines" and list(line.x) == list(inputs + 1)
    assert memory.owed({"": of(np.ones((9, 9)))}, 7).data[0].mode == "lines+markers"


def test_overflow_leaves_gaps_in_a_slice():
    (line,) = memory.owed({"": of([[1.0, np.nan, np.inf, 0.0]])}, 0).data
    np.testing.assert_array_equal(line.y, [1, np.nan, np.nan, np.nan])


def test_characters_are_coloured_by_what_is_owed_to_them():
    found = influence(run())
    labels = ["<", "b", ">", *"abcdefghijk"]
    cells = drawable(memory.coloured_text(found, 6, labels)).data[0]
    np.testing.assert_array_equal(cells.z[0], found.norms[6])
    assert list(cells.text[0]) == ["‹", "b", ">", *"abcdefghijk"]  # no tag Plotly would obey
    assert cells.zmin == 0 and list(cells.x) == list(range(1, STEPS + 1))


def test_characters_of_a_thinned_influence_are_those_of_its_steps():
    found = influence(run(), t_stride=3)
    cells = memory.coloured_text(found, 6, "abcdefghijklmn").data[0]
    assert "".join(cells.text[0]) == "adgjm" and list(cells.x) == [1, 4, 7, 10, 13]


def test_characters_past_overflow_stay_readable():
    cells = memory.coloured_text(of([[np.nan, 2.0]]), 0, "ab").data[0]
    assert list(cells.z[0]) == [0, 2]


# ---- nudge and horizon ---------------------------------------------------------------------------


def test_nudge_curves_are_the_measured_and_the_foretold():
    found = nudge(run("RNN_TANH"), 4, 0.5)
    figure = drawable(memory.nudge_curves(found))
    shown = lines(figure)
    assert set(shown) == {"measured", "by the gradient"}
    for name, values in (("measured", found.measured), ("by the gradient", found.predicted)):
        np.testing.assert_array_equal(shown[name].x, np.arange(1, STEPS + 1))
        assert np.isnan(shown[name].y[:4]).all()  # nothing moves before the nudge
        np.testing.assert_array_equal(shown[name].y[4:], values[4:])
    assert figure.layout.yaxis.type == "log" and heights(figure) == [5]


def test_a_nudge_past_float64_leaves_gaps():
    found = nudge(exploding(1100), 0, 1.0)
    shown = lines(drawable(memory.nudge_curves(found)))
    assert np.isnan(shown["measured"].y[-1]) and np.isfinite(shown["measured"].y[:500]).all()


def test_the_horizon_s_band_holds_its_median_and_both_levels():
    found = horizon(network("GRU"), steps=20, runs=3)
    figure = drawable(memory.horizon_band(found))
    high, low, middle = figure.data
    for line, values in ((high, found.high), (low, found.low), (middle, found.curve)):
        np.testing.assert_array_equal(line.x, np.arange(20))
        np.testing.assert_array_equal(line.y, np.where(values > 0, values, np.nan))
    assert low.fill == "tonexty" and middle.y[0] == 1
    assert figure.layout.yaxis.type == "log"
    assert [shape.y0 for shape in figure.layout.shapes] == [0.5, 0.01]
    assert [note.text for note in figure.layout.annotations] == ["a half", "1 %"]
    assert figure.layout.yaxis.range[0] == -4 and 0 < figure.layout.yaxis.range[1] < 1


@pytest.mark.parametrize("value", [np.nan, np.inf, 0.0])
def test_a_horizon_that_cannot_be_measured_has_a_finite_axis(value):
    curve, one = np.full(5, value), np.array([np.inf])
    figure = drawable(memory.horizon_band(Horizon(curve, curve, curve, one, one, one)))
    assert all(np.isnan(line.y).all() for line in figure.data)
    assert np.isfinite(figure.layout.yaxis.range).all()


def test_a_growing_horizon_stays_within_its_axis():
    found = horizon(rescaled(network("RNN_RELU", init="identity"), 1.5), steps=30, runs=2)
    figure = memory.horizon_band(found)
    assert 10 ** figure.layout.yaxis.range[1] > found.high.max() > 100


# ---- spectrum and gates --------------------------------------------------------------------------


@pytest.mark.parametrize("mode", MODES)
def test_eigenvalues_are_points_around_the_unit_circle(mode):
    found = spectra(run(mode))
    figure = drawable(memory.eigenvalues(found))
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
        memory.eigenvalues(spectra(rescaled(network(), rho))).layout.xaxis.range
        for rho in (0.1, 3.0)
    )
    assert small == pytest.approx((-1.1, 1.1)) and large == pytest.approx((-3.3, 3.3), rel=1e-5)


def test_growth_stands_beside_its_bound_and_the_power_of_rho():
    traced = run("RNN_TANH")
    found, bound, (spectrum,) = growth(traced), step_bound(traced), spectra(traced)
    figure = drawable(memory.growth_lines(found, bound, spectrum.rho))
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
    names = lines(memory.growth_lines(growth(traced), None, 0.5))
    assert not any("bound" in name for name in names) and len(names) == 2


def test_growth_lines_follow_the_steps_that_were_measured():
    found = Growth(np.array([1, 40, 90]), np.array([0.0, 1.0, 2.0]), 0.02, True)
    measured, limit, theory = memory.growth_lines(found, 2.0, 0.5).data
    np.testing.assert_allclose(limit.y, [2.0, 2.0**40, 2.0**90])
    np.testing.assert_allclose(theory.y, [0.5, 0.5**40, 0.5**90])
    assert list(measured.x) == [1, 40, 90]


def test_growth_past_any_number_is_a_gap_and_not_a_plateau():
    logs = np.array([0.0, 600.0, 5000.0, -600.0, -5000.0, -np.inf, np.nan])
    found = Growth(np.arange(1, 8), logs, 0.0, True)
    measured, limit, _ = memory.growth_lines(found, 1e200, 1.0).data
    assert list(np.isnan(measured.y)) == [False, False, True, False, True, True, True]
    np.testing.assert_allclose(measured.y[[1, 3]], np.exp([600, -600]), rtol=1e-12)
    assert list(np.isnan(limit.y)) == [False] + 6 * [True]


def test_exploding_states_end_their_line_where_they_leave_float32():
    found = growth(exploding())
    measured = drawable(memory.growth_lines(found, 2.0, 2.0)).data[0]
    known = np.isfinite(measured.y)
    assert 0 < known.sum() < len(known)
    np.testing.assert_allclose(measured.y[known], 2.0 ** measured.x[known], rtol=1e-5)


@pytest.mark.parametrize(("mode", "gate"), [("GRU", "z"), ("LSTM", "f")])
def test_bars_are_each_unit_s_mean_gate_with_its_half_life(mode, gate):
    traced = run(mode)
    found = gate_memory(traced)
    figure = drawable(memory.gate_bars(found))
    (bars,) = figure.data
    np.testing.assert_allclose(bars.y, traced.gates[gate][-1, 0].mean(axis=0), rtol=1e-6)
    np.testing.assert_array_equal(bars.customdata, found.half_life)
    assert list(bars.x) == list(range(HIDDEN)) and tuple(figure.layout.yaxis.range) == (0, 1)
    assert f"mean {gate}" in figure.layout.yaxis.title.text


# ---- trajectory ----------------------------------------------------------------------------------


@pytest.mark.parametrize("components", [2, 3])
def test_paths_are_the_principal_components_with_the_step_ringed(components):
    runs = [run("GRU"), run("GRU", steps=6)]
    found = trajectory(runs, components=components)
    figure = drawable(memory.paths(found, ["one", "two"], "abcdefghijklmn", 5))
    assert {type(line).__name__ for line in figure.data} == {
        "Scatter3d" if components == 3 else "Scatter"
    }
    for name, path in zip(("one", "two"), found.paths, strict=True):
        line = lines(figure)[name]
        for k, axis in enumerate("xyz"[:components]):
            np.testing.assert_array_equal(line[axis], path[:, k])
    one, ring, two, other_ring = figure.data
    assert one.text[5] == "step 6 f" and two.text[5] == "step 6 "
    assert (ring.x[0], ring.y[0]) == (one.x[5], one.y[5])
    assert (other_ring.x[0], other_ring.y[0]) == (two.x[5], two.y[5])
    assert one.marker.color != two.marker.color and figure.layout.showlegend is True
    axes = figure.layout.scene if components == 3 else figure.layout
    assert axes.xaxis.title.text == f"PC1 ({found.explained[0]:.0%})"
    assert axes.yaxis.title.text == f"PC2 ({found.explained[1]:.0%})"


def test_a_step_beyond_a_shorter_run_rings_only_the_longer():
    found = trajectory([run("GRU"), run("GRU", steps=6)])
    assert len(memory.paths(found, ["one", "two"], "", 10).data) == 3
    alone = memory.paths(trajectory(run("GRU")), ["one"], "", None)
    assert len(alone.data) == 1 and alone.layout.showlegend is False


def test_a_path_of_one_component_lies_on_a_line():
    found = Trajectory((np.arange(4, dtype=np.float32)[:, None],), np.ones(1), np.ones((1, 2)), 0)
    line = drawable(memory.paths(found, ["one"], "abcd", 1)).data[0]
    assert list(line.x) == [0, 1, 2, 3] and not line.y.any()


# ---- every figure --------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", THEMES)
def test_every_figure_is_inked_for_its_theme(theme):
    traced, rnn = run(), network()
    found, grown = influence(traced), growth(traced)
    figures = [
        memory.influence_map(found, 2, theme),
        memory.owed({"": found}, 2, theme),
        memory.coloured_text(found, 2, traced.labels, theme),
        memory.nudge_curves(nudge(traced, 2, 0.1), theme),
        memory.horizon_band(horizon(rnn, steps=8, runs=2), theme),
        memory.eigenvalues(spectra(traced), theme),
        memory.growth_lines(grown, 1.0, 0.5, theme),
        memory.gate_bars(gate_memory(traced), theme),
        memory.paths(trajectory(traced), ["one"], traced.labels, 2, theme),
    ]
    for figure in figures:
        assert drawable(figure).layout.font.color == palette.INK[theme]
        other = palette.INK[THEMES[theme == "light"]]
        assert other not in figure.to_json()
