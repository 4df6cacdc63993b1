"""A film holds what a frame's tracks show at each checkpoint, exactly, and stays small."""

from collections.abc import Mapping

import numpy as np
import pytest
from player_bytes import decode

from pages.components.player import thinning
from pages.components.player.film import film
from pages.components.player.frame import frame
from pages.components.player.tracks import (
    difference_tracks,
    heat_tracks,
    input_track,
    prediction_tracks,
)
from seqviz import InputSequence, Model, SeqvizError, trace
from seqviz.rnn.model import build
from seqviz.types import Head, RNNSpec

STEPS, HIDDEN = 7, 6
SEQUENCE = InputSequence(np.sin(np.arange(STEPS)))
SHOWN = {"digest": "", "caption": "", "quantity": "h", "ends": (-1, 1)}


def traced(iteration, hidden=HIDDEN, mode="LSTM"):
    spec = RNNSpec(mode, 1, hidden, seed=iteration)
    weights = {name: value.detach().numpy() for name, value in build(spec).state_dict().items()}
    rng = np.random.default_rng(iteration)
    return trace(Model(spec, weights, Head(rng.normal(size=(1, hidden)), [0.0])), SEQUENCE)


def tracks(iteration, quantity="h", **shape):
    one = traced(iteration, **shape)
    return [
        input_track(SEQUENCE, predicted=one.prediction),
        *heat_tracks(one, quantity),
        *prediction_tracks(one, next_value=True),
    ]


def reel(iterations, **shown):
    return {iteration: tracks(iteration, **shown) for iteration in iterations}


def test_each_checkpoint_has_its_numbers_in_the_order_of_training():
    made = decode(film(reel([20, 0, 10]), name="adding"))
    assert (made["film"], made["iterations"]) == ("adding", [0, 10, 20])
    top, heat, answer = made["tracks"]
    assert [track["at"] for track in made["tracks"]] == [0, 1, 2]
    for k, iteration in enumerate([0, 10, 20]):
        one = traced(iteration)
        np.testing.assert_array_equal(heat["values"].reshape(3, -1)[k], one.h[0, 0].ravel())
        for track, name in ((top, "predicted"), (answer, "values")):
            np.testing.assert_array_equal(
                track[name].reshape(3, -1)[k], one.prediction.ravel(), err_msg=name
            )
    assert (list(top["blocks"]), list(answer["blocks"])) == (["predicted"], ["values"])


def test_what_never_changes_stays_with_the_frame():
    made = decode(film({0: [input_track(SEQUENCE), *heat_tracks(traced(0), "h")]}))
    (heat,) = made["tracks"]
    assert (heat["at"], list(heat["blocks"])) == (1, ["values"])  # no x, and h_0 is 0 throughout


def test_one_scale_holds_for_all_checkpoints():
    runs = [traced(iteration) for iteration in (0, 10, 20)]
    made = decode(film(reel([0, 10, 20])))
    end = max(float(np.abs(one.h).max()) for one in runs)
    assert (made["ends"], made["fit"]) == ([-end, end], None)
    answers = [one.prediction for one in runs]
    low, high = made["tracks"][2]["range"]
    assert low == min(float(SEQUENCE.x[1:].min()), *(float(one.min()) for one in answers))
    assert high == max(float(SEQUENCE.x[1:].max()), *(float(one.max()) for one in answers))
    gates = [one.quantity("f") for one in runs]
    made = decode(film(reel([0, 10, 20], quantity="f")))
    low, high = (float(pick([pick(gate) for gate in gates])) for pick in (np.min, np.max))
    assert (made["ends"], made["fit"]) == (None, [low, high])


def test_a_difference_keeps_its_own_scale():
    apart = {k: difference_tracks(traced(k), traced(k + 1), "h", 2) for k in (0, 10)}
    made = decode(film(apart))
    (row,) = made["tracks"]
    assert row["end"] == max(tracks[0].header["end"] for tracks in apart.values())
    assert row["scale"].startswith("±") and made["ends"] is None


@pytest.mark.parametrize(("most", "kept"), [(3, [0, 5, 10]), (2, [0, 10]), (1, [0, 10])])
def test_checkpoints_are_left_out_evenly_and_never_the_first_or_the_last(most, kept):
    assert decode(film(reel(range(11)), most=most))["iterations"] == kept


def test_a_film_stays_below_its_bytes():
    size = 4 * (STEPS * HIDDEN + HIDDEN + 2 * STEPS)
    made = film(reel(range(0, 40)), max_bytes=10 * size)
    assert 5 <= len(decode(made)["iterations"]) <= 10
    assert len(made) <= 10 * size + 1000


def test_units_are_left_out_as_the_frame_leaves_them_out(monkeypatch):
    monkeypatch.setattr(thinning, "MOST_VALUES", STEPS * HIDDEN // 2)
    shown = decode(frame(tracks(10), **SHOWN))["tracks"]
    made = decode(film(reel([0, 10])))["tracks"]
    assert shown[1]["stride"] == 2
    for moving in made:
        own = shown[moving["at"]]
        for name in moving["blocks"]:
            np.testing.assert_array_equal(moving[name].reshape(2, -1)[1], own[name])


def test_checkpoints_that_are_left_out_are_never_made():
    class OnDemand(Mapping):
        made: list[int] = []

        def __getitem__(self, iteration):
            self.made.append(iteration)
            return tracks(iteration)

        def __iter__(self):
            return iter(range(100))

        def __len__(self):
            return 100

    assert decode(film(OnDemand(), most=3))["iterations"] == OnDemand.made == [0, 50, 99]


def test_a_film_of_nothing_or_of_different_tracks_is_refused():
    with pytest.raises(SeqvizError, match="at least one checkpoint"):
        film({})
    with pytest.raises(SeqvizError, match="the same tracks"):
        film({0: tracks(0), 1: tracks(1, hidden=3)})


def test_numbers_beyond_all_bounds_leave_a_scale():
    heats = heat_tracks(traced(0), "h")
    heats[0].arrays["values"] = np.full_like(heats[0].arrays["values"], np.nan)
    assert decode(film({0: heats}))["ends"] == [-1, 1]
