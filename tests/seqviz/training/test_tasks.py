"""What each task draws is what it says, and its baselines are what the best guess reaches."""

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from refusals import refused

import seqviz
from seqviz.data.generators import generate
from seqviz.limits import MAX_SEED
from seqviz.training.datasets import Characters, Examples
from seqviz.training.judgement import judge
from seqviz.training.network import Network
from seqviz.training.recipe import Recipe
from seqviz.training.run import begin
from seqviz.training.segment import advance
from seqviz.training.task import UNSCORED, UNSEEN_SEEDS, Baseline
from seqviz.training.tasks import TASKS
from seqviz.training.tasks.counting import counts_up_to, one_hot, word
from seqviz.training.tasks.next_character import n_grams
from seqviz.training.tasks.parity import GUESSES, random_weight_guessing
from seqviz.training.tasks.waves import waves
from seqviz.types import Head, Model, RNNSpec

TEXT = "in the beginning the sea was calm and the wind was still; then the wind rose. " * 4
SHAPES = Examples(
    tuple(np.sin(np.arange(9 + k) / (1 + k % 2))[:, None] for k in range(10)), ("slow", "fast") * 5
)
DATA = {"next_character": Characters(TEXT), "next_value": generate("sine"), "classify": SHAPES}
DRAWN = [key for key, task in TASKS.items() if task.data is None]


def batch_of(key, count=None, seed=0, **changes):
    """One batch of a task's default recipe."""
    recipe = replace(Recipe.default(key, DATA.get(key)), **changes)
    recipe = replace(recipe, batch_size=count) if count else recipe
    return TASKS[key].sampler(recipe)(torch.Generator().manual_seed(seed)), recipe


def baseline(key, **changes) -> Baseline:
    recipe = replace(Recipe.default(key, DATA.get(key)), **changes)
    return TASKS[key].baselines(recipe)[0]


def columns(batch):
    return {column.numpy().tobytes() for column in batch.x.unbind(1)}


# ---- every task ----------------------------------------------------------------------------------


@pytest.mark.parametrize("key", TASKS)
def test_a_task_says_what_it_is(key):
    task = TASKS[key]
    assert task.key == key and task.name and task.reads and task.answers
    assert task.about.count(".") >= 2 and task.about.endswith(".")
    printed = repr(TASKS)
    assert task.name in printed and task.answers in printed


@pytest.mark.parametrize("key", TASKS)
def test_shapes_are_those_of_the_recipe(key):
    batch, recipe = batch_of(key)
    task = TASKS[key]
    T, N = recipe.steps, recipe.batch_size
    K = len(task.outputs(recipe.data))
    assert batch.x.shape == (T, N, task.input_size(recipe.data)) and batch.x.dtype == torch.float32
    expected = (N,) if task.last_step else (T - batch.first, N)
    assert batch.y.shape == (expected if task.classes else (*expected, K))
    if task.classes:
        scored = batch.y[batch.y != UNSCORED]
        assert scored.min() >= 0 and scored.max() < K


@pytest.mark.parametrize("key", TASKS)
def test_the_generator_alone_chooses(key):
    state = torch.random.get_rng_state()
    one, other, third = (batch_of(key, seed=seed)[0] for seed in (1, 1, 2))
    assert torch.equal(one.x, other.x) and torch.equal(one.y, other.y)
    assert not torch.equal(one.x, third.x)
    assert torch.equal(torch.random.get_rng_state(), state)


# ---- what they draw ------------------------------------------------------------------------------


def test_adding_asks_for_the_marked_sum():
    batch, _ = batch_of("adding")
    values, marker = batch.x.unbind(dim=-1)
    assert marker[:25].sum(0).tolist() == marker[25:].sum(0).tolist() == [1.0] * 64
    torch.testing.assert_close((values * marker).sum(0), batch.y[:, 0])
    assert values.min() >= 0 and values.max() <= 1


def test_recall_asks_for_what_was_read_delay_steps_ago():
    batch, recipe = batch_of("recall", delay=7)
    assert batch.first == 7
    assert torch.equal(batch.x.argmax(-1)[:-7], batch.y)


def test_order_asks_for_the_two_signals_in_their_order():
    batch, recipe = batch_of("order")
    letters = np.array(list("EBXYabcd"))[batch.x.argmax(-1).numpy()]  # (T, N)
    for column, answer in zip(letters.T, batch.y.tolist(), strict=True):
        signals = [letter for letter in column if letter in "XY"]
        assert "".join(signals) == TASKS["order"].outputs()[answer]
        assert column[0] == "E" and column[-1] == "B" and set(column[1:-1]) <= set("XYabcd")
        places = [t for t, letter in enumerate(column) if letter in "XY"]
        assert 6 <= places[0] < 12 and 30 <= places[1] < 36
    assert set(batch.y.tolist()) == {0, 1, 2, 3}


def test_a_flip_flop_stands_where_its_last_pulse_put_it():
    batch, _ = batch_of("flip_flop", count=5)
    state = np.zeros((5, 3))
    for pulses, stands in zip(batch.x.numpy(), batch.y.numpy(), strict=True):
        state = np.where(pulses != 0, pulses, state)
        np.testing.assert_array_equal(stands, state)
    assert set(np.unique(batch.x)) == {-1, 0, 1}


def test_parity_counts_ones():
    batch, _ = batch_of("parity", count=3)
    for n in range(3):
        ones = 0
        for bit, odd in zip(batch.x[:, n, 0].tolist(), batch.y[:, n].tolist(), strict=True):
            ones += int(bit)
            assert odd == ones % 2


def test_copying_says_its_symbols_again_at_the_sign():
    batch, _ = batch_of("copy", steps=25)
    read = batch.x.argmax(-1)
    assert torch.equal(batch.y[-10:], read[:10]) and read[:10].max() < 8
    assert (batch.y[:15] == 8).all() and (read[14] == 9).all()
    assert (read[10:14] == 8).all() and (read[15:] == 8).all()


def test_words_have_as_many_b_as_a():
    batch, _ = batch_of("counting", count=200)
    seen = set()
    for x, y in zip(batch.x.unbind(1), batch.y.unbind(1), strict=True):
        read = "".join("$ab"[step.argmax()] if step.sum() else "." for step in x)
        n = read.count("a")
        seen.add(n)
        assert read.rstrip(".") == "$" + "a" * n + "b" * n
        asked = [k for k in y.tolist() if k != UNSCORED]
        assert "".join("$ab"[k] for k in asked) == "a" * n + "b" * n + "$"
    assert seen == set(range(1, 11))


def test_a_sine_is_asked_two_steps_on():
    batch, _ = batch_of("sine")
    assert batch.first == 1
    torch.testing.assert_close(batch.x[2:], batch.y[:-1])
    # of any sine: x(t+1) + x(t-1) = 2 cos(angle) x(t), so one number fits a column
    before, now, after = batch.x[:-2, 0, 0], batch.x[1:-1, 0, 0], batch.x[2:, 0, 0]
    twice_cosine = ((before + after) * now).sum() / now.square().sum()
    torch.testing.assert_close(before + after, twice_cosine * now, atol=1e-5, rtol=0)


def test_waves_keep_their_bounds_and_are_asked_two_steps_on():
    batch, _ = batch_of("waves", count=400)
    assert batch.first == 1 and batch.x.abs().max() <= 1
    assert torch.equal(batch.x[2:], batch.y[:-1])


def test_waves_have_four_shapes_and_half_of_them_change():
    generator = torch.Generator().manual_seed(0)
    steady = waves(60, 400, generator, changing=False).T.double()
    edged = [len(row.unique()) == 2 for row in steady.float()]  # square waves have two values
    assert np.mean(edged) == pytest.approx(0.25, abs=0.06)
    moves = steady.diff(dim=1)
    rising = (moves[:, 1:] - moves[:, :-1]).abs() < 1e-6  # sawtooths rise evenly but for jumps
    sawtooth = (rising.double().mean(dim=1) > 0.6) & ~torch.tensor(edged)
    assert sawtooth.double().mean() == pytest.approx(0.25, abs=0.06)
    before, now, after = steady[:, :-2], steady[:, 1:-1], steady[:, 2:]
    # of a sine about a level: a line through (x(t+1) + x(t-1)) over x(t)
    both = (before + after) - (before + after).mean(dim=1, keepdim=True)
    one = now - now.mean(dim=1, keepdim=True)
    slope = (both * one).sum(dim=1) / one.square().sum(dim=1)
    sine = (both - slope[:, None] * one).abs().amax(dim=1) < 1e-5
    assert sine.double().mean() == pytest.approx(0.25, abs=0.06)
    same, other = (torch.Generator().manual_seed(5) for _ in range(2))
    changed = waves(60, 400, same) != waves(60, 400, other, changing=False).float()
    assert changed[-1].double().mean() == pytest.approx(0.5, abs=0.07)


def test_the_next_character_is_asked_of_the_learned_part():
    batch, recipe = batch_of("next_character", steps=20)
    names = recipe.data.vocabulary
    learned = TEXT[: int(0.9 * len(TEXT))]
    for x, y in zip(batch.x.argmax(-1).T.tolist(), batch.y.T.tolist(), strict=True):
        assert "".join(names[k] for k in [*x, y[-1]]) in learned
        assert x[1:] == y[:-1]


def test_the_next_value_is_asked_of_the_first_part():
    ramp = seqviz.InputSequence(np.arange(40.0))
    recipe = replace(Recipe.default("next_value", ramp), batch_size=200)
    task = TASKS["next_value"]
    batch = task.sampler(recipe)(torch.Generator().manual_seed(0))
    mean, deviation = np.arange(28).mean(), np.arange(28).std()
    values = batch.x[..., 0].numpy() * deviation + mean
    assert round(values.min()) == 0 and round(values.max()) == 26  # and 27 is asked
    np.testing.assert_allclose(batch.y[..., 0] * deviation + mean, values + 1, atol=1e-4)
    judged = task.held_out(recipe)
    assert judged.x.shape == (39, 1, 1) and judged.first == 27  # reads 27, is asked for 28
    np.testing.assert_allclose(judged.y[:, 0, 0] * deviation + mean, np.arange(28, 40), atol=1e-4)


def test_examples_of_unequal_length_are_padded_and_not_asked_there():
    batch, recipe = batch_of("classify")
    assert recipe.steps == 18 and set(batch.lengths.tolist()) <= set(range(9, 19))
    for n, steps in enumerate(batch.lengths.tolist()):
        assert (batch.x[steps:, n] == 0).all() and (batch.y[steps:, n] == UNSCORED).all()
        assert (batch.y[:steps, n] == (0 if steps % 2 == 0 else 1)).all()  # fast: even lengths


def test_an_example_is_shown_with_noise_on_it():
    batch, _ = batch_of("classify", count=1000)
    rows = np.concatenate(SHAPES.sequences)
    shown = batch.x[:9, batch.lengths == 9, 0].numpy()  # the first example, some hundred times
    expected = (SHAPES.sequences[0] - rows.mean()) / rows.std()
    np.testing.assert_allclose(shown.mean(axis=1), expected[:, 0], atol=0.25)
    assert shown.std(axis=1) == pytest.approx(0.6, abs=0.15)


# ---- baselines -----------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["adding", "sine", "waves", "flip_flop"])
def test_a_baseline_of_values_is_what_its_guess_gets(key):
    """Against 1,000 sequences: the guess each baseline is named after, made by hand."""
    batch, recipe = batch_of(key, count=1000)
    guess = {
        "adding": torch.ones_like(batch.y),
        "sine": batch.x[1:],
        "waves": batch.x[1:],
        "flip_flop": batch.x,  # the pulse, or 0
    }[key]
    loss = (guess - batch.y).square().mean().item()
    named = {one.answers: one for one in TASKS[key].baselines(recipe)}
    (line,) = (one for answers, one in named.items() if "last two" not in answers)
    assert line.loss == pytest.approx(loss, rel=0.08)
    if key == "flip_flop":
        coin = torch.randint(2, batch.x.shape, generator=torch.Generator().manual_seed(1)) * 2 - 1
        accuracy = TASKS[key].accuracy(torch.where(batch.x == 0, coin, batch.x), batch)
        assert line.accuracy == pytest.approx(accuracy, rel=0.05)
    if key in ("sine", "waves"):
        extrapolated = 2 * batch.x[1:] - batch.x[:-1]
        loss = (extrapolated - batch.y).square().mean().item()
        (line,) = (one for answers, one in named.items() if "last two" in answers)
        assert line.loss == pytest.approx(loss, rel=0.08)


@pytest.mark.parametrize("key", ["sine", "waves"])
def test_the_first_baseline_is_the_strongest(key):
    losses = [one.loss for one in TASKS[key].baselines(Recipe.default(key))]
    assert losses == sorted(losses)


@pytest.mark.parametrize("key", [key for key in DRAWN if key != "counting"])
def test_what_a_run_is_judged_on_it_has_not_seen(key):
    """Column by column: a generator keeps 32 bits of its seed, so a larger one may be the same."""
    task, recipe = TASKS[key], Recipe.default(key)
    generator = torch.Generator().manual_seed(recipe.seed)
    Network(recipe, generator)  # draws first, as in a training
    seen = columns(task.sampler(recipe)(generator))
    judged = columns(task.held_out(recipe))
    assert len(seen) == recipe.batch_size and not seen & judged


def test_no_seed_of_a_recipe_is_one_of_judging():
    first, last = UNSEEN_SEEDS, UNSEEN_SEEDS + MAX_SEED
    assert first > MAX_SEED and last < 2**32


def test_how_far_it_counts_is_said_beside_what_it_has_learned_from():
    run = advance(begin(replace(Recipe.default("counting"), iterations=3)), 3)
    judged = judge(run)
    assert judged.further == (
        f"It counts up to n = {counts_up_to(run.model)} and has learned from words up to n = 10."
    )


@pytest.mark.parametrize("key", ["recall", "order", "parity"])
def test_a_baseline_of_classes_is_chance(key):
    batch, _ = batch_of(key, count=500)
    counts = batch.y.unique(return_counts=True)[1] / batch.y.numel()
    assert baseline(key).loss == pytest.approx(-(counts * counts.log()).sum().item(), rel=0.01)
    assert baseline(key).accuracy == pytest.approx(counts.max().item(), abs=0.07)


def test_the_floor_of_copying_is_that_of_the_papers():
    assert baseline("copy", steps=40).loss == pytest.approx(10 * math.log(8) / (20 + 20))


def test_the_baselines_of_counting_are_its_entropies():
    """n is 1 or 2: after $a, b or a are equally likely; all else is certain for who counts."""
    recipe = replace(Recipe.default("counting"), steps=5)
    present, exact = TASKS["counting"].baselines(recipe)
    assert exact.loss == pytest.approx(2 * math.log(2) / 8)  # 2 of 8 steps ask for a coin's fall
    # knowing the last symbol alone: after a (3 times) once a, twice b; after b twice $, once b
    third = -(math.log(1 / 3) + 2 * math.log(2 / 3))
    assert present.loss == pytest.approx(2 * third / 8)


def test_parity_is_guessed_by_random_weights():
    guesses, accuracy = random_weight_guessing(20, 1)
    assert accuracy == 1 and 1 < guesses < GUESSES
    assert random_weight_guessing(20, 1) == (guesses, accuracy)
    line = TASKS["parity"].baselines(replace(Recipe.default("parity"), seed=1))[1]
    assert f"{guesses:,}" in line.answers and line.loss is None


def test_n_grams_are_counted():
    codes = np.array([0, 1, 0, 1, 0, 2])  # abab ac
    pairs, single = n_grams(codes, codes, 3)
    assert single.loss == pytest.approx(-(4 * math.log(2 / 5) + math.log(1 / 5)) / 5)
    assert pairs.loss == pytest.approx(-(2 * math.log(2 / 3) + math.log(1 / 3)) / 5)
    assert pairs.accuracy == pytest.approx(4 / 5)
    (unseen,) = (one for one in n_grams(codes, np.array([2, 2]), 3) if "bigrams" in one.answers)
    assert unseen.loss == pytest.approx(math.log(3))  # counts raised by 1: never impossible


def test_the_baseline_of_a_sequence_is_persistence():
    walk = generate("random_walk", steps=200)
    recipe = Recipe.default("next_value", walk)
    learned = walk.x[:140].astype(np.float64)
    expected = np.square(np.diff(learned[:, 0])).mean() / learned.var()
    assert TASKS["next_value"].baselines(recipe)[0].loss == pytest.approx(expected, rel=1e-4)


def test_the_baseline_of_classes_is_the_most_frequent_one():
    x = [np.zeros((4, 1))] * 3 + [np.ones((4, 1))] * 2
    data = Examples(tuple(x), ("a", "a", "a", "b", "b"))
    line = TASKS["classify"].baselines(Recipe.default("classify", data))[0]
    assert "“a”" in line.answers and line.accuracy == pytest.approx(3 / 5)
    assert line.loss == pytest.approx(-(3 * math.log(3 / 5) + 2 * math.log(2 / 5)) / 5)


# ---- how far one counts --------------------------------------------------------------------------


def counter(limit):
    """A ReLU network that counts by hand: up with a, down with b, wrong from limit on."""
    weights = {
        "weight_ih_l0": [[0, 1, -1], [0, 1, 0], [0, 0, 1]],
        "weight_hh_l0": [[1, 0, 0], [0, 1, 0], [0, 0, 0]],
    }
    spec = RNNSpec("RNN_RELU", 3, 3, bias=False, init="given")
    # end when the count is 0; b otherwise, unless more than limit were counted
    head = Head([[-2, 0, 1], [-9, -9, -9], [2, -1 / limit, 0]], [1.5, 0, 0])
    return Model(spec, weights, head)


def test_counting_is_followed_until_the_first_wrong_answer():
    answers = {limit: counts_up_to(counter(limit), limit=40) for limit in (2, 8)}
    assert 0 < answers[2] < answers[8] < 40
    n = answers[8] + 1  # the first that is wrong, by hand
    read, asked = word(n)
    prediction = seqviz.trace(counter(8), one_hot(read)).prediction.argmax(1)
    assert prediction[n + 1 :].tolist() != asked[n + 1 :]


@pytest.mark.parametrize(
    ("key", "changes", "said"),
    [
        ("recall", {"delay": 30}, "delay is 30"),
        ("copy", {"steps": 20}, "21 or more"),
        ("order", {"steps": 9}, "10 or more"),
        ("counting", {"steps": 4}, "5 or more"),
        ("parity", {"steps": 1}, "2 or more"),
        ("classify", {"steps": 7}, "set steps to 18"),
        ("next_value", {"steps": 60}, "bring a longer sequence"),
        ("next_character", {"steps": 600}, "bring a longer text"),
    ],
)
def test_steps_that_do_not_fit_the_task_are_refused(key, changes, said):
    recipe = Recipe.default(key, DATA.get(key))
    assert said in refused(lambda: replace(recipe, **changes))
