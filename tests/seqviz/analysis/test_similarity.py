"""Places whose states are alike: planted repeats are found, scores follow their definition."""

from dataclasses import replace

import numpy as np
import pytest
import torch

import seqviz
from seqviz.analysis.similarity import similar_steps
from seqviz.errors import SeqvizError
from seqviz.types import RNNSpec


def with_states(h: np.ndarray) -> seqviz.Trace:
    """A real trace whose h (T, H) is replaced by chosen numbers."""
    steps, hidden = h.shape
    trace = seqviz.trace(seqviz.build(RNNSpec("GRU", 1, hidden)), torch.zeros(steps, 1))
    return replace(trace, h=h.astype(np.float32)[None, None])


@pytest.fixture
def noise() -> np.ndarray:
    return np.random.default_rng(0).normal(size=(60, 5)) * 0.2


def test_planted_repeats_come_first(noise):
    noise[40:46] = noise[25:31] = noise[10:16]
    noise[25:31] += 0.01
    found = similar_steps(with_states(noise), 10, 16)
    assert [(one.start, one.stop) for one in found.matches[:2]] == [(40, 46), (25, 31)]
    assert found.matches[0].score == pytest.approx(1)
    assert 0.9 < found.matches[1].score < 1
    assert found.units == (0, 1, 2, 3, 4)


def test_scores_are_their_definition(noise):
    a = noise[10:16]
    for one in similar_steps(with_states(noise), 10, 16, limit=4).matches:
        b = noise[one.start : one.stop]
        expected = 2 * (a * b).sum() / ((a * a).sum() + (b * b).sum())
        assert one.score == pytest.approx(expected, abs=1e-6)


def test_no_two_places_overlap(noise):
    found = similar_steps(with_states(noise), 20, 27, limit=99)
    taken = np.zeros(60, int)
    taken[20:27] += 1
    for one in found.matches:
        taken[one.start : one.stop] += 1
    assert taken.max() == 1
    scores = [one.score for one in found.matches]
    assert scores == sorted(scores, reverse=True) and len(scores) >= 4
    assert len(similar_steps(with_states(noise), 20, 27, limit=2).matches) == 2


def test_a_threshold_chooses_units_on_inside_and_off_just_outside():
    h = np.zeros((30, 4))
    h[5:9, 0] = 0.8  # on exactly in the range
    h[5:12, 1] = 0.8  # still on after it
    h[5:8, 2] = 0.8  # off before it ends
    h[5:9, 3] = -0.8  # on, with the other sign
    h[20:24, 0] = 0.8
    found = similar_steps(with_states(h), 5, 9, threshold=0.5)
    assert found.units == (0, 3)
    assert (found.matches[0].start, found.matches[0].stop) == (20, 24)
    none = similar_steps(with_states(h), 5, 9, threshold=0.9)
    assert none.units == () and none.matches == ()
    assert "No unit stays at 0.9 or beyond through steps 6 to 9" in none.note


def test_a_range_at_the_edge_has_one_neighbour_less():
    h = np.zeros((10, 2))
    h[:3, 0] = h[7:, 1] = 1
    assert similar_steps(with_states(h), 0, 3, threshold=0.5).units == (0,)
    assert similar_steps(with_states(h), 7, 10, threshold=0.5).units == (1,)


def test_the_whole_sequence_has_no_other_place(noise):
    found = similar_steps(with_states(noise), 0, 60)
    assert found.matches == () and "no other place" in found.note
    assert similar_steps(with_states(noise), 0, 31).matches == ()


def test_silence_is_like_silence_and_huge_states_fit():
    found = similar_steps(with_states(np.zeros((9, 2))), 0, 2, limit=1)
    assert found.matches[0].score == 1
    assert similar_steps(with_states(np.full((9, 2), 3e38)), 0, 2).matches[
        0
    ].score == pytest.approx(1)


def test_gates_layers_and_directions_can_be_searched():
    spec = RNNSpec("LSTM", 1, 4, 2, bidirectional=True)
    trace = seqviz.trace(seqviz.build(spec), torch.randn(20, 1), spec=spec)
    one = similar_steps(trace, 3, 5, layer=0, direction=1, quantity="f", limit=1).matches[0]
    a, b = (trace.gates["f"][0, 1, at : at + 2].astype(float) for at in (3, one.start))
    assert one.score == pytest.approx(2 * (a * b).sum() / ((a * a).sum() + (b * b).sum()))


@pytest.mark.parametrize(
    "wrong", [(3, 3), (-1, 2), (5, 99), (0, 2, "c"), (0, 2, "h", -1.0), (0, 2, "h", float("nan"))]
)
def test_impossible_searches_are_refused(noise, wrong):
    start, stop, *rest = wrong
    options = dict(zip(("quantity", "threshold"), rest, strict=False))
    with pytest.raises(SeqvizError):
        similar_steps(with_states(noise), start, stop, **options)


def test_states_out_of_range_are_refused(noise):
    noise[4, 2] = np.inf
    with pytest.raises(SeqvizError, match="float32"):
        similar_steps(with_states(noise), 0, 3)
