"""A run ends bit for bit where a plain PyTorch loop ends, however it is cut, wherever it runs."""

import multiprocessing
import pickle
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
import torch
from plain_training import adding_recipe, global_seed, plain_adding
from same_runs import assert_same, assert_same_arrays
from torch import nn

from seqviz.training.datasets import Characters
from seqviz.training.recipe import Recipe
from seqviz.training.run import begin
from seqviz.training.segment import advance
from seqviz.training.tasks import TASKS
from seqviz.types import RNNSpec


def trained(recipe, size=None):
    """The whole run, in segments of this many iterations."""
    run = begin(recipe)
    while not run.done:
        run = advance(run, size or recipe.iterations)
    return run


# ---- the plain loop ------------------------------------------------------------------------------


@pytest.mark.parametrize("clip", [0.05, None])
@pytest.mark.parametrize("optimizer", ["Adam", "SGD", "RMSprop"])
@pytest.mark.parametrize("mode", ["LSTM", "GRU", "RNN_TANH"])
def test_segments_end_where_the_plain_loop_ends(mode, optimizer, clip):
    recipe = adding_recipe(mode, optimizer=optimizer, clip=clip)
    rnn, head, losses, norms = plain_adding(recipe)
    run = trained(recipe, size=7)
    for name, value in rnn.named_parameters():
        assert np.array_equal(run.weights[f"rnn.{name}"], value.detach().numpy()), name
    for name, value in head.named_parameters():
        assert np.array_equal(run.weights[f"head.{name}"], value.detach().numpy()), name
    assert run.loss.tolist() == np.float32(losses).tolist()
    np.testing.assert_allclose(run.gradient_norm, norms, rtol=1e-6)
    assert max(norms) > 0.05  # so that clipping did something


def test_truncated_bptt_is_the_loop_that_detaches_its_state():
    spec = RNNSpec("GRU", 8, 6, seed=1)
    recipe = Recipe("order", spec, steps=20, iterations=6, batch_size=4, seed=2, truncation=8)
    sample = trained_batches(recipe)
    with global_seed(1):
        rnn = nn.GRU(8, 6)
    with global_seed(2):
        head = nn.Linear(6, 4)
    parameters = [*rnn.parameters(), *head.parameters()]
    optimizer = torch.optim.Adam(parameters, lr=recipe.lr)
    for x, y in sample:
        optimizer.zero_grad()
        _, h = rnn(x[:8])
        _, h = rnn(x[8:16], h.detach())
        output, _ = rnn(x[16:], h.detach())
        nn.functional.cross_entropy(head(output[-1]), y).backward()
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
    run = trained(recipe)
    assert np.array_equal(run.weights["rnn.weight_hh_l0"], rnn.weight_hh_l0.detach().numpy())
    whole = trained(replace(recipe, truncation=None))
    assert not np.array_equal(whole.weights["rnn.weight_hh_l0"], run.weights["rnn.weight_hh_l0"])


def trained_batches(recipe):
    """The batches a recipe draws, in their order."""
    generator = torch.Generator()
    generator.set_state(torch.tensor(begin(recipe).generator))
    sample = TASKS[recipe.task].sampler(recipe)
    return [(b.x, b.y) for b in (sample(generator) for _ in range(recipe.iterations))]


# ---- cut, sent, resumed --------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 4, 22, 1000])
def test_segments_of_any_size_are_the_same_run(size):
    assert_same(trained(adding_recipe(), size), trained(adding_recipe()))


def test_a_run_goes_on_after_pickling():
    run = begin(adding_recipe())
    while not run.done:
        run = pickle.loads(pickle.dumps(advance(pickle.loads(pickle.dumps(run)), 5)))
    assert_same(run, trained(adding_recipe()))


def test_a_run_goes_on_in_another_process():
    recipe = adding_recipe()
    here = advance(begin(recipe), 9)
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn) as pool:
        there = pool.submit(advance, here, 9).result()
        there = pool.submit(advance, there, 9).result()
    assert_same(there, trained(recipe))


def test_data_that_a_process_has_seen_are_not_read_again():
    recipe = Recipe.default("next_character", Characters("the cat sat on the mat. " * 20))
    assert recipe.digest
    sent = [pickle.loads(pickle.dumps(begin(recipe))) for _ in range(2)]
    first, second = (advance(run, 2) for run in sent)
    assert_same(first, second)
    assert "codes" not in vars(second.recipe.data)


def test_a_segment_that_is_lost_is_done_again():
    run = advance(begin(adding_recipe()), 9)
    advance(run, 5)  # nobody hears of it
    assert_same(advance(run, 100), trained(adding_recipe()))


def test_a_run_without_its_history_is_light_and_joins_it_again():
    recipe = adding_recipe(iterations=300)
    whole = advance(begin(recipe), 250)
    light = whole.without_history()
    assert len(pickle.dumps(light)) < len(pickle.dumps(whole)) / 4
    assert_same(whole.followed_by(advance(light, 50)), advance(whole, 50))


def test_training_longer_is_the_longer_run():
    short = trained(adding_recipe(iterations=10))
    assert_same(trained_on(short.longer(23)), trained(adding_recipe(iterations=23)))


def trained_on(run):
    while not run.done:
        run = advance(run, 4)
    return run


def test_advance_is_pure():
    run = advance(begin(adding_recipe()), 3)
    before, state = pickle.dumps(run), torch.random.get_rng_state()
    threads = torch.get_num_threads()
    assert_same(advance(run, 3), advance(run, 3))
    assert pickle.dumps(run) == before
    assert torch.equal(torch.random.get_rng_state(), state)
    assert torch.get_num_threads() == threads


def test_more_threads_change_nothing():
    recipe = adding_recipe(batch_size=200)
    alone = trained(recipe)
    torch.set_num_threads(2)
    try:
        assert_same(trained(recipe), alone)
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(1)


# ---- divergence ----------------------------------------------------------------------------------


def diverging(size=None, lr=0.3):
    """A ReLU network whose loss becomes infinite in iteration 8, or its gradient at once."""
    spec = RNNSpec("RNN_RELU", 3, 16, init="identity")
    settings = {"batch_size": 8, "optimizer": "SGD", "clip": None}
    return trained(Recipe("flip_flop", spec, iterations=400, lr=lr, **settings), size)


def test_divergence_is_said_and_the_last_good_weights_are_kept():
    run = diverging()
    assert run.done and run.iteration > 2
    assert run.diverged.startswith(f"The loss became infinite at iteration {run.iteration + 2}: ")
    assert "learning rate (0.3) or clip gradients; " in run.diverged
    assert run.diverged.endswith(f"last good weights, of iteration {run.iteration}, are kept.")
    assert run.loss.shape == run.gradient_norm.shape == (run.iteration,)
    assert np.isfinite(run.loss).all()
    assert advance(run, 10) is run
    # the last finite loss was measured before the last update, which spoilt them
    assert max(run.kept) <= run.iteration
    before = trained(replace(run.recipe, iterations=run.iteration))
    assert_same_arrays(run.weights, before.weights)
    assert_same_arrays(run.checkpoints[-1].model.weights, before.model.weights)


def test_where_the_first_update_spoils_everything_the_network_is_untrained():
    spec = RNNSpec("RNN_RELU", 3, 16, init="identity")
    recipe = Recipe("flip_flop", spec, iterations=400, lr=10.0, batch_size=8, clip=None)
    for size in (1, 400):
        run = trained(recipe, size)
        assert run.diverged and "iteration 2:" in run.diverged
        assert run.diverged.endswith("the untrained weights are kept.")
        assert run.iteration == 0 and run.loss.size == 0 and list(run.kept) == [0]
        assert_same_arrays(run.weights, begin(recipe).weights)


def test_an_infinite_gradient_is_no_update():
    run = diverging(lr=1.0)
    assert run.diverged.startswith(f"The gradient became infinite at iteration {run.iteration + 1}")
    before = trained(replace(run.recipe, iterations=run.iteration))
    assert before.diverged is None
    assert_same_arrays(run.weights, before.weights)


@pytest.mark.parametrize("size", [1, 3, 7])
def test_divergence_is_the_same_however_the_run_is_cut(size):
    assert_same(diverging(size), diverging())
    joined = begin(diverging().recipe)
    while not joined.done:
        joined = joined.followed_by(advance(joined.without_history(), size))
    assert_same(joined, diverging())
