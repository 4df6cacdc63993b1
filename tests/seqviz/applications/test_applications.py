"""Every use: its network is stored, small and scored, and its training can be done again."""

import numpy as np
import pytest

from seqviz.applications.__main__ import table as table_of
from seqviz.applications.application import Line, Score
from seqviz.applications.recorded_scores import recorded
from seqviz.applications.registry import APPLICATIONS
from seqviz.applications.weight_file import FOLDER, MAX_BYTES

MINE = ("waves", "next_word", "weather", "stocks")
REACHED = {
    "waves": [0.0477, 0.0865],
    "next_word": [22.4],
    "weather": [2.100],
    "stocks": [0.0818, 0.0663, 0.1497, 0.0428, 0.0756, 0.0664, 0.0374],
}
BASELINES = {
    "waves": [0.1462, 0.2664, 0.1128],
    "next_word": [33.3, 26.3, 115.8],
    "weather": [2.2397, 2.2623, 2.2078],
    "stocks": [0.0353, 0.0413, 0.0568],
}


@pytest.mark.parametrize("key", APPLICATIONS)
def test_a_use_says_what_it_is_and_what_it_cannot_do(key):
    one = APPLICATIONS[key]
    assert one.key == key and one.name and one.name in repr(one)
    assert one.about.count(". ") == 1 and one.about.endswith(".")
    assert len(one.cannot) > 100 and one.cannot.endswith(".")


@pytest.mark.parametrize("key", APPLICATIONS)
def test_its_network_is_small_and_complete(key):
    assert (FOLDER / f"{key}.safetensors").stat().st_size <= MAX_BYTES
    model = APPLICATIONS[key].model()
    assert model.spec.init == "given"
    assert (model.head is not None) == (key != "translation")  # an encoder answers nothing
    assert np.isfinite(APPLICATIONS[key].recorded_loss()).all()


@pytest.mark.parametrize("key", MINE)
def test_scores_are_those_that_are_told(key):
    scores = APPLICATIONS[key].evaluate()
    assert [score.value for score in scores] == pytest.approx(REACHED[key], rel=0.01)
    lines = [line.value for line in scores[0].baselines]
    assert lines == pytest.approx(BASELINES[key], rel=0.01)
    assert [score.beats_baselines for score in scores] == [key != "stocks"] * len(scores)


@pytest.mark.parametrize(("key", "iterations"), [
    ("waves", 31), ("next_word", 11), ("weather", 31), ("stocks", 10),
])  # fmt: skip
def test_its_training_begins_again_with_the_recorded_losses(key, iterations):
    one = APPLICATIONS[key]
    again = one.train(iterations)
    assert len(again.loss) == iterations
    losses = again.loss[:: one.every]
    np.testing.assert_allclose(one.recorded_loss()[: len(losses)], losses, rtol=1e-5)


def test_a_short_training_ends_in_the_stored_weights():
    """Of stock prices: their plan has only ten iterations."""
    one = APPLICATIONS["stocks"]
    again, stored = one.train(one.stored().notes["iterations"]).model, one.model()
    for name, value in stored.weights.items():
        np.testing.assert_allclose(again.weights[name], value, atol=1e-5)
    np.testing.assert_allclose(again.head.weight, stored.head.weight, atol=1e-4)


@pytest.mark.parametrize("key", MINE)
def test_recorded_scores_are_what_is_measured(key):
    for told, found in zip(recorded(key), APPLICATIONS[key].evaluate(), strict=True):
        assert told.value == pytest.approx(found.value, rel=0.01)
        assert [line.name for line in told.baselines] == [line.name for line in found.baselines]


def test_every_use_has_a_recorded_score():
    assert all(recorded(key) for key in APPLICATIONS)
    assert {key for key in APPLICATIONS if not APPLICATIONS[key].can_be_tried} == {"translation"}


def test_every_use_can_be_tried_on_the_page_train():
    for key in MINE:
        recipe = APPLICATIONS[key].nearby_recipe()
        assert recipe.spec.input_size >= 1
    assert APPLICATIONS["waves"].recipe() == APPLICATIONS["waves"].nearby_recipe()
    assert APPLICATIONS["weather"].recipe() is None


def test_scores_stand_beside_their_baselines():
    score = Score("MSE", 0.5, (Line("same", 0.7), Line("line", 0.4)), "ten waves")
    assert score.best_baseline.name == "line" and not score.beats_baselines
    right = Score("right", 0.5, (Line("guess", 0.2),), "ten words", lower_is_better=False)
    assert right.beats_baselines
    table = table_of({"weather": APPLICATIONS["weather"].evaluate()}).splitlines()
    assert len(table) == 3 and "| 2.1001 |" in table[2] and "AR(1) 2.2623" in table[2]
