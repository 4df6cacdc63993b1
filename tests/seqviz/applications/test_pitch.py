"""Pitch: sounds of our synthesis, Mandarin tones of another one's, and sounds without a contour."""

import espeak
import numpy as np
import pytest
from sounds import sine

from seqviz.applications.pitch import tracker
from seqviz.applications.pitch.examples import BANDS, LEARNED, heard, labelled
from seqviz.applications.pitch.pitch import LONGEST, Pitch
from seqviz.applications.pitch.voices import CONTOURS, RATE, nothing
from seqviz.data.audio import Recording
from seqviz.types import frozen

USE = Pitch()


def recording(samples, rate=RATE):
    return Recording(frozen(samples), rate, "test", "")


def glide(begin, end, seconds=0.6, rate=RATE):
    """A voice of five harmonics whose pitch goes from begin to end, in Hz."""
    time = np.arange(round(seconds * rate)) / rate
    phase = 2 * np.pi * np.cumsum(begin * (end / begin) ** (time / seconds)) / rate
    return sum(np.sin(n * phase) / n for n in range(1, 6)) * np.hanning(len(time)) / 3


@pytest.fixture(scope="module")
def sounds():
    return [labelled(LEARNED + k) for k in range(120)]


def test_it_hears_what_it_has_not_heard_and_needs_the_order(sounds):
    read = [(heard(sound), contour) for sound, contour in sounds]
    generator = np.random.default_rng(0)

    def right(change):
        return np.mean([USE.best(change(sequence.x)) == contour for sequence, contour in read])

    in_order, shuffled = right(lambda x: x), right(generator.permutation)
    assert in_order >= 0.9 and shuffled <= 0.5
    assert {sequence.x.shape[1] for sequence, _ in read} == {BANDS}


def test_mean_and_spread_do_not_tell_contours_apart(sounds):
    right = [USE.without_order(heard(sound).x) == contour for sound, contour in sounds]
    assert 0.25 < np.mean(right) < 0.6
    x = heard(sounds[0][0]).x
    assert USE.without_order(x) == USE.without_order(x[::-1])


@pytest.mark.skipif(
    espeak.find() is None,
    reason="espeak-ng is not installed: python tests/support/espeak.py installs it with apt",
)
def test_it_hears_the_tones_of_mandarin():
    syllables = espeak.spoken()
    assert len(syllables) >= 72
    right = [USE.recognise(sound).best == contour for contour, sound in syllables]
    assert np.mean(right) >= 0.75


@pytest.mark.parametrize(
    "begin, end, contour", [(150, 220, "rising"), (220, 150, "falling"), (180, 180, "flat")]
)
@pytest.mark.parametrize("rate", [RATE, 22_050, 44_100])
def test_glides_at_any_rate(begin, end, contour, rate):
    answer = USE.recognise(recording(glide(begin, end, rate=rate), rate))
    assert answer.best == contour and answer.remark == ""


def test_how_loud_it_is_does_not_matter():
    quiet, loud = (heard(recording(level * glide(150, 220))).x for level in (0.3, 0.9))
    assert np.allclose(quiet, loud, atol=0.01)


def test_silence_noise_and_music_are_doubted():
    silence = USE.recognise(recording(np.zeros(RATE)))
    assert len(silence.trace) == 1 or silence.doubt[-1] > 0.3
    assert not silence.sure
    empty = [USE.recognise(nothing(np.random.default_rng((k, 8)))) for k in range(40)]
    assert np.mean([not answer.sure for answer in empty]) >= 0.85
    assert USE.recognise(recording(np.full(10, 0.1))).probabilities.shape == (1, 5)  # 1 ms


def test_a_minute_of_music_is_read_as_far_as_said():
    generator = np.random.default_rng(0)
    notes = [sine(220 * 2 ** (generator.integers(0, 12) / 12), 0.25, RATE) for _ in range(240)]
    answer = USE.recognise(recording(np.concatenate(notes)))
    assert answer.remark == f"The first {LONGEST:g} s of 60 s are read."
    assert np.isfinite(answer.probabilities).all() and len(answer.trace) <= 500


@pytest.mark.parametrize(
    "begin, end, contour", [(120, 200, "rising"), (300, 180, "falling"), (180, 181, "flat")]
)
def test_the_tracker_needs_no_learning(begin, end, contour):
    sound = recording(glide(begin, end))
    track = tracker.pitch_track(sound)
    assert begin * 0.9 < track[0] < begin * 1.2 and tracker.contour(sound) == contour
    assert tracker.contour(recording(np.zeros(RATE))) == "flat"


def test_training_again_gives_the_recorded_loss():
    trained = USE.train(iterations=11)
    assert np.allclose(trained.loss[::10], USE.recorded_loss()[:2], rtol=1e-3)
    assert USE.model().spec.hidden_size == 48 and USE.model().head.names == CONTOURS
