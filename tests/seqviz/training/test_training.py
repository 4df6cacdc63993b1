"""Training from a notebook: it learns with nothing moved, shows how far it is, says what failed."""

from dataclasses import replace

import numpy as np
import pytest
from plain_training import adding_recipe

import seqviz
from seqviz.training.datasets import Characters, Examples
from seqviz.training.judgement import judge
from seqviz.training.recipe import Recipe
from seqviz.training.run import begin
from seqviz.training.segment import advance
from seqviz.types import RNNSpec


def test_train_is_the_chain_of_segments():
    recipe = adding_recipe(iterations=60)
    run, judge_of_it = seqviz.train(recipe, progress=False), advance(begin(recipe), 60)
    np.testing.assert_array_equal(run.loss, judge_of_it.loss)
    assert [c.iteration for c in run.checkpoints] == [c.iteration for c in judge_of_it.checkpoints]
    for name, value in judge_of_it.weights.items():
        np.testing.assert_array_equal(run.weights[name], value)
    assert run.loss.shape == run.gradient_norm.shape == (60,)
    assert np.isnan(run.accuracy).all()


def test_a_progress_bar_says_how_far_and_how_good(capsys):
    seqviz.train(adding_recipe(iterations=10))
    bar = capsys.readouterr().err
    assert "10/10" in bar and "loss 0." in bar and "baseline 0.1667" in bar
    seqviz.train(adding_recipe(iterations=2), progress=False)
    assert capsys.readouterr().err == ""


def test_divergence_is_a_warning_and_the_run_is_kept():
    spec = RNNSpec("RNN_RELU", 3, 16, init="identity")
    recipe = Recipe("flip_flop", spec, lr=10.0, optimizer="SGD", clip=None)
    with pytest.warns(UserWarning, match="lower the learning rate"):
        run = seqviz.train(recipe, progress=False)
    assert run.diverged and all(np.isfinite(v).all() for v in run.model.weights.values())


# ---- it learns -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "iterations"), [("flip_flop", 200), ("recall", 500), ("parity", 600), ("sine", 200)]
)
def test_defaults_learn_in_a_few_iterations(key, iterations):
    run = advance(begin(Recipe.default(key)), iterations)
    judged = judge(run)
    assert judged.loss < 0.5 * run.baselines[0].loss
    if judged.accuracy is not None:
        assert judged.accuracy > 0.9


def test_a_text_is_learned_beyond_its_bigrams():
    recipe = Recipe.default("next_character", Characters("the cat sat on the mat. " * 20))
    judged = judge(advance(begin(recipe), 150))
    bigrams, single = judged.baselines
    assert judged.loss < 0.5 * bigrams.loss < single.loss and "bigrams" in bigrams.answers


def gesture(kind, seed):
    """A hand's circle or zigzag as dx, dy: each with its own size, speed and tremor."""
    random = np.random.default_rng(seed)
    steps = int(random.integers(30, 60))
    angle = np.linspace(0, 2 * np.pi, steps) + random.uniform(0, 2 * np.pi)
    path = {
        "circle": np.stack([np.cos(angle), np.sin(angle)], axis=1),
        "zigzag": np.stack([np.linspace(0, 3, steps), np.abs(angle * 2 % 2 - 1)], axis=1),
    }[kind]
    return np.diff(path, axis=0) * random.uniform(20, 60) + random.normal(size=(steps - 1, 2))


def test_two_gestures_are_told_apart_from_five_examples_of_each():
    kinds = ("circle", "zigzag")
    x = tuple(gesture(kind, k) for k in range(5) for kind in kinds)
    recipe = replace(Recipe.default("classify", Examples(x, kinds * 5)), iterations=150)
    run = advance(begin(recipe), 150)
    assert run.model.head.names == kinds and run.baselines[0].accuracy == 0.5
    right = []
    for seed in range(100, 120):
        for index, kind in enumerate(kinds):
            prediction = seqviz.trace(run.model, gesture(kind, seed)).prediction
            np.testing.assert_allclose(prediction.sum(axis=1), 1, atol=1e-5)
            right.append(prediction[-1].argmax() == index)
    assert np.mean(right) >= 0.9
