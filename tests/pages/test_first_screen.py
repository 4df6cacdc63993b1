"""A first visit: a trained network predicts the drawn curve, goes on by itself, and falls apart."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest
import torch
from visits import (
    choose,
    components,
    control,
    errors,
    facts,
    heatmaps,
    link_of,
    player,
    press,
    session_of,
    sound,
    visit,
)

from pages.state.schema import FIRST_TRAINED, NETWORK, Settings
from pages.state.training import first_network, recipes, training_run
from pages.state.training.training_run import mark
from seqviz.applications.registry import APPLICATIONS
from seqviz.rnn.continuation import continued
from seqviz.training.recipe import Recipe
from seqviz.types import InputSequence, RNNSpec

ONE = APPLICATIONS["waves"]


def visited(**link):
    return visit(first=True, **link)


def top(app):
    return player(app)["tracks"][0]


def said(app):
    (line,) = [m.value for m in app.markdown if "Each row" in m.value]
    return line


def misses(app):
    """What the line says: of the prediction, and of repeating the last value."""
    return [float(text) for text in re.findall(r"by ([\d.]+\d)", said(app))]


def test_the_first_settings_ask_for_the_network_that_comes_with_the_app():
    recipe, first = ONE.recipe(), Settings()
    assert mark(recipe, recipe.iterations) == FIRST_TRAINED
    spec = {"cell": recipe.spec.mode} | {
        name: getattr(recipe.spec, name) for name in NETWORK if name != "cell"
    }
    assert spec == {name: first.get(name) for name in NETWORK}
    assert first_network.is_asked_for(first) and first_network.run().recipe == recipe


def test_it_predicts_the_curve_and_goes_on_with_it_by_itself():
    app = visited()
    shown, x = top(app), InputSequence(top(app)["x"])
    model = ONE.model()
    rnn, head = torch.nn.LSTM(1, 16, num_layers=2), torch.nn.Linear(16, 1)
    rnn.load_state_dict({k: torch.tensor(v) for k, v in model.weights.items()})
    head.load_state_dict(
        {"weight": torch.tensor(model.head.weight), "bias": torch.tensor(model.head.bias)}
    )
    with torch.inference_mode():
        output, state = rnn(torch.tensor(x.x))
        predicted = head(output).numpy()
    np.testing.assert_allclose(shown["predicted"], predicted[:, 0], atol=1e-6)
    np.testing.assert_allclose(shown["ahead"], continued(model, x, 30)[:, 0], atol=1e-5)  # kernels
    with torch.inference_mode():
        following, _ = rnn(torch.tensor(shown["ahead"])[:, None], state)
    last = heatmaps(app)[-1]["ahead"].reshape(30, 16)
    np.testing.assert_allclose(last, following.numpy(), atol=1e-6)
    assert player(app)["ahead"] == 30 and not link_of(app) and not errors(app)


def test_the_line_says_by_how_much_it_misses_and_what_repeating_does():
    app = visited()
    shown = top(app)
    by = np.abs(shown["predicted"][:-1] - shown["x"][1:]).mean()
    repeating = np.abs(np.diff(shown["x"])).mean()
    assert misses(app) == pytest.approx([by, repeating], abs=0.0006)
    assert by < repeating and "This network is trained (Waves, 8,000 iterations): its" in said(app)
    assert "each column one of 60 steps and 30 ahead. " in said(app)
    assert "The coloured line over x is its prediction; dashed, it goes on by itself." in said(app)


def test_what_a_change_predicts_is_told_beside_what_was_predicted_before():
    plain, changed = top(visited()), top(visited(changes="i_21_0_3.0"))
    np.testing.assert_array_equal(changed["predicted_before"], plain["predicted"])
    apart = changed["predicted"] != plain["predicted"]
    assert apart.argmax() == 21 and "predicted_before" not in plain


@pytest.mark.parametrize(
    "change", [("seed", 4), ("cell", "GRU"), ("hidden_size", 9), ("num_layers", 1), ("bias", False)]
)
def test_another_network_is_untrained_and_falls_apart_until_one_press(change):
    app = visited()
    before = everything(app)
    choose(app, *change)
    mine, repeating = misses(app)
    assert mine > 3 * repeating and "untrained" in said(app)
    assert player(app)["ahead"] == 30 and len(top(app)["ahead"]) == 30  # the axis stays
    press(app, "Back to the trained network")
    assert everything(app) == before and not link_of(app)
    assert "Back to the trained network" not in [button.label for button in app.button]


def everything(app):
    return facts(app), said(app), top(app)["predicted"].tobytes(), top(app)["ahead"].tobytes()


def test_from_another_trained_network_one_press_leads_back_to_the_first(schedule):
    app = visited()
    before = everything(app)
    recipe = replace(Recipe.default("sine"), spec=RNNSpec("GRU", 1, 4), iterations=2, batch_size=4)
    recipes.open_recipe(session_of(app), recipe)
    training_run.start(session_of(app))
    app = press(sound(app.run()), "Back to the first network")
    assert everything(app) == before
    assert "Back to the first network" not in {button.label for button in app.button}


def test_continue_goes_on_for_more_steps():
    app = visited()
    for steps in (60, 90, 120, 30):
        press(app, "Continue")
        assert len(top(app)["ahead"]) == player(app)["ahead"] == steps
        assert ("many waves grow flat" in said(app)) == (steps > 30)
    assert not link_of(app)
    assert visited(ahead="90").query_params == {"ahead": "90"}


@pytest.mark.parametrize("feed", ["type", "generate"])
def test_it_reads_one_value_a_step_and_another_sequence_finds_an_untrained_network(feed):
    app = choose(visited(), "feed", feed)
    assert not errors(app)
    if feed == "generate":
        assert "is trained (Waves" in said(app)  # a sine is one value a step
        app = choose(choose(app, "source", "randn"), "randn_features", 3)
    assert "untrained" in said(app) and top(app)["I"] > 1 and "ahead" not in top(app)
    assert "coloured line" not in said(app)
    choose(app, "feed", "draw")
    assert "is trained (Waves" in said(app)


def test_both_directions_cannot_go_on():
    app = choose(visited(), "bidirectional", True)
    assert "predicted" not in top(app) and player(app)["ahead"] == 0
    assert "Continue" not in [button.label for button in app.button]


@pytest.mark.parametrize("page", ["compare.py", "memory.py", "train.py", "uses.py"])
def test_other_pages_open_with_it(page):
    app = visit(page, first=True)
    assert not errors(app) and not app.warning


def test_train_offers_no_way_back_before_anything_was_trained_there():
    app = visit("train.py", first=True)
    assert "Back to the trained network" not in [button.label for button in app.button]


def test_the_pad_tells_no_future_that_a_link_hides():
    def drawn_ahead(app):
        (pad,) = [c for c in components(app) if c.component_name.endswith("draw_pad")]
        return json.loads(pad.json)["ahead"]

    assert len(drawn_ahead(visited())) == 30
    app = visited(hide="future", step="20")
    assert drawn_ahead(app) == []
    assert len(drawn_ahead(press(app, "I have predicted"))) == 30


def test_numbers_beyond_all_bounds_end_what_it_goes_on_with():
    link = {"cell": "RNN_RELU", "init": "xavier", "hidden_size": "256", "num_layers": "4"}
    app = visited(**link, ahead="120")
    assert "predicted" in top(app) and not errors(app)


def test_a_link_to_a_trained_network_that_nobody_has_says_so():
    app = visited(cell="GRU", trained=FIRST_TRAINED)
    assert "untrained" in app.warning[0].value
    assert control(app, "cell").value == "GRU"
