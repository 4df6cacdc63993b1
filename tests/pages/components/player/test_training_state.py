"""A training's curves reach the player in few points, with their shape, and never as no JSON."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from player_bytes import decode

from pages.components.player.frame import frame
from pages.components.player.tracks import empty_tracks
from pages.components.player.training import Training, thinned_curve

SHOWN = {"digest": "", "caption": "", "quantity": "h", "ends": (-1, 1)}
CURVES = hnp.arrays(np.float32, st.integers(0, 900), elements=st.floats(width=32, allow_nan=True))


def test_a_short_curve_is_whole_and_counts_from_iteration_1():
    assert thinned_curve(np.float32([0.5, 0.25])) == [[1, 0.5], [2, 0.25]]
    assert thinned_curve(np.float32([])) == []


def test_values_have_four_digits():
    (point,) = thinned_curve(np.float32([0.123456789]))
    assert point == [1, 0.1235]


def test_what_is_no_finite_number_is_left_out():
    assert thinned_curve(np.float32([np.nan, 1, np.inf, 2, -np.inf])) == [[2, 1.0], [4, 2.0]]


@given(CURVES, st.integers(2, 300))
def test_of_any_curve_the_ends_and_the_extremes_stay(values, most):
    points = thinned_curve(values, most)
    finite = np.flatnonzero(np.isfinite(values))
    assert len(points) <= most
    assert len(points) == min(most, len(finite)) or len(finite) > most
    iterations = [at for at, _ in points]
    assert iterations == sorted(set(iterations))
    if len(finite):
        assert (iterations[0], iterations[-1]) == (finite[0] + 1, finite[-1] + 1)
    for at, value in points:
        assert value == pytest.approx(float(values[at - 1]), rel=1e-3)
    if most >= 4:
        kept = values[np.array(iterations, int) - 1]
        for pick in (np.min, np.max):
            assert not len(finite) or pick(kept) == pick(values[finite])


def test_a_single_spike_is_not_lost():
    values = np.ones(10_000, np.float32)
    values[4321] = 50
    assert [4322, 50.0] in thinned_curve(values)


def test_a_frame_tells_of_its_training():
    training: Training = {
        "id": "a",
        "state": "running",
        "name": "Adding problem · LSTM, 32 units",
        "iteration": 412,
        "iterations": 1500,
        "seconds_left": float("inf"),
        "place": 0,
        "note": "",
        "loss": [[1, 0.5]],
        "accuracy": [],
        "gradient_norm": [[1, 2.0]],
        "clip": None,
        "baselines": [{"answers": "always answering 1", "loss": float("nan"), "accuracy": None}],
        "checkpoint": None,
        "checkpoints": [0, 256],
        "film": "",
    }
    header = decode(frame(empty_tracks(1, 1, 4), **SHOWN, training=training))
    told = header["training"]
    assert told["seconds_left"] is None and told["baselines"][0]["loss"] is None
    assert told["loss"] == [[1, 0.5]] and told["checkpoints"] == [0, 256]
    assert decode(frame(empty_tracks(1, 1, 4), **SHOWN))["training"] is None
