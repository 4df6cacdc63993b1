"""Sound: a file or a microphone's recording -> samples -> frames of log band energies."""

from __future__ import annotations

import io
import math
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from seqviz.errors import SeqvizError
from seqviz.types import FloatArray, InputSequence

if TYPE_CHECKING:
    import soundfile

MAX_SECONDS = 60.0
"""The longest stretch of sound that is read at once."""
MAX_SAMPLES = 20_000_000
"""The most samples that are decoded, all channels together."""
MAX_RATE = 768_000
"""The highest sample rate that is believed, in Hz."""
MAX_BANDS = 64
MAX_FRAMES = 2000
QUIET = 1e-10
"""Added to every energy before the logarithm: silence is ln(1e-10) = -23.03."""

_FORMATS = ("WAV", "WAVEX", "RF64", "FLAC", "OGG")
_DECODED = 2**10  # samples a channel, decoded at a time
_BLOCK = 2**18  # samples an STFT holds at a time
_FRAME_MS = (1.0, 1000.0)


class _Triangle(NamedTuple):
    """A band's weights over the bins it hears, from bin `first` on."""

    first: int
    weights: torch.Tensor


@dataclass(frozen=True, eq=False)
class Recording:
    """Sound, one channel.

    samples: (n,) float32, read-only, full scale -1 to 1 (float files may go beyond).
    sample_rate: in Hz. name: the file's. description: what was read, in a sentence.
    """

    samples: FloatArray
    sample_rate: int
    name: str
    description: str

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return len(self.samples) / self.sample_rate


def read(name: str, data: bytes, start: float = 0.0, length: float | None = None) -> Recording:
    """The sound of a WAV (also float and EXTENSIBLE), FLAC or OGG file, channels averaged.

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


def duration(name: str, data: bytes) -> float:
    """The seconds a file says it lasts, from its header only."""
    with _opened(name, data) as file:
        return float(file.frames / file.samplerate)


def frames(
    recording: Recording, bands: int = 16, frame_ms: float = 25.0, hop_ms: float | None = None
) -> InputSequence:
    """Natural logarithms of the energy in each band, one step a frame: x (T, bands).

    bands: 1 to MAX_BANDS, spaced evenly in mel from 0 Hz to half the sample rate. frame_ms: 1 to
    1000, the Hann window's length. hop_ms: from one frame's start to the next, half a frame when
    None. Energies are mean squares weighted by the window: over all bands they add up to that of
    the frame, up to the outermost half bands. Labels are the times at which the frames start.

    Raises SeqvizError when an argument is out of range or T would exceed MAX_FRAMES.
    """
    hop_ms = frame_ms / 2 if hop_ms is None else hop_ms
    if not 1 <= bands <= MAX_BANDS:
        raise SeqvizError(f"bands is {bands}: set it between 1 and {MAX_BANDS}.")
    if not _FRAME_MS[0] <= frame_ms <= _FRAME_MS[1] or not 0 < hop_ms <= _FRAME_MS[1]:
        raise SeqvizError("Set the frame between 1 and 1,000 ms and the hop above 0, up to 1,000.")
    rate = recording.sample_rate
    length = max(4, round(rate * frame_ms / 1000))  # samples in a frame
    hop = max(1, round(rate * hop_ms / 1000))
    steps = 1 + max(0, math.ceil((len(recording.samples) - length) / hop))
    if steps > MAX_FRAMES:
        enough = math.ceil(recording.seconds / MAX_FRAMES * 1000 * frame_ms / hop_ms)
        raise SeqvizError(
            f"{recording.seconds:.3g} s make {steps:,} frames and a sequence can have at most "
            f"{MAX_FRAMES:,} steps: choose a longer frame, {enough} ms or more, or a shorter "
            "stretch of sound."
        )
    triangles, centres = _triangles(bands, length, rate)
    power = _power(recording.samples, length, hop, steps)
    energies = torch.cat([_by_band(block, triangles) for block in power])  # (T, bands)
    return InputSequence(
        x=torch.log(energies + QUIET).numpy().astype(np.float32),
        labels=tuple(f"{t * hop / rate:.3f} s" for t in range(steps)),
        feature_names=tuple(f"{f:.0f} Hz" if f >= 10 else f"{f:.2g} Hz" for f in centres),
        name=recording.name,
        sample_rate=float(rate),
        kind="audio",
    )


def filterbank(
    bands: int, n_fft: int, sample_rate: int
) -> tuple[torch.Tensor, NDArray[np.float64]]:
    """Triangles spaced evenly in mel: weights (bands, n_fft//2 + 1) float64, centres in Hz.

    Each weight is the triangle's mean over the width of its FFT bin, so that a band narrower than
    a bin still hears something; between the outermost centres the weights of a bin add up to 1.
    Source: mel = 2595 log10(1 + f/700), O'Shaughnessy, Speech Communication (1987).
    """
    triangles, centres = _triangles(bands, n_fft, sample_rate)
    weights = torch.zeros(bands, n_fft // 2 + 1, dtype=torch.float64)
    for row, (first, inside) in zip(weights, triangles, strict=True):
        row[first : first + len(inside)] = inside
    return weights, centres


def envelope(recording: Recording, points: int) -> FloatArray:
    """The lowest and highest sample of `points` equal stretches, to draw with: (points, 2)."""
    if points < 1:
        raise SeqvizError(f"points is {points}: set it to 1 or more.")
    starts = np.arange(points) * len(recording.samples) // points  # (points,)
    ends = (np.minimum, np.maximum)
    return np.stack([end.reduceat(recording.samples, starts) for end in ends], axis=1)


def _triangles(
    bands: int, n_fft: int, sample_rate: int
) -> tuple[list[_Triangle], NDArray[np.float64]]:
    """`filterbank` without its zeros: nearly all of it when bands and bins are many."""
    top = 2595 * math.log10(1 + sample_rate / 2 / 700)
    corners = 700 * (10 ** (np.linspace(0, top, bands + 2) / 2595) - 1)  # Hz
    width = sample_rate / n_fft
    edges = (np.arange(n_fft // 2 + 2) - 0.5) * width  # of the bins
    firsts = np.searchsorted(edges, corners[:-2], side="right") - 1  # last edges below
    lasts = np.searchsorted(edges, corners[2:], side="left")  # first edges above
    triangles = []
    for k, (first, last) in enumerate(zip(firsts, lasts, strict=True)):
        low, centre, high = corners[k : k + 3]
        near = edges[first : last + 1]
        rising = (np.clip(near, low, centre) - low) ** 2 / (2 * (centre - low))
        falling = (high - np.clip(near, centre, high)) ** 2 / (2 * (high - centre))
        area = rising - falling  # (bins + 1,): the triangle's up to each edge, + a constant
        triangles.append(_Triangle(int(first), torch.from_numpy(np.diff(area) / width)))
    return triangles, corners[1:-1]


def _by_band(power: torch.Tensor, triangles: list[_Triangle]) -> torch.Tensor:
    """The energy in each band, (some of T, bands), of power (some of T, bins)."""
    energies = [power[:, first : first + len(w)] @ w for first, w in triangles]
    return torch.stack(energies, dim=1)


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
                raise SeqvizError(f"{name} holds {file.format}: save it as WAV, FLAC or OGG.")
            if not 0 < file.samplerate <= MAX_RATE or file.channels < 1 or file.frames < 0:
                raise SeqvizError(
                    f"{name} announces {file.samplerate:,} Hz and {file.channels:,} channels: its "
                    "header is damaged, save it again."
                )
            yield file
    except (soundfile.SoundFileError, RuntimeError, TypeError) as error:
        raise SeqvizError(
            f"{name} is not a WAV, FLAC or OGG file or is damaged: save it again and upload it."
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
    while wanted > 0:
        try:
            block = file.read(
                min(_DECODED, wanted), dtype="float32", always_2d=True
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


def _power(samples: FloatArray, length: int, hop: int, steps: int) -> Iterator[torch.Tensor]:
    """Mean squares by frequency, (some of T, length//2 + 1) at a time; a frame's sum is its own."""
    window = torch.hann_window(length, dtype=torch.float64)
    twice = torch.full((length // 2 + 1,), 2.0, dtype=torch.float64)  # negative frequencies
    twice[0] = 1.0
    if length % 2 == 0:
        twice[-1] = 1.0
    scale = twice / (length * window.square().sum())
    block = max(1, _BLOCK // length)
    for t in range(0, steps, block):
        count = min(block, steps - t)
        needed = (count - 1) * hop + length
        part = torch.zeros(needed, dtype=torch.float64)  # the last frame may end in silence
        there = torch.from_numpy(samples[t * hop : t * hop + needed].astype(np.float64))
        part[: len(there)] = there
        spectrum = torch.stft(
            part, length, hop, window=window, center=False, return_complex=True
        )  # (bins, count)
        yield spectrum.abs().square().T * scale
