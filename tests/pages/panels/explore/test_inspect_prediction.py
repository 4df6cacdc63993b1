"""A prediction's cell opened on Explore: announced, in arithmetic, over time, drawn, hands on; and
the files of the network that made it."""

import contextlib
import io

import numpy as np
import pytest
import visits
from trained_visits import trained
from visits import choose, player, press, sound, upload

from pages.components.player import tracks
from pages.state.browser import selected_cell
from pages.state.browser.selected_cell import cell, cell_text
from pages.state.schema import FORMS
from seqviz.analysis.prediction_step import prediction_step
from seqviz.export import tables
from seqviz.figures.step import prediction, prediction_equations
from seqviz.labels import number

pytestmark = pytest.mark.usefixtures("schedule")


def report(app, step=None, **cell):
    """The player says which cell is open."""
    view = {"command": player(app)["command"], "step": step, "cell": cell}
    app.session_state["player"] = {"view": view}
    return sound(app.run())


def opened(app, unit=0, step=7, run=0):
    return report(app, step, run=run, layer=tracks.PREDICTION, direction=0, unit=unit)


def announced(app):
    (line,) = [m.value for m in app.main.markdown if m.value.startswith("**Inspect**")]
    return line.removeprefix("**Inspect** ")


def charts(app):
    return {chart.key: chart.proto.alt for chart in app.get("plotly_chart")}


def test_a_cell_of_a_prediction_has_a_text_of_its_own():
    assert selected_cell.PREDICTION == tracks.PREDICTION
    assert cell_text(0, -1, 0, 3) == "p.0.3" and cell_text(1, -1, 0, 12) == "p.0.12.1"
    for text in ("p.0.3", "p.0.12.1", "p.0.9999.4", "1.1.7", "0.0.3.2"):
        assert FORMS["selected"].checked(text) == text
        assert cell_text(*cell(text)) == text
    for text in ("p.1.3", "-1.0.3", "p.0", "pp.0.1", "p.0.3.9"):
        with pytest.raises(ValueError):
            FORMS["selected"].checked(text)


def test_classes_open_in_every_view(shown):
    app = opened(trained("order"), unit=1)
    assert app.query_params["selected"] == "p.0.1"
    run = shown[-1]
    step = prediction_step(run, 1, 6)
    assert announced(app) == f"prediction, step 7: {step.name} = {number(step.value)}"
    assert run.prediction[6, 1] == np.float32(step.value)
    formula, *worked = [latex.value for latex in app.latex]
    assert r"\sum_j W_{kj}" in formula and "e^{s_t[m]}" in formula
    lines = prediction_equations.with_values(step, largest=1)
    assert all(line in latex for line, latex in zip(lines, worked, strict=True))
    assert charts(app)["_waterfall"] == prediction.describe_waterfall(step)
    choose(app, "prediction_chart", "all classes")
    assert charts(app)["_waterfall"] == prediction.describe_sums(step)
    choose(app, "inspect", "over time")
    assert charts(app)["_over_time"] == prediction.describe_curve(run, 1, 6)
    choose(app, "inspect", "data flow")
    (drawing,) = app.get("image")
    assert number(step.value) in drawing.proto.imgs[0].alt
    told = player(app)["opened"]
    assert told["cell"] == {"run": 0, "layer": -1, "direction": 0, "unit": 1}
    assert (told["step"], told["text"]) == (7, prediction_equations.in_one_line(step))


def test_values_open_too_and_step_0_has_nothing(shown):
    app = opened(trained("adding"))
    step = prediction_step(shown[-1], 0, 6)
    assert announced(app).endswith(f"= {number(step.value)}")
    assert len(app.latex) == 2 and "softmax" not in player(app)["opened"]["text"]
    app = opened(app, step=0)
    assert "nothing is predicted before the first input" in announced(app)
    assert not app.latex and player(app)["opened"] is None


def test_it_is_changed_through_the_unit_that_counts_most(shown):
    app = opened(trained("adding"))
    choose(app, "inspect", "hands on")
    choose(app, "change_kind", "silence")
    largest = int(np.abs(prediction_step(shown[-1], 0, 6).from_states.products).argmax())
    (caption,) = [c.value for c in app.main.caption if "changed through the units" in c.value]
    assert f"Unit {largest} of layer 1 counts most" in caption
    press(app, "Apply")
    assert f"unit {largest} silenced" in app.main.warning[0].value
    predictions = [t for t in player(app)["tracks"] if t["type"] == "prediction"]
    before, after = (float(track["values"][6]) for track in predictions)
    assert before != after
    assert announced(app).endswith(f"= {number(before)} → {number(after)} when changed")
    app = opened(app, run=1)
    assert announced(app).startswith("changed network, prediction")
    choose(app, "inspect", "arithmetic")
    assert number(after) in app.latex[-1].value
    assert player(app)["opened"]["text"].endswith(number(after))


def test_without_the_trained_network_nothing_is_open():
    app = choose(opened(trained("adding")), "seed", 9)
    assert announced(app).startswith("click any cell") and not app.latex
    assert app.query_params["selected"] == "p.0.0"  # it waits
    assert announced(choose(app, "seed", 3)).startswith("prediction, step 7")
    assert announced(opened(app, unit=5)).startswith("click any cell")


# ---- the files of a trained network --------------------------------------------------------------


@pytest.mark.parametrize("task", ["adding", "order"])
def test_the_script_predicts_what_is_on_screen(task, shown, tmp_path, monkeypatch):
    app = trained(task)
    (tmp_path / "weights.safetensors").write_bytes(tables.safetensors(shown[-1]))
    monkeypatch.chdir(tmp_path)
    app.session_state["_code"] = True
    (block,) = sound(app.run()).main.code
    names = {}
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(block.value, "script.py", "exec"), names)
    (track,) = [t for t in player(app)["tracks"] if t["type"] == "prediction"]
    answers = names["prediction"].numpy().ravel()
    np.testing.assert_allclose(answers, track["values"], rtol=0, atol=1e-6)
    assert "prediction[-1]" in printed.getvalue()
    assert ("likeliest" in printed.getvalue()) is (task == "order")


def player_predictions(app):
    return [track for track in visits.player(app)["tracks"] if track["type"] == "prediction"]


def test_its_weights_are_somebodys_own_when_they_come_back(shown):
    trained("adding")
    run = shown[-1]
    again = visits.visit(session=visits.OPEN_WEIGHTS, feed="generate", source="randn",
                         randn_features="2")  # fmt: skip
    upload(again, "weights.safetensors", tables.safetensors(run), "weights")
    assert not visits.errors(again)
    assert visits.same_weights(shown[-1].weights, run.weights)
    assert shown[-1].head.digest == run.head.digest  # an export says what its head is
    assert [track["names"] for track in player_predictions(again)] == [["sum"]]
