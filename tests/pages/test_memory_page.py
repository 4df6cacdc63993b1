"""Memory without a browser: each measure shows its analysis' own numbers, nothing breaks it."""

import base64
import json

import numpy as np
import pytest
import torch
import visits
from torch import nn
from visits import choose, components, control, empty, link_of, player, press, sound

from pages.state.training import first_network
from seqviz import RNNSpec, build, trace
from seqviz.analysis.forgetting import influence_in_words
from seqviz.analysis.gate_timescales import gate_timescales
from seqviz.analysis.influence import influence
from seqviz.analysis.pca import trajectory
from seqviz.analysis.perturbation import perturb
from seqviz.analysis.similarity import similar_steps
from seqviz.analysis.spectrum import rescaled, spectra
from seqviz.types import MODES, InputSequence

CHARTS = {
    "influence": {"map", "influence_at"},
    "nudge": {"nudge"},
    "horizon": {"horizon"},
    "spectrum": {"eigenvalues", "growth"},
    "gates": {"gates"},
    "trajectory": {"path"},
    "alike": set(),
}
EXPLODING = {"cell": "RNN_RELU", "init": "identity", "rho": "2.0", "feed": "generate",
             "source": "step", "step_steps": "200", "step_height": "10.0",
             "h_0": "typed", "h_0_values": "1"}  # fmt: skip


def visit(page="memory.py", session=(), **parameters):
    """A first visit to Memory with a small network."""
    return visits.visit(page, session, **{"hidden_size": "6", **parameters})


def charts(app):
    """The words that stand for each chart, by its key."""
    found = {chart.key: chart.proto.alt for chart in app.get("plotly_chart")}
    return {key.removeprefix("_memory_"): alt for key, alt in found.items()}


def curves(app, key):
    """The traces of one chart with their arrays as NumPy reads them."""
    (chart,) = [c for c in app.get("plotly_chart") if c.key == f"_memory_{key}"]
    return [{k: array(v) for k, v in data.items()} for data in json.loads(chart.proto.spec)["data"]]


def array(value):
    if not (isinstance(value, dict) and "bdata" in value):
        return value
    flat = np.frombuffer(base64.b64decode(value["bdata"]), value["dtype"])
    shape = [int(size) for size in str(value.get("shape", flat.size)).split(",")]
    return flat.reshape(shape)


def said(app):
    """Everything the page says outside the sidebar."""
    main = app.main
    kinds = (main.markdown, main.caption, main.info, main.warning, main.error)
    return "\n".join(element.value for kind in kinds for element in kind)


# ---- every measure -------------------------------------------------------------------------------


@pytest.mark.parametrize("measure", CHARTS)
@pytest.mark.parametrize("mode", MODES)
def test_every_measure_of_every_cell(mode, measure):
    link = {"cell": mode, "measure": measure, "step": "18"}
    app = visit(**link, bidirectional="1", steps="30")
    words = charts(app)
    assert set(words) == (set() if measure == "gates" and mode[:3] == "RNN" else CHARTS[measure])
    assert all(
        len(text) > 40 and any(letter.isdigit() for letter in text) for text in words.values()
    )
    assert not app.error and not app.warning
    assert link_of(app) == {
        **({} if measure == "influence" else {"measure": measure}),
        **({} if mode in ("RNN_TANH", "LSTM") else {"cell": mode}),
        "hidden_size": "6", "bidirectional": "1", "steps": "30", "step": "18",
    }  # fmt: skip
    sent = player(app)
    assert (sent["T"], sent["step"], sent["quantity"], len(sent["tracks"])) == (30, 18, "h", 5)
    assert sent["ranges"] is (measure == "alike")


@pytest.mark.parametrize("measure", CHARTS)
def test_an_empty_pad_is_told_where_sequences_come_from(measure):
    app = visit(measure=measure, curve="-")
    assert "no sequence" in said(app) and not charts(app)
    assert not [one for one in components(app) if one.component_name.endswith("player")]


@pytest.mark.parametrize("measure", CHARTS)
def test_one_step_can_be_measured(measure):
    app = visit(measure=measure, feed="type", text="a", cell="GRU")
    assert set(charts(app)) == {*CHARTS[measure], *({"text"} if measure == "influence" else ())}


def test_the_network_and_the_step_come_along_from_explore_and_go_back():
    app = visit("explore.py", cell="GRU", feed="type", text="abcabc", step="4", selected="1.0.3")
    sound(app.switch_page("memory.py").run())
    sent = player(app)
    assert (sent["T"], sent["step"], sent["cell"]["unit"]) == (6, 4, 3)
    assert " The state at step 4 " in charts(app)["influence_at"]
    choose(choose(app, "hidden_size", 9), "measure", "horizon")
    sound(app.switch_page("explore.py").run())
    assert app.query_params["measure"] == "horizon" and app.query_params["step"] == "4"
    assert control(app, "hidden_size").value == player(app)["tracks"][1]["H"] == 9
    assert control(app, "cell").value == "GRU"


# ---- influence and nudge -------------------------------------------------------------------------


@pytest.mark.parametrize("mode", MODES)
def test_the_map_and_its_slice_are_the_exact_influence(mode, shown):
    app = visit(cell=mode, steps="25", step="18")
    found = influence(shown[-1])
    (cells,) = curves(app, "map")
    np.testing.assert_array_equal(cells["z"], found.log10())
    (line,) = curves(app, "influence_at")
    np.testing.assert_array_equal(line["y"][:18], found.at(17)[:18])
    newest, first = found.norms[17, 17], found.norms[17, 0]
    assert f"changes {newest:.4f} times as much as its newest input" in charts(app)["map"]
    assert f"and {first:.3g} times as much as the first" in charts(app)["map"]
    assert ("last layer" in charts(app)["map"]) == (shown[-1].spec.num_layers > 1)
    words = influence_in_words(found, 17)  # come before any norm
    assert charts(app)["map"].startswith(words) and words in [m.value for m in app.main.markdown]


def test_the_slice_follows_the_player():
    lines = {}
    for step in ("", "1", "7", "25"):
        app = visit(steps="25", **({"step": step} if step else {}))
        lines[step] = curves(app, "influence_at")[0]["y"]
        assert f" The state at step {step or 25} " in charts(app)["influence_at"]
    assert np.isfinite(lines["7"]).sum() == 7
    np.testing.assert_array_equal(lines[""], lines["25"])


def test_characters_are_coloured_by_influence(shown):
    app = visit(feed="type", text="hello you", step="9")
    (cells,) = curves(app, "text")
    assert "".join(cells["text"][0]).replace("␣", " ") == "hello you"
    np.testing.assert_allclose(cells["z"][0], influence(shown[-1]).at(8))
    assert "text" not in charts(visit())


def test_a_nudge_is_measured_beside_the_gradient(shown):
    app = visit(measure="nudge", step="5")
    assert [slider.label for slider in app.main.slider] == ["Nudge"]
    for amount in (0.1, 0.001, 8.0):
        choose(app, "nudge", amount)
        found = perturb(shown[-1], 4, amount)
        assert charts(app)["nudge"] == found.sentence()
        measured, foretold = curves(app, "nudge")
        np.testing.assert_array_equal(measured["y"][4:], found.measured[4:])
        np.testing.assert_array_equal(foretold["y"][4:], found.predicted[4:])
        assert bool(app.main.info) is not found.agrees
    assert not found.agrees and app.query_params["nudge"] == "8.0"


# ---- horizon and gates ---------------------------------------------------------------------------


def test_the_horizon_is_stated_with_its_uncertainty_and_without_a_myth():
    lstm, forgetful = (
        visit(measure="horizon", cell="LSTM", hidden_size="32", num_layers="1", **more)
        for more in ({}, {"forget_bias": "3.0"})
    )
    for app in (lstm, forgetful):
        assert "±" in charts(app)["horizon"] and "8 random inputs" in charts(app)["horizon"]
        assert charts(app)["horizon"] in said(app)
    assert "remembers barely longer than tanh" in said(lstm)
    assert "remembers barely longer" not in said(forgetful)
    factors = [
        float(charts(app)["horizon"].split("multiplies its influence by ")[1].split()[0])
        for app in (lstm, forgetful)
    ]
    assert factors[0] < 0.75 and factors[1] > 0.9


@pytest.mark.parametrize("mode", ["GRU", "LSTM"])
def test_gates_are_set_beside_the_full_gradient(mode, shown):
    app = visit(measure="gates", cell=mode)
    for layer in (0, 1):
        choose(app, "memory_layer_2", f"layer {layer + 1}")
        found = gate_timescales(shown[-1], layer=layer)
        assert charts(app)["gates"] == found.sentence() and found.sentence() in said(app)
        (bars,) = curves(app, "gates")
        np.testing.assert_allclose(bars["y"], found.mean)


def test_a_plain_rnn_is_said_to_have_no_gates():
    assert "no gates: choose GRU or LSTM" in said(visit(measure="gates"))


# ---- spectrum ------------------------------------------------------------------------------------


def rho_slider(app):
    (slider,) = [s for s in app.main.slider if s.label == "spectral radius"]
    return slider


@pytest.mark.parametrize("mode", MODES)
def test_eigenvalues_and_figures_of_every_block(mode, shown):
    app = visit(measure="spectrum", cell=mode)
    for layer in (1, 0):
        choose(app, "memory_layer_2", f"layer {layer + 1}")
        found = spectra(shown[-1], layer=layer)
        for points, spectrum in zip(curves(app, "eigenvalues"), found, strict=True):
            np.testing.assert_array_equal(points["x"], spectrum.eigenvalues.real)
            expected = f"{spectrum.name}: ρ = {spectrum.rho:.4f}, σ_max = {spectrum.sigma_max:.4f}"
            assert expected in charts(app)["eigenvalues"]
    assert "Lyapunov" in said(app)
    assert ("σ_max·γ = " in said(app)) is (mode[:3] == "RNN")
    assert rho_slider(app).value == pytest.approx(max(s.rho for s in found), abs=0.006)


@pytest.mark.parametrize("measure", ["spectrum", "influence"])
@pytest.mark.parametrize("mode", MODES)
def test_the_spectral_radius_rescales_what_is_measured_and_says_so(mode, measure, shown):
    app = visit(measure=measure, cell=mode, steps="20")
    before = player(app)["tracks"][1]["values"].copy()
    sound(rho_slider(app).set_value(1.2).run())
    assert app.query_params["rho"] == "1.2" and rho_slider(app).value == 1.2
    assert [w.value for w in app.warning] == [
        "Changed network: W_hh rescaled to spectral radius 1.20."
    ]
    rnn = rescaled(build(shown[-1].spec), 1.2)
    changed = trace(rnn, shown[-1].x)
    np.testing.assert_array_equal(player(app)["tracks"][1]["values"], changed.h[0, 0].ravel())
    if measure == "spectrum":
        assert "ρ = 1.2000" in charts(app)["eigenvalues"]
        circles = [np.hypot(c["x"], c["y"]).max() for c in curves(app, "eigenvalues")]
        np.testing.assert_allclose(circles, 1.2, rtol=1e-5)
    else:
        plain, other = curves(app, "influence_at")
        assert (plain["name"], other["name"]) == ("W_hh as it is", "ρ = 1.20")
        np.testing.assert_array_equal(plain["y"], influence(shown[-1]).at(19))
        np.testing.assert_allclose(other["y"], influence(changed).at(19), rtol=1e-6)
        assert (other["y"] > plain["y"])[:10].all()  # a larger radius remembers longer
    press(app, "As it is")
    assert not app.warning and "rho" not in app.query_params
    np.testing.assert_array_equal(player(app)["tracks"][1]["values"], before)


def test_the_slider_reaches_as_far_as_the_network_on_stage():
    app = visits.visit("memory.py", first=True, measure="spectrum")  # its radius is over 2
    model = first_network.run().model
    actual = max(one.rho for one in spectra(trace(model, np.zeros((3, 1), np.float32))))
    slider = rho_slider(app)
    assert 2 < actual <= slider.max == 3 and slider.value == pytest.approx(actual, abs=0.006)


@pytest.mark.parametrize("rho", ["0.0", "3.0"])
@pytest.mark.parametrize("measure", CHARTS)
def test_a_radius_from_a_link_may_be_anything_up_to_its_limits(measure, rho):
    app = visit(measure=measure, rho=rho, cell="GRU", bidirectional="1")
    assert f"rescaled to spectral radius {float(rho):.2f}" in app.warning[0].value


def test_a_network_that_cannot_be_rescaled_says_why():
    own = nn.RNN(1, 3)
    with torch.no_grad():
        own.weight_hh_l0.copy_(torch.triu(torch.ones(3, 3), 1))  # nilpotent
    app = with_weights(own, rho="1.5")
    (problem,) = [error.value for error in app.error]
    assert "spectral radius 0" in problem and not app.warning


# ---- trajectory ----------------------------------------------------------------------------------


def test_the_path_is_the_pca_of_the_states_in_2d_and_3d(shown):
    app = visit(measure="trajectory", step="12", cell="LSTM")
    for solid in (False, True):
        choose(app, "three_d", solid)
        found = trajectory(shown[-1], n_components=3 if solid else 2)
        path, *marks = curves(app, "path")
        (ring,) = [one for one in marks if one.get("marker", {}).get("symbol") == "circle"]
        for k, axis in enumerate("xyz"[: 3 if solid else 2]):
            np.testing.assert_allclose(path[axis], found.paths[0][:, k], rtol=1e-6)
            assert ring[axis][0] == path[axis][11]
        assert charts(app)["path"].startswith(found.sentence())
        assert charts(app)["path"].endswith("the large dot marks step 12.")
        assert charts(app)["path"] in said(app)
    choose(app, "together", True)
    names = [data["name"] for data in curves(app, "path") if "name" in data]
    assert names == ["this sequence", "reversed", "shuffled"]
    assert app.query_params["three_d"] == app.query_params["together"] == "1"


# ---- alike ---------------------------------------------------------------------------------------


def matches(app):
    return [b.label for b in app.button if b.label.startswith("Steps ")]


def labels(found):
    return [f"Steps {m.start + 1}–{m.stop} · {m.score:.3f}" for m in found.matches]


def test_places_alike_are_found_and_jumped_to(shown):
    text = "the cat and the dog and the bird"
    app = visit(measure="alike", feed="type", text=text, range_from="1", range_to="4")
    assert not matches(app)
    sent = player(app)
    assert sent["range"] == [1, 4] and sent["ranges"] is True
    press(app, "Find alike")
    found = similar_steps(shown[-1], 0, 4)
    assert matches(app) == labels(found) and len(found.matches) > 3
    target = found.matches[0]
    press(app, matches(app)[0])
    assert player(app)["step"] == target.stop and player(app)["command"] > sent["command"]
    assert app.query_params["step"] == str(target.stop)
    assert matches(app) == labels(found)  # still there to choose another
    choose(app, "range_to", 6)
    assert not matches(app)  # of another range: not asked for yet


def test_a_threshold_chooses_units_or_says_that_none_is_left(shown):
    app = visit(measure="alike", range_from="10", range_to="12", threshold="1.0")
    press(app, "Find alike")
    assert "No unit stays at 1" in said(app) and not matches(app)
    choose(app, "threshold", 0.0)
    press(app, "Find alike")
    assert "No unit stays at 0" in said(app)  # all are on just outside as well
    empty(app, "threshold")
    press(app, "Find alike")
    assert matches(app) == labels(similar_steps(shown[-1], 9, 12))
    assert "comparing 6 units" in said(app)


@pytest.mark.parametrize("link", [{}, {"step": "1"}, {"range_from": "1999", "range_to": "2"},
                                  {"range_from": "60"}, {"range_to": "1"}], ids=str)  # fmt: skip
def test_any_range_in_a_link_is_brought_within_the_sequence(link, shown):
    app = press(visit(measure="alike", **link), "Find alike")
    steps = len(shown[-1])
    for name, label in (("range_from", "From step"), ("range_to", "To step")):
        box = control(app, name)
        assert box.label == label and (box.value is None) == (name not in link)
        assert box.value is None or box.value == min(int(link[name]), steps)
    here = int(link.get("step", steps))
    first = min(int(link.get("range_from", max(1, here - 2))), steps)
    last = min(int(link.get("range_to", min(steps, here + 2))), steps)
    found = similar_steps(shown[-1], min(first, last) - 1, max(first, last))
    assert matches(app) == labels(found) and not app.error


# ---- past the range of float32 -------------------------------------------------------------------


@pytest.mark.parametrize("measure", CHARTS)
def test_an_exploding_network_shows_overflow_as_overflow(measure):
    app = visit(measure=measure, **EXPLODING)
    (changed, left) = [warning.value for warning in app.warning]
    assert "rescaled to spectral radius 2.00" in changed
    assert "left the range of float32 at step " in left
    step = int(left.split("at step ")[1].split(":")[0])
    values = player(app)["tracks"][1]["values"].reshape(200, 6)
    assert np.isfinite(values[: step - 2]).all() and 100 < step < 132
    low, high = player(app)["ends"]
    assert np.isfinite([low, high]).all() and low < high
    if measure == "alike":
        press(app, "Find alike")
        assert not matches(app)
    if measure in ("alike", "trajectory"):
        assert "shorten the sequence" in said(app)


def test_an_overflow_is_no_reason_to_ask_for_a_smaller_nudge():
    app = visit(measure="nudge", **{**EXPLODING, "step": "190"})
    assert "left the range of float32" in charts(app)["nudge"]
    assert "make it smaller" not in said(app)


def test_influence_before_an_overflow_is_still_drawn():
    app = visit(measure="influence", **EXPLODING)
    (cells,) = curves(app, "map")
    assert np.isfinite(cells["z"][99, :100]).all() and np.isnan(cells["z"][-1]).all()
    assert np.isfinite(cells["zmax"]) and cells["zmax"] < 40
    assert "nan" not in said(app).split()
    assert any("none where a state has left the range" in c.value for c in app.caption)


# ---- size and other people's weights -------------------------------------------------------------


def with_weights(module, **link):
    """Memory, for somebody who has uploaded this layer."""
    return sound(visits.with_weights(module, **link).switch_page("memory.py").run())


@pytest.mark.parametrize("measure", CHARTS)
def test_uploaded_weights_are_measured(measure):
    with torch.random.fork_rng():
        torch.manual_seed(2)
        own = nn.LSTM(1, 7, 2, bidirectional=True)
    app = with_weights(own, measure=measure)
    with torch.inference_mode():
        top = decode_x(app)
        output = own(torch.tensor(top)[:, None])[0][:, 0]
    forward = player(app)["tracks"][3]["values"].reshape(60, 7)
    np.testing.assert_array_equal(forward, output[:, :7])
    if measure == "horizon":
        assert "uploaded weights" in said(app)


def decode_x(app):
    top = player(app)["tracks"][0]
    return top["x"].reshape(top["T"], top["I"])


def test_weights_that_read_more_features_are_measured_on_a_stand_in_and_it_is_said():
    app = with_weights(nn.GRU(3, 4))
    assert "reads 3 features a step and the sequence has 1" in said(app) and charts(app)
    assert "Until then it reads torch.randn(60, 1, 3)" in said(app)


def test_a_large_network_answers_from_a_part_and_says_so():
    x = np.random.default_rng(0).normal(size=(600, 1))
    spec = RNNSpec("LSTM", 1, 256, 2)
    assert trace(build(spec), InputSequence(x[:1])).h.shape == (2, 1, 1, 256)
    app = visit(cell="LSTM", hidden_size="256", feed="generate", source="sine", sine_steps="600",
                measure="influence")  # fmt: skip
    assert "Shown from a part: every " in said(app)
    (cells,) = curves(app, "map")
    assert cells["z"].shape[1] < 600


def test_a_sequence_that_will_not_do_is_said_here_too():
    link = {"source": "impulse", "impulse_steps": "10", "impulse_position": "500"}
    app = visit(feed="generate", **link)
    (said,) = [error.value for error in app.error]
    assert "position" in said and player(app)["caption"] == "drawn curve · 60 steps"
