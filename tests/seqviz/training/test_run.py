"""Checkpoints stay few, evenly spaced and the same; a run's model answers in the data's units."""

import pickle
from dataclasses import replace

import numpy as np
import pytest
import torch
from plain_training import adding_recipe, plain_adding
from refusals import refused
from torch import nn

import seqviz
from seqviz.limits import MAX_CHECKPOINT_BYTES, MAX_CHECKPOINTS
from seqviz.training.datasets import Examples
from seqviz.training.judgement import judge
from seqviz.training.network import Network, untrained_head
from seqviz.training.recipe import Recipe
from seqviz.training.run import begin, stride
from seqviz.training.segment import advance
from seqviz.training.task import Batch
from seqviz.training.tasks import TASKS
from seqviz.types import RNNSpec

SMALL = {"weight": np.zeros(10, np.float32)}


@pytest.mark.parametrize("iteration", [*range(0, 1000, 7), 12_345, 100_000])
def test_checkpoints_are_many_but_not_too_many(iteration):
    every = stride(SMALL, iteration)
    count = iteration // every + 1 + bool(iteration % every)
    assert count <= MAX_CHECKPOINTS
    if every > 1:
        assert iteration // (every // 2) + 2 > MAX_CHECKPOINTS  # half as far apart are too many


def test_large_networks_keep_fewer():
    weights = {"weight": np.zeros(MAX_CHECKPOINT_BYTES // 4 // 10, np.float32)}  # a tenth
    assert 5000 // stride(weights, 5000) + 2 <= 10


def test_checkpoints_are_the_weights_along_the_way():
    recipe = adding_recipe(iterations=450)
    run = advance(begin(recipe), 450)
    iterations = [one.iteration for one in run.checkpoints]
    assert iterations == [*range(0, 449, 4), 450]
    for index in (0, 3, -2, -1):
        checkpoint = run.checkpoints[index]
        there = advance(begin(recipe), checkpoint.iteration)
        for name, value in checkpoint.model.weights.items():
            np.testing.assert_array_equal(value, there.weights[f"rnn.{name}"])
        np.testing.assert_array_equal(checkpoint.model.head.bias, there.weights["head.bias"])


def test_the_untrained_run_is_the_spec_as_it_is_built():
    recipe = adding_recipe()
    (first,) = begin(recipe).checkpoints
    assert first.iteration == 0
    for name, value in seqviz.build(recipe.spec).named_parameters():
        np.testing.assert_array_equal(first.model.weights[name], value.detach().numpy())


def test_a_trained_model_is_traced_as_the_loops_network():
    recipe = adding_recipe()
    rnn, head, _, _ = plain_adding(recipe)
    run = advance(begin(recipe), 100)
    x = torch.rand(9, 2, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        output, _ = rnn(x)
        answers = head(output).numpy()
    trace = seqviz.trace(run.model, x)
    np.testing.assert_array_equal(trace.output, seqviz.trace(rnn, x).output)
    np.testing.assert_allclose(trace.prediction, answers, atol=1e-6)
    assert trace.spec.init == "given" and trace.head.names == ("sum",)


def test_a_run_forgets_what_it_can_make_again():
    run = advance(begin(adding_recipe()), 20)
    before = len(pickle.dumps(run))
    assert run.model and run.checkpoints and run.baselines
    assert len(pickle.dumps(run)) == before


def test_a_run_cannot_be_made_shorter_than_it_is():
    run = advance(begin(adding_recipe()), 20)
    assert "20 iterations are done" in refused(run.longer, 19)
    assert "between 1 and" in refused(run.longer, 10**9)


# ---- the network ---------------------------------------------------------------------------------


def test_sequences_of_unequal_length_are_read_each_to_its_own_end():
    """Both directions, against each sequence read alone."""
    x = [np.random.default_rng(k).normal(size=(4 + k, 2)) for k in range(4)]
    recipe = Recipe.default("classify", Examples(tuple(x), tuple("abab")))
    recipe = replace(recipe, spec=RNNSpec("GRU", 2, 5, bidirectional=True))
    network = Network(recipe, torch.Generator().manual_seed(0))
    padded = torch.zeros(7, 4, 2)
    for n, one in enumerate(x):
        padded[: len(one), n] = torch.tensor(one)
    lengths = torch.tensor([len(one) for one in x])
    with torch.inference_mode():
        together = network(Batch(padded, torch.zeros(7, 4), lengths=lengths))
        for n, one in enumerate(x):
            alone = network(Batch(padded[: len(one), n : n + 1], torch.zeros(len(one), 1)))
            torch.testing.assert_close(together[: len(one), n], alone[:, 0])


def test_the_head_begins_as_nn_linear():
    recipe = adding_recipe()
    with torch.random.fork_rng():
        torch.manual_seed(recipe.seed)
        judge = nn.Linear(5, 1)
    head = Network(recipe, torch.Generator().manual_seed(recipe.seed)).head
    assert torch.equal(head.weight, judge.weight) and torch.equal(head.bias, judge.bias)


# ---- the data's own units ------------------------------------------------------------------------


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("mode", ["LSTM", "GRU", "RNN_TANH"])
def test_a_model_of_scaled_data_reads_and_answers_in_its_own_units(mode, bias):
    """Its trace of raw prices is the network's answer to scaled ones, scaled back."""
    prices = seqviz.InputSequence(500 + 40 * np.random.default_rng(0).normal(size=(60, 2)))
    spec = RNNSpec(mode, 2, 6, bias=bias)
    recipe = replace(Recipe.default("next_value", prices), spec=spec, iterations=3)
    run = advance(begin(recipe), 3)
    learned = prices.x[:42].astype(np.float64)
    mean = learned.mean(0) if bias else np.zeros(2)
    deviation = np.sqrt(np.square(learned - mean).mean(0))
    network = Network(recipe)
    network.load_state_dict({name: torch.tensor(value) for name, value in run.weights.items()})
    scaled = torch.tensor((prices.x - mean) / deviation, dtype=torch.float32)[:, None]
    with torch.inference_mode():
        answers = network(Batch(scaled, scaled))[:, 0].numpy() * deviation + mean
    prediction = seqviz.trace(run.model, prices).prediction
    np.testing.assert_allclose(prediction, answers, rtol=1e-4)
    assert run.model.head.names == prices.feature_names


# ---- judging -------------------------------------------------------------------------------------


def test_a_run_is_judged_on_what_it_has_not_seen():
    recipe = replace(Recipe.default("adding"), steps=8, batch_size=32, iterations=400)
    run = advance(begin(recipe), 400)
    judged = judge(run)
    batch = TASKS["adding"].held_out(recipe)
    assert batch.x.shape == (8, 8 * 32, 2)
    ends = [
        seqviz.trace(run.model, batch.x[:, n]).prediction[-1, 0] for n in range(batch.x.shape[1])
    ]
    assert judged.loss == pytest.approx(np.square(np.array(ends) - batch.y[:, 0].numpy()).mean())
    assert judged.accuracy is None and judged.learned
    assert not judge(begin(recipe)).learned


def test_walking_forward_is_judged_on_the_rest():
    sine = seqviz.generate("sine", steps=100)
    recipe = replace(Recipe.default("next_value", sine), iterations=150)
    run = advance(begin(recipe), 150)
    judged = judge(run)
    prediction = seqviz.trace(run.model, sine).prediction
    error = np.square(prediction[69:-1] - sine.x[70:]).mean() / sine.x[:70].var()
    assert judged.loss == pytest.approx(error, rel=1e-3)
    persistence = np.square(sine.x[70:] - sine.x[69:-1]).mean() / sine.x[:70].var()
    assert judged.baselines[0].loss == pytest.approx(persistence, rel=1e-4)
    assert judged.learned


def test_a_training_begins_with_the_head_of_nn_linear():
    recipe = replace(Recipe.default("waves"), spec=RNNSpec("GRU", 1, 9), seed=5)
    head, begun = untrained_head(recipe), begin(recipe).model.head
    with torch.random.fork_rng():
        torch.manual_seed(5)
        linear = nn.Linear(9, 1)
    for name in ("weight", "bias"):
        expected = getattr(linear, name).detach().numpy()
        assert np.array_equal(getattr(head, name), expected)
        assert np.array_equal(getattr(begun, name), expected)
    assert (head.activation, head.names) == (begun.activation, begun.names)


def test_few_examples_are_all_learned_from_and_many_lend_a_fifth():
    def examples(count):
        x = tuple(np.full((3, 1), k / 10) for k in range(2 * count))
        return Recipe.default("classify", Examples(x, tuple("ab") * count))

    assert judge(begin(examples(5))) is None
    assert TASKS["classify"].held_out(examples(10)).x.shape == (3, 4, 1)


def test_one_long_example_among_many_short_ones_takes_no_gigabytes():
    """Padded all at once they would be 2,000 x 2,000 x 40 numbers: 640 MB, and 128 to judge."""
    rng = np.random.default_rng(0)
    x = (rng.normal(size=(2000, 40)), *(rng.normal(size=(2, 40)) for _ in range(1999)))
    data = Examples(x, tuple("ab") * 1000)
    recipe = replace(Recipe.default("classify", data), batch_size=4)
    batch = TASKS["classify"].sampler(recipe)(torch.Generator().manual_seed(0))
    assert batch.x.shape == (2000, 4, 40)
    judged = TASKS["classify"].held_out(recipe)
    assert 1 < judged.x.shape[1] < 400 and judged.x.numel() * 4 < 64 * 2**20
    judgement = judge(begin(recipe))
    assert 0 <= judgement.accuracy <= 1
