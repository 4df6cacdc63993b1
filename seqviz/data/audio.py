"""Sound, one channel of samples -> frames of log band energies."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from seqviz.errors import SeqvizError
from seqviz.limits import (
    MAX_BANDS,
    MAX_FRAME_MS,
    MAX_STEPS,
    MIN_FRAME_MS,
)
from seqviz.types import FloatArray, InputSequence

if TYPE_CHECKING:
    pass

QUIET = 1e-10
"""Added to every energy before the logarithm: silence is ln(1e-10) = -23.03."""

_BLOCK = 2**18  # samples an STFT holds at a time


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


def frames(
    recording: Recording,
    bands: int = 16,
    frame_ms: float = 25.0,
    low: float = 0.0,
    high: float | None = None,
) -> InputSequence:
    """Natural logarithms of the energy in each band, one step a frame: x (T, bands).

    bands: 1 to MAX_BANDS, spaced evenly in mel from low to high. frame_ms: MIN_FRAME_MS to
    MAX_FRAME_MS, the Hann window's length; the next frame starts half of it later. low, high: in
    Hz, from 0 and, for None, to half the sample rate; bands above that hear nothing.
    Energies are mean squares weighted by the window: over all bands they add up to that of the
    frame, up to the outermost half bands. Labels are the times at which the frames start.

    Raises SeqvizError when an argument is out of range or T would exceed MAX_STEPS.
    Source: mel = 2595 log10(1 + f/700), O'Shaughnessy, Speech Communication (1987).
    """
    hop_ms = frame_ms / 2
    if not 1 <= bands <= MAX_BANDS:
        raise SeqvizError(f"bands is {bands}: set it between 1 and {MAX_BANDS}.")
    if not MIN_FRAME_MS <= frame_ms <= MAX_FRAME_MS:
        raise SeqvizError(
            f"frame_ms is {frame_ms}: set it between {MIN_FRAME_MS:g} and {MAX_FRAME_MS:,g}."
        )
    rate = recording.sample_rate
    high = rate / 2 if high is None else high
    if not 0 <= low < high < math.inf:
        raise SeqvizError(f"Bands go from {low:g} to {high:g} Hz: set low from 0 to below high.")
    length = max(4, round(rate * frame_ms / 1000))  # samples in a frame
    hop = max(1, round(rate * hop_ms / 1000))
    steps = 1 + max(0, math.ceil((len(recording.samples) - length) / hop))
    if steps > MAX_STEPS:
        enough = math.ceil(recording.seconds / MAX_STEPS * 1000 * frame_ms / hop_ms)
        raise SeqvizError(
            f"{recording.seconds:.3g} s make {steps:,} frames and a sequence can have at most "
            f"{MAX_STEPS:,} steps: choose a longer frame, {enough} ms or more, or a shorter "
            "stretch of sound."
        )
    triangles, centres = _triangles(bands, length, rate, low, high)
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


def envelope(recording: Recording, points: int) -> FloatArray:
    """The lowest and highest sample of `points` equal stretches, to draw with: (points, 2)."""
    if points < 1:
        raise SeqvizError(f"points is {points}: set it to 1 or more.")
    starts = np.arange(points) * len(recording.samples) // points  # (points,)
    ends = (np.minimum, np.maximum)
    return np.stack([end.reduceat(recording.samples, starts) for end in ends], axis=1)


def _triangles(
    bands: int, n_fft: int, sample_rate: int, low: float = 0.0, high: float | None = None
) -> tuple[list[_Triangle], NDArray[np.float64]]:
    """Triangles spaced evenly in mel over n_fft//2 + 1 bins, and their centres in Hz, (bands,).

    Each weight is the triangle's mean over the width of its FFT bin, so that a band narrower than
    a bin still hears something; between the outermost centres the weights of a bin add up to 1.
    Only weights that are not 0 are kept: few, when bands and bins are many.
    """
    bottom, top = (
        2595 * math.log10(1 + f / 700) for f in (low, sample_rate / 2 if high is None else high)
    )
    corners = 700 * (10 ** (np.linspace(bottom, top, bands + 2) / 2595) - 1)  # Hz
    width = sample_rate / n_fft
    edges = (np.arange(n_fft // 2 + 2) - 0.5) * width  # of the bins
    firsts = np.searchsorted(edges, corners[:-2], side="right") - 1  # last edges below
    lasts = np.searchsorted(edges, corners[2:], side="left")  # first edges above
    triangles = []
    lasts = lasts.clip(max=len(edges) - 1)  # no bin is heard above half the rate
    for k, (first, last) in enumerate(zip(firsts, lasts, strict=True)):
        begin, centre, end = corners[k : k + 3]
        near = edges[first : last + 1]
        rising = (np.clip(near, begin, centre) - begin) ** 2 / (2 * (centre - begin))
        falling = (end - np.clip(near, centre, end)) ** 2 / (2 * (end - centre))
        area = rising - falling  # (bins + 1,): the triangle's up to each edge, + a constant
        triangles.append(_Triangle(int(first), torch.from_numpy(np.diff(area) / width)))
    return triangles, corners[1:-1]


def _by_band(power: torch.Tensor, triangles: list[_Triangle]) -> torch.Tensor:
    """The energy in each band, (some of T, bands), of power (some of T, bins)."""
    energies = [power[:, first : first + len(w)] @ w for first, w in triangles]
    return torch.stack(energies, dim=1)


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
