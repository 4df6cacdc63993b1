"""Examples to look at are what the task trains on, and what they say is asked is what it asks."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from refusals import refused

from seqviz.data.generators import generate
from seqviz.training.datasets import Characters, Examples
from seqviz.training.example import LONGEST_TEXT, example
from seqviz.training.recipe import Recipe
from seqviz.training.task import UNSCORED
from seqviz.training.tasks import TASKS

TEXT = "in the beginning the sea was calm and the wind was still; then the wind rose. " * 4
SHAPES = Examples(
    tuple(np.sin(np.arange(9 + k) / (1 + k % 2))[:, None] for k in range(10)), ("slow", "fast") * 5
)
DATA = {"next_character": Characters(TEXT), "next_value": generate("sine"), "classify": SHAPES}
DRAWN = [key for key, task in TASKS.items() if task.data is None]


@pytest.mark.parametrize("key", TASKS)
def test_an_example_fits_the_network_of_its_recipe(key):
    recipe = Recipe.default(key, DATA.get(key))
    task = TASKS[key]
    one = example(recipe)
    assert one.sequence.input_size == recipe.spec.input_size == len(task.inputs(recipe.data))
    assert len(one.target) == len(one.sequence)
    asked = one.target[~np.isnan(one.target)]
    assert asked.size
    if task.classes:
        assert set(asked) <= set(range(len(task.outputs(recipe.data))))
    else:
        assert one.target.shape[1] == len(task.outputs(recipe.data))


@pytest.mark.parametrize("key", DRAWN)
def test_an_example_is_one_of_the_sequences_the_run_is_judged_on(key):
    recipe = replace(Recipe.default(key), seed=4)
    task = TASKS[key]
    batch = task.held_out(recipe)
    for n in (0, 7):
        one = example(recipe, n)
        assert np.array_equal(one.sequence.x, batch.x[:, n].numpy())
        y = (batch.y[n] if task.last_step else batch.y[:, n]).numpy()
        asked = one.target[-1] if task.last_step else one.target[batch.first :]
        if task.classes:
            y = np.where(y == UNSCORED, np.nan, y)
        assert np.array_equal(np.float32(y), asked, equal_nan=True)
        unasked = one.target[:-1] if task.last_step else one.target[: batch.first]
        assert np.isnan(unasked).all()


def test_one_hot_steps_are_called_by_their_symbol():
    one = example(Recipe.default("order"))
    assert one.sequence.labels[0] == "E" and one.sequence.labels[-1] == "B"
    assert one.sequence.kind == "text"


def test_after_the_last_example_comes_the_first():
    recipe = Recipe.default("classify", SHAPES)
    assert np.array_equal(example(recipe, 10).sequence.x, SHAPES.sequences[0])
    assert example(recipe, 1).sequence.name == "example 2, fast"
    count = TASKS["adding"].held_out(Recipe.default("adding")).x.shape[1]
    first, again = (example(Recipe.default("adding"), k) for k in (0, count))
    assert torch.equal(torch.tensor(first.sequence.x), torch.tensor(again.sequence.x))


def test_of_a_text_the_end_is_shown_and_asked_for_the_next_character():
    data = Characters(TEXT)
    one = example(Recipe.default("next_character", data))
    assert "".join(one.sequence.labels).replace("␣", " ") == TEXT[-LONGEST_TEXT:]
    following = [data.vocabulary[int(k)] for k in one.target[:-1]]
    assert "".join(following) == TEXT[-LONGEST_TEXT + 1 :]
    assert np.isnan(one.target[-1])


def test_of_a_sequence_the_next_values_are_asked():
    sequence = generate("sine")
    one = example(Recipe.default("next_value", sequence))
    assert np.array_equal(one.target[:-1], sequence.x[1:]) and np.isnan(one.target[-1]).all()


def test_a_number_below_0_is_refused():
    assert "count from 0" in refused(example, Recipe.default("adding"), -1)
