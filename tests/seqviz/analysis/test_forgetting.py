"""What fades within how many steps, counted on curves that are known and on real influence."""

import numpy as np
import pytest
import torch
from networks import overflowing, traced

import seqviz
from seqviz.analysis.forgetting import (
    Fading,
    fading,
    in_words,
    influence_in_words,
    steps_until,
    within,
)
from seqviz.analysis.influence import Influence, influence
from seqviz.errors import SeqvizError
from seqviz.types import RNNSpec


def test_steps_until_means_for_good():
    assert steps_until(np.array([1, 0.4, 0.7, 0.3, 0.2]), 0.5) == 3
    assert steps_until(np.array([1, 0.9, 0.8]), 0.5) == np.inf
    assert steps_until(np.array([1, 0.1, np.nan]), 0.5) == np.inf
    assert steps_until(np.array([1.0, 0.5, 0.0]), 0.5) == 1


def test_a_power_fades_as_its_logarithm_says():
    found = fading(5 * 0.8 ** np.arange(60))
    half, most = (np.ceil(np.log(level) / np.log(0.8)) for level in (0.5, 0.01))
    assert (found.half, found.most, found.steps) == (half, most, 59) == (4, 21, 59)
    assert found.left == pytest.approx(0.8**59)
    assert in_words(found) == "half is gone within 4 steps and 99 % within 21 steps"


def test_lags_count_steps_and_not_values():
    assert fading([8, 3, 0.01], [0, 5, 10]) == Fading(5, 10, 0.00125, 10)


@pytest.mark.parametrize("sizes", [[], [1], [0, 1], [np.nan, 1], [np.inf, 1]])
def test_what_has_no_beginning_does_not_fade(sizes):
    assert fading(sizes) is None


@pytest.mark.parametrize(
    ("sizes", "words"),
    [
        ([1, 0.9, 0.8], "80 % is left after 2 steps"),
        ([1, 1.5], "150 % is left after 1 step"),
        ([1, 0.4, 0.025], "half is gone within 1 step and 2.5 % is left after 2 steps"),
        ([1, 30, 1200.0], "1,200 times as much is left after 2 steps"),
        ([1, 0.1, np.nan], "it cannot be followed for 2 steps"),
    ],
)
def test_words_say_what_is_left_where_it_is_not_gone(sizes, words):
    assert in_words(fading(sizes)) == words


def test_one_step_is_singular():
    assert (within(1), within(3)) == ("within 1 step", "within 3 steps")


@pytest.mark.parametrize("bidirectional", [False, True])
def test_a_state_s_past_is_judged_by_its_own_row_of_the_map(bidirectional):
    found = influence(traced("GRU", 40, bidirectional=bidirectional))
    row = found.norms[29, 29::-1].astype(np.float64)  # newest first
    after = {level: np.flatnonzero(row > level * row[0])[-1] + 1 for level in (0.5, 0.01)}
    said = f"The state at step 30 forgets its inputs: half is gone {within(after[0.5])}"
    assert influence_in_words(found, 29) == f"{said} and 99 % {within(after[0.01])}."


def test_a_linear_network_forgets_by_its_spectral_radius():
    rnn = seqviz.build(RNNSpec("RNN_TANH", 1, 8, bias=False, init="orthogonal"))
    with torch.no_grad():
        rnn.weight_hh_l0.mul_(0.7)
    found = influence(seqviz.trace(rnn, torch.zeros(30, 1)))
    assert "half is gone within 2 steps and 99 % within 13 steps" in influence_in_words(found, 29)


def test_thinned_inputs_are_counted_in_steps():
    norms = np.array([[4, 0], [3, 0], [3, 5], [0.01, 5]], np.float32)
    said = influence_in_words(Influence(norms, np.array([0, 2]), 0), 3)
    assert "half is gone within 3 steps" in said  # step 4: inputs 1 and 3 steps ago


def test_what_does_not_fade_is_remembered():
    said = influence_in_words(Influence(np.tri(4, dtype=np.float32), np.arange(4), 0), 3)
    assert said == "The state at step 4 remembers its inputs: 100 % is left after 3 steps."


def test_where_nothing_can_be_said_it_is_said_why():
    assert "only one input yet" in influence_in_words(influence(traced("GRU", 5)), 0)
    deaf = Influence(np.zeros((3, 3), np.float32), np.arange(3), 0)
    assert "does not move the state" in influence_in_words(deaf, 2)
    past = influence(overflowing(12, 1e19))
    assert "left the range of float32" in influence_in_words(past, 11)
    with pytest.raises(SeqvizError):
        influence_in_words(deaf, 3)
