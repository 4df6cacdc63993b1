"""Sound, judged by closed forms: sines land in their band and energies add up."""

from __future__ import annotations

import contextlib
import io
import math
import struct
import tracemalloc

import numpy as np
import pytest
import soundfile
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from seqviz.data import audio
from seqviz.data.audio import Recording, duration, envelope, filterbank, frames, read
from seqviz.errors import SeqvizError
from seqviz.types import frozen

RATE = 16_000


def sine(frequency: float, seconds: float = 1.0, rate: int = RATE, amplitude: float = 0.5):
    t = np.arange(round(seconds * rate)) / rate
    return (amplitude * np.sin(2 * np.pi * frequency * t)).astype(np.float32)


def encoded(samples, rate: int = RATE, kind: str = "WAV", subtype: str | None = None) -> bytes:
    stream = io.BytesIO()
    soundfile.write(stream, samples, rate, format=kind, subtype=subtype)
    return stream.getvalue()


def recording(samples, rate: int = RATE) -> Recording:
    return Recording(frozen(samples), rate, "sound.wav", "")


@pytest.mark.parametrize(
    ("kind", "subtype", "tolerance"),
    [
        ("WAV", "PCM_16", 1e-4),
        ("WAV", "PCM_U8", 1e-2),
        ("WAV", "FLOAT", 0.0),
        ("WAV", "DOUBLE", 0.0),
        ("WAVEX", "PCM_24", 1e-6),
        ("WAVEX", "FLOAT", 0.0),
        ("FLAC", "PCM_16", 1e-4),
        ("OGG", "VORBIS", 0.1),
    ],
)
def test_reads_every_format(kind, subtype, tolerance):
    samples = sine(440)
    sound = read(f"a.{kind.lower()}", encoded(samples, kind=kind, subtype=subtype))
    assert sound.sample_rate == RATE
    assert sound.samples.dtype == np.float32 and not sound.samples.flags.writeable
    np.testing.assert_allclose(sound.samples, samples, atol=tolerance)
    assert sound.description == "1 s at 16,000 Hz, 1 channel"


def test_channels_are_averaged():
    left, right = sine(440, 1.8), sine(880, 1.8)
    sound = read("a.wav", encoded(np.stack([left, right], axis=1), subtype="FLOAT"))
    np.testing.assert_allclose(sound.samples, (left + right) / 2, atol=1e-7)
    assert sound.description == "1.8 s at 16,000 Hz, 2 channels mixed to one"
    assert sound.seconds == 1.8


def test_a_stretch_is_the_slice_of_the_whole():
    data = encoded(sine(440, 2.0), subtype="FLOAT")
    part = read("a.wav", data, start=0.5, length=0.25)
    np.testing.assert_array_equal(part.samples, sine(440, 2.0)[RATE // 2 : RATE * 3 // 4])
    assert len(read("a.wav", data, start=1.5).samples) == RATE // 2
    assert len(read("a.wav", data, start=1.5, length=9).samples) == RATE // 2
    assert duration("a.wav", data) == 2.0


@pytest.mark.parametrize(("start", "length"), [(5.0, None), (2.0, 1.0)])
def test_a_stretch_after_the_end_is_refused(start, length):
    with pytest.raises(SeqvizError, match="choose an earlier start"):
        read("a.wav", encoded(sine(440)), start=start, length=length)


def test_what_is_missing_is_said():
    with pytest.raises(SeqvizError, match="holds no sound: record it again, or upload another"):
        read("a.wav", encoded(sine(440, 0.0)))
    with pytest.raises(SeqvizError, match="no sample within so short a stretch: choose a longer"):
        read("a.wav", encoded(sine(440)), length=1e-6)


@pytest.mark.parametrize(
    ("start", "length"), [(-1.0, None), (math.nan, 1.0), (0.0, 0.0), (0.0, math.nan), (0.0, -2.0)]
)
def test_an_impossible_stretch_is_refused(start, length):
    with pytest.raises(SeqvizError, match="Choose a start"):
        read("a.wav", encoded(sine(440)), start=start, length=length)


def test_a_long_recording_is_refused_and_a_part_of_it_read():
    data = encoded(np.zeros(61 * 1000, np.float32), rate=1000, kind="FLAC")
    with pytest.raises(SeqvizError, match=r"is 61 s and at most 60 s .* choose a start"):
        read("a.flac", data)
    assert read("a.flac", data, start=1).seconds == 60
    with pytest.raises(SeqvizError, match="at most 60 s"):
        read("a.flac", data, length=60.5)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_samples_that_are_not_numbers_are_named(value):
    samples = sine(440)
    samples[8000] = value
    with pytest.raises(SeqvizError, match=r"not a number at 0.500 s"):
        read("a.wav", encoded(samples, subtype="FLOAT"))


def test_infinities_that_cancel_are_refused_without_a_warning():
    samples = np.stack([sine(440), sine(440)], axis=1)
    samples[800] = np.inf, -np.inf
    with pytest.raises(SeqvizError, match=r"not a number at 0.050 s"):
        read("a.wav", encoded(samples, subtype="FLOAT"))


def test_a_truncated_file_is_read_to_where_it_ends():
    whole = encoded(sine(440), subtype="PCM_16")
    sound = read("a.wav", whole[: len(whole) // 2])
    np.testing.assert_allclose(sound.samples, sine(440)[: len(sound.samples)], atol=1e-4)
    assert 0.4 < sound.seconds < 0.6
    assert "cut short: the WAV file announces 1 s" in sound.description
    assert "cut short" not in read("a.wav", whole[: len(whole) // 2], 0.1, 0.2).description


def test_a_stream_that_does_not_know_its_length_is_whole():
    whole = encoded(sine(440), subtype="PCM_16")
    at = whole.index(b"data") + 4
    sound = read("a.wav", whole[:at] + struct.pack("<I", 0xFFFFFFFF) + whole[at + 4 :])
    assert "cut short" not in sound.description


def test_a_truncated_flac_says_so():
    rng = np.random.default_rng(0)
    noise = rng.uniform(-1, 1, RATE).astype(np.float32)
    whole = encoded(noise, kind="FLAC", subtype="PCM_16")
    sound = read("a.flac", whole[: len(whole) // 2])
    assert 0 < sound.seconds < 1
    assert "cut short: the FLAC file announces 1 s" in sound.description


@pytest.mark.parametrize("data", [b"", b"RIFF", b"fLaC", b"OggS", b"not a sound at all" * 20])
def test_what_is_no_sound_is_refused(data):
    with pytest.raises(SeqvizError, match="not a WAV, FLAC or OGG file"):
        read("a.wav", data)


def test_other_containers_are_refused_by_name():
    with pytest.raises(SeqvizError, match="holds AIFF: save it as WAV"):
        read("a.wav", encoded(sine(440), kind="AIFF"))


def test_a_header_that_promises_gigabytes_costs_no_memory():
    wav = bytearray(encoded(sine(440, 0.1)))
    data_at = wav.index(b"data")
    wav[4:8] = wav[data_at + 4 : data_at + 8] = struct.pack("<I", 0xFFFFFFF0)
    flac = bytearray(encoded(sine(440, 0.1), kind="FLAC"))
    flac[21] |= 0x0F  # STREAMINFO: the number of samples, 36 bits
    flac[22:26] = b"\xff" * 4
    tracemalloc.start()
    for data in (wav, flac):
        try:
            assert read("a.wav", bytes(data)).seconds <= 0.2
        except SeqvizError as error:
            assert "choose a start" in str(error)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20 * 2**20


def test_a_long_recording_is_held_once():
    silence = encoded(np.zeros(4_000_000, np.float32), 80_000, "FLAC")
    tracemalloc.start()
    assert len(read("a.flac", silence).samples) == 4_000_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1.7 * 16_000_000  # bytes


def test_an_absurd_sample_rate_is_refused():
    wav = bytearray(encoded(sine(440, 0.1)))
    at = wav.index(b"fmt ") + 12
    wav[at : at + 4] = struct.pack("<I", 2**31 - 1)
    with pytest.raises(SeqvizError, match="header is damaged"):
        read("a.wav", bytes(wav))


@settings(deadline=None, max_examples=60)
@given(data=st.binary(max_size=400), magic=st.sampled_from([b"", b"RIFF", b"fLaC", b"OggS"]))
def test_random_bytes_are_read_or_refused(data, magic):
    try:
        assert len(read("a.ogg", magic + data).samples) > 0
    except SeqvizError as error:
        assert "\n" not in str(error)


SOUNDS = [encoded(sine(440, 0.05, 8000), 8000, kind) for kind in ("WAV", "WAVEX", "FLAC", "OGG")]


@settings(deadline=None, max_examples=120)
@given(
    whole=st.sampled_from(SOUNDS),
    flips=st.lists(st.tuples(st.integers(0, 5000), st.integers(1, 255)), max_size=6),
    cut=st.integers(0, 6000),
)
def test_damaged_files_are_read_or_refused(whole, flips, cut):
    data = bytearray(whole)
    for at, change in flips:
        data[at % len(data)] ^= change
    tracemalloc.start()
    try:
        sound = read("a.wav", bytes(data[: max(1, cut)]))
        assert np.isfinite(sound.samples).all() and 0 < sound.seconds <= audio.MAX_SECONDS
    except SeqvizError as error:
        assert "\n" not in str(error)
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 100 * 2**20


def test_a_damaged_file_leaves_nothing_on_stderr(capfd):
    for whole in SOUNDS:
        for cut in range(1, len(whole), 97):
            data = bytearray(whole)
            data[cut:cut] = b"\xff" * 7
            with contextlib.suppress(SeqvizError):
                read("a.wav", bytes(data))
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("band", range(16))
def test_a_sine_is_loudest_in_its_band(band):
    _, centres = filterbank(16, 400, RATE)
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
    weights, centres = filterbank(bands, n_fft, rate)
    assert weights.shape == (bands, n_fft // 2 + 1)
    assert (weights >= 0).all() and (weights.sum(dim=1) > 0).all()
    frequency = np.arange(n_fft // 2 + 1) * rate / n_fft
    width = rate / n_fft / 2
    inside = (frequency - width >= centres[0]) & (frequency + width <= centres[-1])
    np.testing.assert_allclose(weights.sum(dim=0)[inside], 1, rtol=1e-9)
    mel = 2595 * np.log10(1 + centres / 700)
    np.testing.assert_allclose(
        mel, np.linspace(0, 2595 * np.log10(1 + rate / 1400), bands + 2)[1:-1]
    )


@pytest.mark.parametrize(
    ("bands", "n_fft", "rate"),
    [(16, 400, RATE), (64, 65, 48_000), (64, 4, 8), (1, 11, 8), (5, 9, 1)],
)
def test_filters_are_the_triangles_of_the_formula(bands, n_fft, rate):
    top = 2595 * math.log10(1 + rate / 2 / 700)
    corners = 700 * (10 ** (np.linspace(0, top, bands + 2) / 2595) - 1)
    edges = (np.arange(n_fft // 2 + 2) - 0.5) * (rate / n_fft)
    low, centre, high = (corners[k : k + bands, None] for k in range(3))
    rising = (np.clip(edges, low, centre) - low) ** 2 / (2 * (centre - low))
    falling = (high - np.clip(edges, centre, high)) ** 2 / (2 * (high - centre))
    dense = np.diff(rising - falling, axis=1) / (rate / n_fft)  # (bands, n_fft//2 + 1)
    weights, centres = filterbank(bands, n_fft, rate)
    np.testing.assert_array_equal(weights.numpy(), dense)
    np.testing.assert_array_equal(centres, corners[1:-1])


@pytest.mark.parametrize("bands", [1, 16, 64])
def test_frames_are_the_power_times_the_filterbank(bands):
    noise = torch.randn(3000, generator=torch.Generator().manual_seed(2)).numpy()
    power = torch.cat(list(audio._power(noise, 400, 200, 14)))  # (14, 201)
    energies = power @ filterbank(bands, 400, RATE)[0].T  # (14, bands)
    x = frames(recording(noise), bands).x
    np.testing.assert_allclose(x, np.log(energies.numpy() + audio.QUIET), rtol=1e-6)


def test_the_longest_frame_at_the_highest_rate_costs_little_memory():
    noise = torch.randn(1000, generator=torch.Generator().manual_seed(3)).numpy()
    tracemalloc.start()
    x = frames(recording(noise, audio.MAX_RATE), bands=audio.MAX_BANDS, frame_ms=1000).x
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert x.shape == (1, 64) and peak < 40 * 2**20


def test_frames_name_their_times_and_bands():
    sequence = frames(recording(sine(440, 0.1)), bands=4, frame_ms=25)
    assert sequence.kind == "audio" and sequence.sample_rate == RATE
    assert sequence.labels[:3] == ("0.000 s", "0.013 s", "0.025 s")
    assert sequence.feature_names == ("459 Hz", "1218 Hz", "2475 Hz", "4556 Hz")
    assert sequence.x.shape == (7, 4)
    assert frames(recording(sine(440, 0.1)), hop_ms=25).labels[1] == "0.025 s"


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
        {"hop_ms": 0.0},
        {"hop_ms": math.inf},
    ],
)
def test_impossible_frames_are_refused(wrong):
    with pytest.raises(SeqvizError, match="[Ss]et"):
        frames(recording(sine(440)), **wrong)


@settings(deadline=None, max_examples=50)
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
