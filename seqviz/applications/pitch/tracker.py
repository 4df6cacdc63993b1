"""A contour without learning: the pitch by autocorrelation, and a parabola through it.

Source: Boersma 1993, "Accurate short-term analysis of the fundamental frequency": the
autocorrelation of a windowed frame over that of its window.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from seqviz.data.audio import Recording

_FRAME, _HOP = 0.04, 0.02  # seconds
_LOWEST, _HIGHEST = 60.0, 1500.0  # Hz
_VOICED = 0.5  # of the frame's energy repeats after one period
_LEVEL = 1.5  # semitones from the lowest to the highest: less is flat


def contour(recording: Recording) -> str:
    """rising, falling, flat, down–up or up–down; flat where no pitch is found."""
    track = pitch_track(recording)
    if len(track) < 3:
        return "flat"
    semitones = 12 * np.log2(track)
    t = np.linspace(0, 1, len(track))
    a, b, c = np.polyfit(t, semitones, 2)
    line = np.polyval((a, b, c), t)
    if np.ptp(line) < _LEVEL:
        return "flat"
    turn = -b / (2 * a) if a else -1.0
    if 0 < turn < 1:
        extreme = np.polyval((a, b, c), turn)
        sides = np.abs(line[[0, -1]] - extreme)
        if sides.min() > 0.35 * sides.max():
            return "down–up" if a > 0 else "up–down"
    return "rising" if line[-1] > line[0] else "falling"


def pitch_track(recording: Recording) -> NDArray[np.float64]:
    """The pitch of each frame that has one, in Hz."""
    rate, samples = recording.sample_rate, recording.samples.astype(np.float64)
    length, hop = round(_FRAME * rate), round(_HOP * rate)
    window = np.hanning(length)
    shape = np.fft.irfft(np.abs(np.fft.rfft(window, 2 * length)) ** 2)[:length]
    lags = np.arange(max(2, round(rate / _HIGHEST)), min(length // 2, round(rate / _LOWEST)))
    found, loudest = [], float(np.abs(samples).max(initial=0.0))
    for start in range(0, len(samples) - length, hop):
        frame = samples[start : start + length]
        if np.abs(frame).max() < 0.05 * loudest or not loudest:
            continue
        spectrum = np.abs(np.fft.rfft((frame - frame.mean()) * window, 2 * length)) ** 2
        same = np.fft.irfft(spectrum)[:length] / shape.clip(min=1e-9)
        again = same[lags] / max(same[0], 1e-12)
        # the shortest of periods that are about as good: the others are its multiples
        good = np.flatnonzero(again > max(_VOICED, 0.9 * again.max()))
        if len(good):
            first = good[0]
            while first + 1 < len(again) and again[first + 1] > again[first]:
                first += 1
            found.append(rate / lags[first])
    return np.array(found)
