"""Sound files: every format read, stretches exact, bad ones refused, memory bounded."""

from __future__ import annotations

import contextlib
import io
import math
import struct

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st
from refusals import at_most
from sounds import RATE, encoded, sine

from seqviz.data.readers.read_sound import read_sound
from seqviz.errors import SeqvizError
from seqviz.limits import MAX_SECONDS


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
    sound = read_sound(f"a.{kind.lower()}", encoded(samples, kind=kind, subtype=subtype))
    assert sound.sample_rate == RATE
    assert sound.samples.dtype == np.float32 and not sound.samples.flags.writeable
    np.testing.assert_allclose(sound.samples, samples, atol=tolerance)
    assert sound.description == "1 s at 16,000 Hz, 1 channel"


@pytest.mark.parametrize("mode", ["CONSTANT", "VARIABLE"])
def test_an_mp3_has_the_samples_of_its_sound_to_the_end(mode):
    rate = 44_100
    samples = sine(440, 3.0, rate) + sine(1320, 3.0, rate, 0.2)
    stream = io.BytesIO()
    soundfile.write(stream, samples, rate, format="MP3", bitrate_mode=mode, compression_level=0)
    sound = read_sound("a.mp3", stream.getvalue())
    assert sound.description == "3 s at 44,100 Hz, 1 channel"
    np.testing.assert_allclose(sound.samples[2000:-2000], samples[2000:-2000], atol=0.02)
    part = read_sound("a.mp3", stream.getvalue(), start=1.25, length=0.5)
    begin = round(1.25 * rate)
    np.testing.assert_allclose(part.samples, sound.samples[begin : begin + rate // 2], atol=1e-6)


def test_channels_are_averaged():
    left, right = sine(440, 1.8), sine(880, 1.8)
    sound = read_sound("a.wav", encoded(np.stack([left, right], axis=1), subtype="FLOAT"))
    np.testing.assert_allclose(sound.samples, (left + right) / 2, atol=1e-7)
    assert sound.description == "1.8 s at 16,000 Hz, 2 channels mixed to one"
    assert sound.seconds == 1.8


def test_a_stretch_is_the_slice_of_the_whole():
    data = encoded(sine(440, 2.0), subtype="FLOAT")
    part = read_sound("a.wav", data, start=0.5, length=0.25)
    np.testing.assert_array_equal(part.samples, sine(440, 2.0)[RATE // 2 : RATE * 3 // 4])
    assert len(read_sound("a.wav", data, start=1.5).samples) == RATE // 2
    assert len(read_sound("a.wav", data, start=1.5, length=9).samples) == RATE // 2


@pytest.mark.parametrize(("start", "length"), [(5.0, None), (2.0, 1.0)])
def test_a_stretch_after_the_end_is_refused(start, length):
    with pytest.raises(SeqvizError, match="choose an earlier start"):
        read_sound("a.wav", encoded(sine(440)), start=start, length=length)


def test_what_is_missing_is_said():
    with pytest.raises(SeqvizError, match="holds no sound: record it again, or upload another"):
        read_sound("a.wav", encoded(sine(440, 0.0)))
    with pytest.raises(SeqvizError, match="no sample within so short a stretch: choose a longer"):
        read_sound("a.wav", encoded(sine(440)), length=1e-6)


@pytest.mark.parametrize(
    ("start", "length"), [(-1.0, None), (math.nan, 1.0), (0.0, 0.0), (0.0, math.nan), (0.0, -2.0)]
)
def test_an_impossible_stretch_is_refused(start, length):
    with pytest.raises(SeqvizError, match="Choose a start"):
        read_sound("a.wav", encoded(sine(440)), start=start, length=length)


def test_a_long_recording_is_refused_and_a_part_of_it_read():
    data = encoded(np.zeros(61 * 1000, np.float32), rate=1000, kind="FLAC")
    with pytest.raises(SeqvizError, match=r"is 61 s and at most 60 s .* choose a start"):
        read_sound("a.flac", data)
    assert read_sound("a.flac", data, start=1).seconds == 60
    with pytest.raises(SeqvizError, match="at most 60 s"):
        read_sound("a.flac", data, length=60.5)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_samples_that_are_not_numbers_are_named(value):
    samples = sine(440)
    samples[8000] = value
    with pytest.raises(SeqvizError, match=r"not a number at 0.500 s"):
        read_sound("a.wav", encoded(samples, subtype="FLOAT"))


def test_infinities_that_cancel_are_refused_without_a_warning():
    samples = np.stack([sine(440), sine(440)], axis=1)
    samples[800] = np.inf, -np.inf
    with pytest.raises(SeqvizError, match=r"not a number at 0.050 s"):
        read_sound("a.wav", encoded(samples, subtype="FLOAT"))


def test_a_truncated_file_is_read_to_where_it_ends():
    whole = encoded(sine(440), subtype="PCM_16")
    sound = read_sound("a.wav", whole[: len(whole) // 2])
    np.testing.assert_allclose(sound.samples, sine(440)[: len(sound.samples)], atol=1e-4)
    assert 0.4 < sound.seconds < 0.6
    assert "cut short: the WAV file announces 1 s" in sound.description
    assert "cut short" not in read_sound("a.wav", whole[: len(whole) // 2], 0.1, 0.2).description


def test_a_stream_that_does_not_know_its_length_is_whole():
    whole = encoded(sine(440), subtype="PCM_16")
    at = whole.index(b"data") + 4
    sound = read_sound("a.wav", whole[:at] + struct.pack("<I", 0xFFFFFFFF) + whole[at + 4 :])
    assert "cut short" not in sound.description


def test_a_truncated_flac_says_so():
    rng = np.random.default_rng(0)
    noise = rng.uniform(-1, 1, RATE).astype(np.float32)
    whole = encoded(noise, kind="FLAC", subtype="PCM_16")
    sound = read_sound("a.flac", whole[: len(whole) // 2])
    assert 0 < sound.seconds < 1
    assert "cut short: the FLAC file announces 1 s" in sound.description


@pytest.mark.parametrize("data", [b"", b"RIFF", b"fLaC", b"OggS", b"not a sound at all" * 20])
def test_what_is_no_sound_is_refused(data):
    with pytest.raises(SeqvizError, match="not a WAV, FLAC, OGG or MP3 file"):
        read_sound("a.wav", data)


def test_other_containers_are_refused_by_name():
    with pytest.raises(SeqvizError, match="holds AIFF: save it as WAV"):
        read_sound("a.wav", encoded(sine(440), kind="AIFF"))


def test_a_header_that_promises_gigabytes_costs_no_memory():
    wav = bytearray(encoded(sine(440, 0.1)))
    data_at = wav.index(b"data")
    wav[4:8] = wav[data_at + 4 : data_at + 8] = struct.pack("<I", 0xFFFFFFF0)
    flac = bytearray(encoded(sine(440, 0.1), kind="FLAC"))
    flac[21] |= 0x0F  # STREAMINFO: the number of samples, 36 bits
    flac[22:26] = b"\xff" * 4
    with at_most(20):
        for data in (wav, flac):
            try:
                assert read_sound("a.wav", bytes(data)).seconds <= 0.2
            except SeqvizError as error:
                assert "choose a start" in str(error)


def test_a_long_recording_is_held_once():
    silence = encoded(np.zeros(4_000_000, np.float32), 80_000, "FLAC")
    with at_most(1.7 * 16_000_000 / 2**20):
        assert len(read_sound("a.flac", silence).samples) == 4_000_000


def test_an_absurd_sample_rate_is_refused():
    wav = bytearray(encoded(sine(440, 0.1)))
    at = wav.index(b"fmt ") + 12
    wav[at : at + 4] = struct.pack("<I", 2**31 - 1)
    with pytest.raises(SeqvizError, match="header is damaged"):
        read_sound("a.wav", bytes(wav))


@settings(max_examples=60)
@given(data=st.binary(max_size=400), magic=st.sampled_from([b"", b"RIFF", b"fLaC", b"OggS"]))
def test_random_bytes_are_read_or_refused(data, magic):
    try:
        assert len(read_sound("a.ogg", magic + data).samples) > 0
    except SeqvizError as error:
        assert "\n" not in str(error)


SOUNDS = [encoded(sine(440, 0.05, 8000), 8000, kind) for kind in ("WAV", "WAVEX", "FLAC", "OGG")]
MP3 = encoded(sine(440, 0.5, 8000), 8000, "MP3")


@settings(max_examples=120)
@given(
    whole=st.sampled_from([*SOUNDS, MP3]),
    flips=st.lists(st.tuples(st.integers(0, 5000), st.integers(1, 255)), max_size=6),
    cut=st.integers(0, 6000),
)
def test_damaged_files_are_read_or_refused(whole, flips, cut):
    data = bytearray(whole)
    for at, change in flips:
        data[at % len(data)] ^= change
    with at_most(100):
        try:
            sound = read_sound("a.wav", bytes(data[: max(1, cut)]))
            assert np.isfinite(sound.samples).all() and 0 < sound.seconds <= MAX_SECONDS
        except SeqvizError as error:
            assert "\n" not in str(error)


def test_a_damaged_file_leaves_nothing_on_stderr(capfd):
    for whole in SOUNDS:
        for cut in range(1, len(whole), 97):
            data = bytearray(whole)
            data[cut:cut] = b"\xff" * 7
            with contextlib.suppress(SeqvizError):
                read_sound("a.wav", bytes(data))
    assert capfd.readouterr() == ("", "")
