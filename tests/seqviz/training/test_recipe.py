"""A recipe is checked when it is made, has one digest, and travels in a link."""

import json
import re
from dataclasses import fields, replace

import numpy as np
import pytest
from refusals import refused

from seqviz.data.generators import generate
from seqviz.training.cost import check_cost, cost, spoken_time
from seqviz.training.datasets import Characters, Examples
from seqviz.training.recipe import Recipe
from seqviz.training.tasks import TASKS
from seqviz.types import RNNSpec

ADDING = Recipe("adding", RNNSpec("LSTM", 2, 8))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"task": "chess"}, "Unknown task 'chess': choose one of recall, adding"),
        ({"steps": 0}, "steps is 0: set it between 1 and 2,000"),
        ({"steps": 2.5}, "whole number"),
        ({"iterations": 10**9}, "between 1 and 100,000"),
        ({"batch_size": True}, "whole number"),
        ({"lr": 0.0}, "lr is 0.0"),
        ({"lr": float("nan")}, "lr is nan"),
        ({"lr": "fast"}, "lr is 'fast'"),
        ({"seed": -1}, "seed is -1"),
        ({"optimizer": "Lion"}, "choose one of Adam, SGD, RMSprop"),
        ({"clip": -1.0}, "clip is -1.0"),
        ({"truncation": 51}, "between 1 and the sequence's 50 steps"),
        ({"data": generate("sine")}, "leave data out"),
        ({"spec": RNNSpec("GRU", 3)}, "set input_size to 2"),
        ({"spec": RNNSpec("GRU", 2, init="given")}, "choose another init"),
        ({"spec": RNNSpec("GRU", 2, 300)}, "256 units"),
        ({"spec": RNNSpec("GRU", 2, bidirectional=True), "truncation": 5}, "one direction"),
    ],
)
def test_what_cannot_be_trained_is_refused_in_a_sentence(changes, said):
    assert said in refused(lambda: replace(ADDING, **changes))


@pytest.mark.parametrize("key", ["counting", "sine", "next_value", "next_character"])
def test_a_reverse_direction_may_not_read_the_answer(key):
    recipe = Recipe.default(key, {"next_value": generate("sine"), "next_character": Characters(
        "one two three four five six seven eight nine ten")}.get(key))  # fmt: skip
    both = replace(recipe.spec, bidirectional=True)
    assert "read it already" in refused(lambda: replace(recipe, spec=both))


def test_a_task_wants_its_own_kind_of_data():
    assert "learns from a text" in refused(Recipe.default, "next_character")
    assert "Examples" in refused(Recipe.default, "classify", generate("sine"))
    assert "Unknown task" in refused(Recipe.default, "chess")


@pytest.mark.parametrize("key", [key for key, task in TASKS.items() if task.data is None])
def test_defaults_hold_for_every_cell(key):
    for mode in ("LSTM", "GRU", "RNN_TANH", "RNN_RELU"):
        assert Recipe.default(key, mode=mode).spec.mode == mode


# ---- digest and link -----------------------------------------------------------------------------


OTHERS = {
    "spec": RNNSpec("GRU", 1, 8, seed=1),
    "task": "parity",
    "steps": 51,
    "iterations": 7,
    "batch_size": 3,
    "lr": 0.5,
    "seed": 4,
    "optimizer": "SGD",
    "clip": None,
    "truncation": 5,
    "delay": 9,
}
SINE = Recipe("sine", RNNSpec("GRU", 1, 8))


@pytest.mark.parametrize("name", [one.name for one in fields(Recipe) if one.name != "data"])
def test_every_field_is_in_the_digest(name):
    other = replace(SINE, **{name: OTHERS[name]})
    assert other.digest != SINE.digest and other != SINE
    again = replace(SINE, **{name: OTHERS[name]})
    assert again == other and hash(again) == hash(other)


def test_equal_numbers_of_another_type_are_the_same_recipe():
    assert replace(ADDING, lr=1, clip=2) == replace(ADDING, lr=1.0, clip=2.0)


def test_a_recipe_comes_back_from_its_link():
    recipe = replace(ADDING, truncation=7, clip=None, lr=0.003)
    through = json.loads(json.dumps(recipe.packed()))
    again = Recipe.unpacked(through)
    assert again == recipe and again.spec == recipe.spec
    assert again.packed() == recipe.packed()


def test_data_are_named_in_the_link_and_have_to_be_there():
    data = generate("sine")
    recipe = Recipe.default("next_value", data)
    assert Recipe.unpacked(recipe.packed(), data) == recipe
    assert "other data" in refused(Recipe.unpacked, recipe.packed())
    assert "other data" in refused(Recipe.unpacked, recipe.packed(), generate("square"))
    assert len(json.dumps(recipe.packed())) < 600
    assert Recipe.default("next_value", generate("square")) != recipe


@pytest.mark.parametrize(
    "spoilt",
    [
        {},
        {"task": "adding"},
        {"task": "adding", "spec": 3},
        {"task": "adding", "spec": {"mode": "LSTM", "colour": 1}},
        {**ADDING.packed(), "surprise": 1},
        {**ADDING.packed(), "steps": "many"},
        {**ADDING.packed(), "spec": {**ADDING.packed()["spec"], "hidden_size": None}},
        {**ADDING.packed(), "task": ["adding"]},
        {**ADDING.packed(), "iterations": 10**12},
        {**ADDING.packed(), "optimizer": {}},
    ],
)
def test_a_spoilt_link_is_refused_in_a_sentence(spoilt):
    refused(Recipe.unpacked, spoilt)


# ---- cost ----------------------------------------------------------------------------------------


def test_cost_is_proportional_to_what_it_says():
    one = cost(ADDING)
    for name in ("iterations", "batch_size", "steps"):
        twice = cost(replace(ADDING, **{name: 2 * getattr(ADDING, name)}))
        assert twice.operations == pytest.approx(2 * one.operations)
        assert twice.seconds > one.seconds
    wide = cost(replace(ADDING, spec=RNNSpec("LSTM", 2, 200)))
    wider = cost(replace(ADDING, spec=RNNSpec("LSTM", 2, 100)))
    assert 3.5 < wide.operations / wider.operations < 4.1  # H^2
    assert one.operations == 3 * 64 * 50 * 1000 * (4 * 8 * (2 + 8 + 2))


def test_what_takes_too_much_is_refused_with_what_to_lower():
    spec = RNNSpec("LSTM", 2, 256, 4)
    said = refused(lambda: Recipe("adding", spec, steps=2000))
    assert said.count(" MB") == 2 and "lower batch_size" in said
    said = refused(lambda: Recipe("adding", spec, steps=50, iterations=100_000, batch_size=64))
    assert "hours" in said and said.count("trillion") == 2 and "Lower iterations" in said
    check_cost(ADDING)


@pytest.mark.parametrize(
    ("name", "too_much"),
    [
        ("iterations", {"iterations": 100_000, "steps": 50}),
        ("batch_size", {"batch_size": 64, "steps": 150}),
    ],
)
def test_the_number_that_would_do_does(name, too_much):
    asked = {"batch_size": 8, "iterations": 10} | too_much
    if name == "iterations":
        asked["batch_size"] = 64
    spec = RNNSpec("LSTM", 2, 256, 4)
    said = refused(lambda: Recipe("adding", spec, **asked))
    (enough,) = re.findall(rf"\({name} ([\d,]+) would do\)", said)
    fits = int(enough.replace(",", ""))
    check_cost(Recipe("adding", spec, **asked | {name: fits}))
    assert "would do" in refused(lambda: Recipe("adding", spec, **asked | {name: fits + 1}))


def test_time_is_said_as_people_say_it():
    assert [spoken_time(s) for s in (0.2, 8, 240, 3 * 3600)] == [
        "1 second", "8 seconds", "4 minutes", "3 hours",
    ]  # fmt: skip


# ---- data ----------------------------------------------------------------------------------------


def test_a_text_has_an_alphabet_and_knows_what_it_never_saw():
    data = Characters("banana bread")
    assert data.vocabulary == (" ", "a", "b", "d", "e", "n", "r") and data.names[0] == "␣"
    x = data.encode("bad").x
    assert x.argmax(1).tolist() == [2, 1, 3] and x.shape == (3, 7)
    assert "Character 3, “x”" in refused(data.encode, "baxd")
    assert "Type 1 to" in refused(data.encode, "")
    assert "two different" in refused(Characters, "aaaa")
    assert "two different" in refused(Characters, "")
    assert "at most 64" in refused(Characters, "".join(map(chr, range(0x4E00, 0x4E80))))
    assert "at most 100,000" in refused(Characters, "ab" * 50_001)


def test_a_text_shorter_than_an_excerpt_is_refused():
    data = Characters("to be or not to be")
    recipe = Recipe.default("next_character", data)
    assert recipe.steps == 9
    said = refused(lambda: replace(recipe, steps=18))
    assert "18 characters" in said and "set steps to 9" in said


LINE = np.zeros((4, 2))


@pytest.mark.parametrize(
    ("sequences", "labels", "said"),
    [
        ([], [], "no class"),
        ([LINE] * 3, ["a"] * 3, "only “a”"),
        ([LINE] * 3, ["a", "a", "b"], "“b” has one example"),
        ([LINE] * 4, ["a", "a", "b"], "4 examples and 3 labels"),
        ([LINE, LINE, LINE, LINE[:1]], list("aabb"), "Example 4 has 1 step:"),
        ([LINE, LINE, LINE, LINE[:, :1]], list("aabb"), "1 features a step"),
        ([LINE, LINE, LINE, LINE + np.nan], list("aabb"), "Example 4 will not do. Step 1"),
        ([LINE] * 42, [f"{k % 21}" for k in range(42)], "at most 20 apart"),
    ],
)
def test_examples_that_teach_nothing_are_refused(sequences, labels, said):
    assert said in refused(Examples, tuple(sequences), tuple(labels))


def test_a_long_table_becomes_examples():
    series = ["p", "q", "p", "q", "r", "r", "s", "s", "s"]
    data = Examples.of_rows(series, np.arange(9), [*"abab", *"aa", *"bbb"])
    assert [x[:, 0].tolist() for x in data.sequences] == [[0, 2], [1, 3], [4, 5], [6, 7, 8]]
    assert data.labels == ("a", "b", "a", "b") and data.longest == 3
    said = refused(Examples.of_rows, ["p", "p"], [1, 2], ["a", "b"])
    assert "Series p is called a and b" in said
    assert "give one of each" in refused(Examples.of_rows, ["p"], [1, 2], ["a", "b"])


def test_recipes_of_one_path_differ_in_iterations_alone():
    one = Recipe.default("adding")
    assert one.path == replace(one, iterations=7).path != one.digest
    assert one.path != replace(one, lr=1e-3).path
