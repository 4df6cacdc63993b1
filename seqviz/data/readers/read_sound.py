"""WAV, FLAC, OGG or MP3 -> Recording: a stretch of bounded length, channels averaged."""

from __future__ import annotations

import io
import math
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

from seqviz.data.audio import Recording
from seqviz.errors import SeqvizError
from seqviz.limits import MAX_SAMPLE_RATE, MAX_SAMPLES, MAX_SECONDS
from seqviz.types import FloatArray

if TYPE_CHECKING:
    import soundfile

_FORMATS = ("WAV", "WAVEX", "RF64", "FLAC", "OGG", "MP3")
_DECODED = 2**10  # samples a channel, decoded at a time


def read_sound(
    name: str, data: bytes, start: float = 0.0, length: float | None = None
) -> Recording:
    """The sound of a WAV (also float and EXTENSIBLE), FLAC, OGG or MP3 file, channels averaged.

    start, length: the stretch to read, in seconds; length None means to the end.
    Raises SeqvizError when the stretch is longer than MAX_SECONDS, empty, not finite, or the file
    is damaged beyond reading. One cut short is read to where it ends where its format allows.
    """
    if not math.isfinite(start) or start < 0 or not (length is None or length > 0):
        raise SeqvizError("Choose a start of 0 s or more and a length above 0 s.")
    with _opened(name, data) as file:
        rate, channels = file.samplerate, file.channels
        first = min(round(start * rate), file.frames)
        wanted = file.frames - first
        if length is not None:
            wanted = min(wanted, round(min(length, MAX_SECONDS * 2) * rate))
        _refuse_long(name, wanted, rate, channels)
        samples = _mono(file, first, wanted)
        format_name, there = file.format, file.frames
    if not len(samples):
        raise SeqvizError(_no_sound(name, start, first, there, wanted))
    if not np.isfinite(samples).all():
        at = int(np.argmin(np.isfinite(samples)))
        raise SeqvizError(
            f"{name} is not a number at {at / rate:.3f} s: export it again as 16-bit WAV."
        )
    said = f"{len(samples) / rate:.3g} s at {rate:,} Hz, " + (
        "1 channel" if channels == 1 else f"{channels} channels mixed to one"
    )
    announced = max(wanted, _announced(data) - first if length is None else 0)
    if len(samples) < announced:
        said += f", cut short: the {format_name} file announces {announced / rate:.3g} s"
    return Recording(samples, rate, name, said)


class _Bytes(io.BytesIO):
    """A file whose seeks never fail: libsndfile cannot pass on an exception, and prints it."""

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self.tell()}.get(whence, len(self.getbuffer()))
        return super().seek(max(0, base + offset))


@contextmanager
def _opened(name: str, data: bytes) -> Iterator[soundfile.SoundFile]:
    import soundfile

    try:
        with soundfile.SoundFile(_Bytes(data)) as file:
            if file.format not in _FORMATS:
                raise SeqvizError(f"{name} holds {file.format}: save it as WAV, FLAC, OGG or MP3.")
            if not 0 < file.samplerate <= MAX_SAMPLE_RATE or file.channels < 1 or file.frames < 0:
                raise SeqvizError(
                    f"{name} announces {file.samplerate:,} Hz and {file.channels:,} channels: its "
                    "header is damaged, save it again."
                )
            yield file
    except (soundfile.SoundFileError, RuntimeError, TypeError) as error:
        raise SeqvizError(
            f"{name} is not a WAV, FLAC, OGG or MP3 file or is damaged: save it again and upload "
            "it."
        ) from error


def _announced(data: bytes) -> int:
    """Samples a channel that a WAV's header promises, where libsndfile counts those it finds.

    0 for other formats, and for a recorder's stream, which was begun before its length was known.
    """
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        return 0
    at, frame = 12, 0
    while at + 8 <= len(data):
        kind, size = struct.unpack_from("<4sI", data, at)
        if kind == b"fmt " and at + 22 <= len(data):
            (frame,) = struct.unpack_from("<H", data, at + 20)  # bytes, all channels together
        if kind == b"data":
            return size // frame if frame and size != 0xFFFFFFFF else 0
        at += 8 + size + size % 2  # chunks begin at even places
    return 0


def _no_sound(name: str, start: float, first: int, there: int, wanted: int) -> str:
    if first < there and not wanted:
        return f"{name} has no sample within so short a stretch: choose a longer length."
    if first:
        return f"{name} holds no sound from {start:g} s on: choose an earlier start."
    return f"{name} holds no sound: record it again, or upload another file."


def _refuse_long(name: str, wanted: int, rate: int, channels: int) -> None:
    seconds = wanted / rate
    longest = min(MAX_SECONDS, MAX_SAMPLES / (rate * channels))
    if seconds > longest:
        lasts = f"{seconds:,.3g} s" if seconds < 1e6 else "impossibly long"
        raise SeqvizError(
            f"{name} is {lasts} and at most {longest:.3g} s are read at once: choose a start and a "
            "length, or upload a shorter part."
        )


def _mono(file: soundfile.SoundFile, first: int, wanted: int) -> FloatArray:
    """What is there of `wanted` samples, channels averaged: (n,), read-only."""
    if first:
        file.seek(first)
    decoded = bytearray()  # grows with what is there; joining parts would take twice as much
    # soundfile seeks after each read, and an MP3 that goes on from a seek has other samples
    at_a_time = wanted if file.format == "MP3" else _DECODED
    while wanted > 0:
        try:
            block = file.read(
                min(at_a_time, wanted), dtype="float32", always_2d=True
            )  # (n, channels)
        except RuntimeError:  # where a file was cut, FLAC's decoder gives up
            if not decoded:
                raise
            break
        if not len(block):
            break
        with np.errstate(all="ignore"):  # what is not finite is refused by read, in a sentence
            mono = block.sum(axis=1, dtype=np.float64) / file.channels
            decoded += mono.astype(np.float32).tobytes()
        wanted -= len(block)
    samples = np.frombuffer(decoded, np.float32)
    samples.flags.writeable = False  # rather than a read-only copy
    return samples
