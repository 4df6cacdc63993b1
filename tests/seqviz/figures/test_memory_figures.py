"""Figures of memory: each shows its analysis' own numbers, and overflow as a gap, not as a lie."""

import numpy as np
import pytest
from figure_checks import HIDDEN, STEPS, drawable, exploding, lines, network, run
from networks import answering

from seqviz.analysis.gate_timescales import gate_timescales
from seqviz.analysis.horizon import Horizon, horizon
from seqviz.analysis.influence import Influence, influence
from seqviz.analysis.lyapunov import growth
from seqviz.analysis.pca import trajectory
from seqviz.analysis.perturbation import perturb
from seqviz.analysis.spectrum import rescaled, spectra
from seqviz.figures import dynamics, memory, palette
from seqviz.figures.memory import DECADES, MAP_CELLS
from seqviz.types import MODES

THEMES = ("light", "dark")


def of(norms, inputs=None):
    norms = np.asarray(norms, np.float32)
    return Influence(norms, np.arange(norms.shape[1]) if inputs is None else inputs, 0)


def heights(figure):
    """Where horizontal and vertical lines stand."""
    return [shape.y0 if shape.x0 in (0, None) else shape.x0 for shape in figure.layout.shapes]


# ---- influence -----------------------------------------------------------------------------------


def test_figures_say_whether_they_are_about_states_or_answers():
    trace = answering(run("GRU"))
    for found, letter, what in (
        (influence(trace), "h", "state"),
        (influence(trace, answer=True), "s", "answer"),
    ):
        figure = drawable(memory.influence_map(found, 3))
        assert figure.data[0].colorbar.title.text == f"‖∂{letter}/∂x‖"
        assert figure.layout.yaxis.title.text == f"{what} step τ"
        slices = drawable(memory.influence_at({"": found}, 3))
        on = "h" if what == "state" else "the answer"
        assert slices.layout.yaxis.title.text == f"influence on {on} at step 4"
        assert f"→ {on.removeprefix('the ')} at step" in figure.data[0].hovertemplate


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


def test_influence_at_a_step_is_the_map_s_row_on_a_log_axis():
    found = influence(run("GRU"))
    figure = drawable(memory.influence_at({"": found}, 9))
    (line,) = figure.data
    np.testing.assert_array_equal(line.x, np.arange(STEPS) + 1)
    np.testing.assert_array_equal(line.y[:10], found.norms[9, :10])
    assert np.isnan(line.y[10:]).all()  # what comes later has none: no 0 on a log axis
    assert figure.layout.yaxis.type == "log" and figure.layout.showlegend is False
    assert heights(figure) == [10]
    assert "step 10" in figure.layout.yaxis.title.text


def test_two_runs_are_told_apart_by_name_colour_and_dash():
    plain, other = influence(run("GRU")), influence(run("GRU", seed=2))
    figure = memory.influence_at({"W_hh as it is": plain, "ρ = 1.20": other}, STEPS - 1)
    assert figure.layout.showlegend is True
    shown = lines(figure)
    for name, found in (("W_hh as it is", plain), ("ρ = 1.20", other)):
        np.testing.assert_array_equal(shown[name].y, found.norms[-1])
    assert len({(line.line.color, line.line.dash) for line in figure.data}) == 2


def test_a_long_slice_is_a_line_without_markers_at_its_own_steps():
    inputs = np.arange(0, 400, 5)
    found = of(np.random.default_rng(0).uniform(size=(400, 80)), inputs)
    (line,) = memory.influence_at({"": found}, 7).data
    assert line.mode == "lines" and list(line.x) == list(inputs + 1)
    assert memory.influence_at({"": of(np.ones((9, 9)))}, 7).data[0].mode == "lines+markers"


def test_overflow_leaves_gaps_in_a_slice():
    (line,) = memory.influence_at({"": of([[1.0, np.nan, np.inf, 0.0]])}, 0).data
    np.testing.assert_array_equal(line.y, [1, np.nan, np.nan, np.nan])


def test_characters_are_coloured_by_their_influence():
    found = influence(run())
    labels = ["<", "b", ">", *"abcdefghijk"]
    cells = drawable(memory.coloured_text(found, 6, labels)).data[0]
    np.testing.assert_array_equal(cells.z[0], found.norms[6])
    assert list(cells.text[0]) == ["&lt;", "b", "&gt;", *"abcdefghijk"]  # no tag Plotly would obey
    assert cells.zmin == 0 and list(cells.x) == list(range(1, STEPS + 1))


def test_characters_of_a_thinned_influence_are_those_of_its_steps():
    found = influence(run(), t_stride=3)
    cells = memory.coloured_text(found, 6, "abcdefghijklmn").data[0]
    assert "".join(cells.text[0]) == "adgjm" and list(cells.x) == [1, 4, 7, 10, 13]


def test_characters_past_overflow_stay_readable():
    cells = memory.coloured_text(of([[np.nan, 2.0]]), 0, "ab").data[0]
    assert list(cells.z[0]) == [0, 2]


# ---- perturbation and horizon --------------------------------------------------------------------


def test_perturbation_curves_are_the_measured_and_the_foretold():
    found = perturb(run("RNN_TANH"), 4, 0.5)
    figure = drawable(memory.perturbation_curves(found))
    shown = lines(figure)
    assert set(shown) == {"measured", "by the gradient"}
    for name, values in (("measured", found.measured), ("by the gradient", found.predicted)):
        np.testing.assert_array_equal(shown[name].x, np.arange(1, STEPS + 1))
        assert np.isnan(shown[name].y[:4]).all()  # nothing moves before the nudge
        np.testing.assert_array_equal(shown[name].y[4:], values[4:])
    assert figure.layout.yaxis.type == "log" and heights(figure) == [5]


def test_a_nudge_past_float64_leaves_gaps():
    found = perturb(exploding(1100), 0, 1.0)
    shown = lines(drawable(memory.perturbation_curves(found)))
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
    ticks = dict(zip(figure.layout.yaxis.tickvals, figure.layout.yaxis.ticktext, strict=True))
    assert ticks[1] == "100 %" and ticks[0.1] == "10 %" and ticks[0.001] == "0.1 %"


def test_the_horizon_s_axis_ends_where_its_curve_does():
    for factor, end in ((0.5, 14), (0.1, 5), (0.9, 88), (0.99, 199)):
        curve, one = factor ** np.arange(200.0), np.array([1.0])
        axis = memory.horizon_band(Horizon(curve, curve, curve, one, one, one)).layout.xaxis
        assert tuple(axis.range) == (0, end)  # the first k below 1 in 10,000, or the last


def test_a_horizon_of_overflow_is_drawn_as_far_as_it_is_known():
    curve, one = np.array([1, 2, 4, np.nan, np.nan, np.nan]), np.array([np.inf])
    axis = memory.horizon_band(Horizon(curve, curve, curve, one, one, one)).layout.xaxis
    assert tuple(axis.range) == (0, 3)


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


# ---- gates ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("mode", "gate"), [("GRU", "z"), ("LSTM", "f")])
def test_bars_are_each_unit_s_mean_gate_with_its_half_life(mode, gate):
    traced = run(mode)
    found = gate_timescales(traced)
    figure = drawable(memory.gate_bars(found))
    (bars,) = figure.data
    np.testing.assert_allclose(bars.y, traced.gates[gate][-1, 0].mean(axis=0), rtol=1e-6)
    np.testing.assert_array_equal(bars.customdata, found.half_life)
    assert list(bars.x) == list(range(HIDDEN)) and tuple(figure.layout.yaxis.range) == (0, 1)
    assert f"mean {gate}" in figure.layout.yaxis.title.text


# ---- every figure --------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", THEMES)
def test_every_figure_is_inked_for_its_theme(theme):
    traced, rnn = run(), network()
    found, grown = influence(traced), growth(traced)
    figures = [
        memory.influence_map(found, 2, theme),
        memory.influence_at({"": found}, 2, theme),
        memory.coloured_text(found, 2, traced.labels, theme),
        memory.perturbation_curves(perturb(traced, 2, 0.1), theme),
        memory.horizon_band(horizon(rnn, steps=8, runs=2), theme),
        dynamics.eigenvalues(spectra(traced), theme),
        dynamics.growth_lines(grown, 1.0, 0.5, theme),
        memory.gate_bars(gate_timescales(traced), theme),
        dynamics.trajectory_paths(trajectory(traced), ["one"], traced.labels, 2, theme),
    ]
    for figure in figures:
        assert drawable(figure).layout.font.color == palette.INK[theme]
        other = palette.INK[THEMES[theme == "light"]]
        assert other not in figure.to_json()
