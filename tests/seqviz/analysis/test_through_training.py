"""Eigenvalues and horizon of each checkpoint are those of torch and of the measure by itself."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from refusals import refused

import seqviz
from seqviz.analysis.horizon import horizon_of
from seqviz.analysis.influence import influence
from seqviz.analysis.through_training import through_training
from seqviz.training.example import example


@pytest.fixture(scope="module")
def run():
    recipe = seqviz.Recipe.default("adding")
    spec = replace(recipe.spec, hidden_size=6, num_layers=2)
    return seqviz.train(replace(recipe, spec=spec, steps=12, iterations=40), progress=False)


@pytest.fixture(scope="module")
def x(run):
    return example(run.recipe).sequence


def test_eigenvalues_are_those_of_the_last_layers_weights(run, x):
    measured = through_training(run.checkpoints, x)
    assert list(measured.eigenvalues) == ["W_hi", "W_hf", "W_hg", "W_ho"]
    for k, iteration in enumerate(measured.iterations):
        weights = {c.iteration: c.model.weights for c in run.checkpoints}[iteration]
        block = torch.tensor(weights["weight_hh_l1"]).chunk(4)[1]  # i f g o
        wanted = torch.linalg.eigvals(block.double()).abs().max().item()
        assert measured.rho["W_hf"][k] == pytest.approx(wanted, rel=1e-5)


def test_horizons_are_those_of_each_checkpoint_by_itself(run, x):
    measured = through_training(run.checkpoints, x)
    for k in (0, -1):
        alone = horizon_of([influence(seqviz.trace(run.checkpoints[k].model, x), layer=-1)])
        assert measured.half[k] == alone.half[0]
        assert measured.hundredth[k] == alone.hundredth[0]


def test_it_begins_untrained_and_ends_with_the_last(run, x):
    measured = through_training(run.checkpoints, x, most=5)
    assert len(measured.iterations) == 5
    assert measured.iterations[0] == 0 and measured.iterations[-1] == 40
    assert np.all(np.diff(measured.iterations) > 0)
    assert "after 40 iterations" in measured.sentence()


def test_no_checkpoints_are_refused(x):
    assert "train for an iteration" in refused(through_training, [], x)
