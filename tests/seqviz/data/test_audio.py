"""Frames of sound, judged by closed forms: sines land in their band and energies add up."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from refusals import at_most
from sounds import RATE, sine

from seqviz.data import audio
from seqviz.data.audio import Recording, envelope, frames
from seqviz.errors import SeqvizError
from seqviz.limits import MAX_BANDS, MAX_SAMPLE_RATE
from seqviz.types import frozen


def recording(samples, rate: int = RATE) -> Recording:
    return Recording(frozen(samples), rate, "sound.wav", "")


def triangles(bands: int, n_fft: int, rate: int) -> tuple[np.ndarray, np.ndarray]:
    """O'Shaughnessy's mel triangles averaged over each bin, (bands, n_fft//2 + 1), and centres."""
    top = 2595 * math.log10(1 + rate / 2 / 700)
    corners = 700 * (10 ** (np.linspace(0, top, bands + 2) / 2595) - 1)
    edges = (np.arange(n_fft // 2 + 2) - 0.5) * (rate / n_fft)
    low, centre, high = (corners[k : k + bands, None] for k in range(3))
    rising = (np.clip(edges, low, centre) - low) ** 2 / (2 * (centre - low))
    falling = (high - np.clip(edges, centre, high)) ** 2 / (2 * (high - centre))
    return np.diff(rising - falling, axis=1) / (rate / n_fft), corners[1:-1]


@pytest.mark.parametrize("band", range(16))
def test_a_sine_is_loudest_in_its_band(band):
    _, centres = triangles(16, 400, RATE)
    x = frames(recording(sine(centres[band])), bands=16).x[5:-5]  # (T, 16), edges aside
    assert (x.argmax(axis=1) == band).all()


def test_energies_add_up_to_the_mean_square():
    # A sine of amplitude a has mean square a**2 / 2, whatever the frame or the rate
    for rate, frame_ms, amplitude in [(16_000, 25, 0.5), (8_000, 64, 1.0), (44_100, 40, 0.1)]:
        sound = recording(sine(1000, 0.5, rate, amplitude), rate)
        x = frames(sound, bands=20, frame_ms=frame_ms).x[2:-2].astype(np.float64)
        np.testing.assert_allclose(np.exp(x).sum(axis=1), amplitude**2 / 2, rtol=0.02)


def test_power_obeys_parseval():
    noise = torch.randn(1000, generator=torch.Generator().manual_seed(0)).numpy()
    for length in (200, 201):
        hop = length // 2
        power = torch.cat(list(audio._power(noise, length, hop, 8)))  # (8, length//2 + 1)
        window = torch.hann_window(length, dtype=torch.float64).numpy()
        for t in range(8):
            windowed = window * noise[t * hop : t * hop + length]
            mean_square = (windowed**2).sum() / (window**2).sum()
            assert power[t].sum().item() == pytest.approx(mean_square, rel=1e-12)


def test_power_is_the_same_in_blocks(monkeypatch):
    noise = torch.randn(3000, generator=torch.Generator().manual_seed(1)).numpy()
    at_once = torch.cat(list(audio._power(noise, 100, 30, 90)))
    monkeypatch.setattr(audio, "_BLOCK", 700)
    blocks = list(audio._power(noise, 100, 30, 90))
    assert len(blocks) == 13
    torch.testing.assert_close(torch.cat(blocks), at_once, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize(
    ("bands", "n_fft", "rate"), [(16, 400, RATE), (64, 64, 48_000), (1, 10, 8)]
)
def test_filters_share_out_every_bin(bands, n_fft, rate):
    weights, centres = triangles(bands, n_fft, rate)
    assert weights.shape == (bands, n_fft // 2 + 1)
    assert (weights >= 0).all() and (weights.sum(axis=1) > 0).all()
    frequency = np.arange(n_fft // 2 + 1) * rate / n_fft
    width = rate / n_fft / 2
    inside = (frequency - width >= centres[0]) & (frequency + width <= centres[-1])
    np.testing.assert_allclose(weights.sum(axis=0)[inside], 1, rtol=1e-9)
    mel = 2595 * np.log10(1 + centres / 700)
    np.testing.assert_allclose(
        mel, np.linspace(0, 2595 * np.log10(1 + rate / 1400), bands + 2)[1:-1]
    )


@pytest.mark.parametrize(
    ("bands", "n_fft", "rate"),
    [(16, 400, RATE), (64, 65, 48_000), (64, 4, 8), (1, 11, 8), (5, 9, 1)],
)
def test_filters_are_the_triangles_of_the_formula(bands, n_fft, rate):
    kept, centres = audio._triangles(bands, n_fft, rate)
    weights = np.zeros((bands, n_fft // 2 + 1))
    for row, (first, inside) in zip(weights, kept, strict=True):
        row[first : first + len(inside)] = inside
    dense, expected = triangles(bands, n_fft, rate)
    np.testing.assert_array_equal(weights, dense)
    np.testing.assert_array_equal(centres, expected)


@pytest.mark.parametrize("bands", [1, 16, 64])
def test_frames_are_the_power_times_the_filterbank(bands):
    noise = torch.randn(3000, generator=torch.Generator().manual_seed(2)).numpy()
    power = torch.cat(list(audio._power(noise, 400, 200, 14)))  # (14, 201)
    energies = power.numpy() @ triangles(bands, 400, RATE)[0].T  # (14, bands)
    x = frames(recording(noise), bands).x
    np.testing.assert_allclose(x, np.log(energies + audio.QUIET), rtol=1e-6)


def test_the_longest_frame_at_the_highest_rate_costs_little_memory():
    noise = torch.randn(1000, generator=torch.Generator().manual_seed(3)).numpy()
    with at_most(40):
        x = frames(recording(noise, MAX_SAMPLE_RATE), bands=MAX_BANDS, frame_ms=1000).x
    assert x.shape == (1, 64)


def test_frames_name_their_times_and_bands():
    sequence = frames(recording(sine(440, 0.1)), bands=4, frame_ms=25)
    assert sequence.kind == "audio" and sequence.sample_rate == RATE
    assert sequence.labels[:3] == ("0.000 s", "0.013 s", "0.025 s")
    assert sequence.feature_names == ("459 Hz", "1218 Hz", "2475 Hz", "4556 Hz")
    assert sequence.x.shape == (7, 4)


def test_the_end_is_not_dropped():
    samples = np.zeros(1000, np.float32)
    samples[-100:] = 0.5
    x = frames(recording(samples), bands=1, frame_ms=25).x
    assert len(x) == 4  # frames of 400 every 200: the last one starts at 600
    assert x[-1, 0] > x[0, 0]


def test_silence_and_one_sample_are_finite():
    silent = frames(recording(np.zeros(RATE)), bands=64)
    np.testing.assert_allclose(silent.x, math.log(audio.QUIET), rtol=1e-6)
    single = frames(recording([0.3]))
    assert single.x.shape == (1, 16) and np.isfinite(single.x).all()
    loud = frames(recording(np.full(800, 3e38)))
    assert np.isfinite(loud.x).all()


def test_too_many_frames_names_a_length_that_works():
    sound = recording(np.zeros(60 * 1000), 1000)
    with pytest.raises(SeqvizError, match=r"choose a longer frame, (\d+) ms or more") as refused:
        frames(sound)
    enough = float(str(refused.value).split("longer frame, ")[1].split(" ms")[0])
    assert 1900 <= len(frames(sound, frame_ms=enough)) <= 2000


@pytest.mark.parametrize(
    "wrong",
    [
        {"bands": 0},
        {"bands": 65},
        {"frame_ms": 0.5},
        {"frame_ms": math.nan},
        {"frame_ms": 2000.0},
    ],
)
def test_impossible_frames_are_refused(wrong):
    with pytest.raises(SeqvizError, match="[Ss]et"):
        frames(recording(sine(440)), **wrong)


def test_bands_may_begin_and_end_anywhere():
    sound = recording(sine(440))
    sequence = frames(sound, bands=40, frame_ms=40, low=70, high=2000)
    centres = [float(name.removesuffix(" Hz")) for name in sequence.feature_names]
    assert 70 < centres[0] < 110 and 1850 < centres[-1] < 2000
    loudest = sequence.x[5:-5].argmax(axis=1)  # edges aside
    assert {abs(centres[band] - 440) < 30 for band in loudest} == {True}
    assert np.array_equal(frames(sound, low=0, high=RATE / 2).x, frames(sound).x)


def test_bands_above_half_the_rate_hear_nothing():
    x = frames(recording(sine(440, rate=2000), 2000), bands=20, low=500, high=4000).x
    assert x.shape[1] == 20 and np.allclose(x[:, -8:], math.log(audio.QUIET))
    assert np.isfinite(x).all()


@pytest.mark.parametrize("low, high", [(-1, 100), (300, 200), (200, 200), (0, math.inf)])
def test_impossible_bands_are_refused(low, high):
    with pytest.raises(SeqvizError, match="set low from 0 to below high"):
        frames(recording(sine(440)), low=low, high=high)


@settings(max_examples=50)
@given(n=st.integers(1, 300), points=st.integers(1, 400), seed=st.integers(0, 99))
def test_envelope_holds_every_sample(n, points, seed):
    samples = np.random.default_rng(seed).normal(size=n).astype(np.float32)
    drawn = envelope(recording(samples), points)
    assert drawn.shape == (points, 2) and drawn.dtype == np.float32
    assert (drawn[:, 0] <= drawn[:, 1]).all()
    assert drawn[:, 0].min() == samples.min() and drawn[:, 1].max() == samples.max()
    if points == n:
        np.testing.assert_array_equal(drawn[:, 0], samples)


def test_envelope_of_no_points_is_refused():
    with pytest.raises(SeqvizError, match="set it to 1 or more"):
        envelope(recording([0.0]), 0)
