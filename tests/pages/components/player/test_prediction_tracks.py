"""What a head answers reaches the player exactly, and its targets stand where they are asked."""

import numpy as np
import pytest
from player_bytes import decode

from pages.components.player.frame import frame, packed
from pages.components.player.tracks import heat_tracks, input_track, prediction_tracks
from seqviz import InputSequence, Model, SeqvizError, trace
from seqviz.rnn.model import build
from seqviz.types import Head, RNNSpec

STEPS, HIDDEN = 6, 5
SHOWN = {"digest": "", "caption": "", "quantity": "h", "ends": (-1, 1)}


def run(outputs=3, activation="softmax", inputs=3, seed=0, names=()):
    rng = np.random.default_rng(seed)
    spec = RNNSpec("GRU", inputs, HIDDEN)
    weights = {name: value.detach().numpy() for name, value in build(spec).state_dict().items()}
    head = Head(rng.normal(size=(outputs, HIDDEN)), rng.normal(size=outputs), activation, names)
    hot = np.eye(inputs)[rng.integers(inputs, size=STEPS)]
    sequence = InputSequence(hot, labels=tuple("abcdef"))
    return sequence, trace(Model(spec, weights, head), sequence)


def sent(tracks):
    return decode(packed({}, tracks))["tracks"]


@pytest.mark.parametrize(("activation", "kind"), [("softmax", "classes"), ("identity", "values")])
def test_every_answer_is_sent_as_it_is(activation, kind):
    _, traced = run(activation=activation, names=("one", "two", "three"))
    (track,) = sent(prediction_tracks(traced, run=2, title="B", answers="a number", first=4))
    np.testing.assert_array_equal(track["values"], traced.prediction.ravel())
    assert (track["type"], track["kind"], track["name"]) == ("prediction", kind, "prediction")
    assert (track["T"], track["K"], track["names"]) == (STEPS, 3, ["one", "two", "three"])
    assert (track["run"], track["layer"], track["direction"]) == (2, -1, 0)
    assert (track["first"], track["shift"]) == (4, 0)
    assert (track["title"], track["answers"]) == ("B", "a number")
    assert track["blocks"] == {"values": STEPS * 3}


def test_a_network_without_a_head_predicts_nothing():
    spec = RNNSpec("GRU", 3, HIDDEN)
    assert prediction_tracks(trace(build(spec), np.zeros((4, 3)))) == []


def test_probabilities_span_0_to_1_and_values_their_own_range():
    _, traced = run(activation="identity")
    targets = np.full((STEPS, 3), np.nan)
    targets[-1] = 99
    (track,) = sent(prediction_tracks(traced, targets=targets))
    assert track["range"] == [float(traced.prediction.min()), 99.0]
    _, traced = run()
    (track,) = sent(prediction_tracks(traced))
    assert track["range"] == [0, 1]


def test_nothing_is_asked_where_a_class_is_negative_or_no_number():
    _, traced = run()
    (track,) = sent(prediction_tracks(traced, targets=[-100, -1, np.nan, 0, 1, 2]))
    np.testing.assert_array_equal(track["target"], np.float32([np.nan] * 3 + [0, 1, 2]))


def test_the_target_of_one_value_may_be_flat():
    _, traced = run(outputs=1, activation="identity")
    (track,) = sent(prediction_tracks(traced, targets=np.arange(STEPS)))
    assert track["target"].tolist() == list(range(STEPS))


@pytest.mark.parametrize("activation", ["softmax", "identity"])
def test_the_next_input_is_what_a_next_value_is_compared_with(activation):
    sequence, traced = run(activation=activation)
    (track,) = sent(prediction_tracks(traced, next_value=True))
    assert track["shift"] == 1
    following = sequence.x[1:].argmax(axis=1) if activation == "softmax" else sequence.x[1:]
    target = track["target"].reshape(STEPS, -1)
    np.testing.assert_array_equal(target[:-1].ravel(), following.ravel())
    assert np.isnan(target[-1]).all()


def test_what_does_not_fit_is_refused():
    _, traced = run()
    with pytest.raises(SeqvizError, match=r"shape \(2,\): give them as \(6,\)"):
        prediction_tracks(traced, targets=[0, 1])
    with pytest.raises(SeqvizError, match="is class 3 .* with 3: count them from 0"):
        prediction_tracks(traced, targets=[0, 1, 2, 3, 0, 0])
    _, traced = run(outputs=2)
    with pytest.raises(SeqvizError, match="answers 2 numbers and reads 3"):
        prediction_tracks(traced, next_value=True)
    _, traced = run(activation="identity")
    with pytest.raises(SeqvizError, match=r"give them as \(6, 3\)"):
        prediction_tracks(traced, targets=np.zeros((6, 2)))


def test_a_predicted_input_is_drawn_a_step_later_and_does_not_press_the_curve_flat():
    sequence, traced = run(activation="identity")
    (top,) = sent([input_track(sequence, predicted=traced.prediction)])
    np.testing.assert_array_equal(top["predicted"], traced.prediction.ravel())
    assert (top["K"], top["shift"]) == (3, 1)
    wild = np.full((STEPS, 1), 1e6, np.float32)
    wild[0] = np.nan
    (top,) = sent([input_track(sequence, predicted=wild)])
    assert top["range"] == [0, 2]  # the sequence lies from 0 to 1
    (top,) = sent([input_track(sequence, predicted=np.full((STEPS, 1), np.nan))])
    assert top["range"] == [0, 1]
    (top,) = sent([input_track(sequence)])
    assert (top["K"], top["shift"], top["blocks"]) == (0, 0, {"x": STEPS * 3})
    for shape in [(STEPS,), (STEPS + 1, 1), (STEPS, 4), (STEPS, 0)]:
        with pytest.raises(SeqvizError, match="at most 3 columns"):
            input_track(sequence, predicted=np.zeros(shape, np.float32))


def test_a_frame_keeps_predictions_whole_and_thins_a_predicted_input_as_the_input():
    x = np.random.default_rng(0).normal(size=(STEPS, 80)).astype(np.float32)
    x[:, 3] = 0
    top, *_, last = decode(
        frame(
            [
                input_track(InputSequence(x), predicted=2 * x[:, :70]),
                *heat_tracks(run()[1], "h"),
                *prediction_tracks(run(outputs=300)[1]),
            ],
            **SHOWN,
        )
    )["tracks"]
    kept = [k for k in range(65) if k != 3]
    np.testing.assert_array_equal(top["x"].reshape(STEPS, -1), x[:, kept])
    np.testing.assert_array_equal(top["predicted"].reshape(STEPS, -1), 2 * x[:, kept])
    assert (top["I"], top["K"]) == (64, 64)
    assert (last["type"], last["K"], last["values"].size) == ("prediction", 300, STEPS * 300)
