"""Voices, hums and whistles whose pitch rises, falls, stays, or turns on its way."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from seqviz.data.audio import Recording
from seqviz.types import frozen

CONTOURS = ("rising", "falling", "flat", "down–up", "up–down")
RATE = 8000
"""Samples a second: the bands end at 2,000 Hz."""

_HEARD = 2400.0  # Hz: what is above the bands need not be made

Samples = NDArray[np.float64]


def sound(contour: str, generator: np.random.Generator) -> Recording:
    """One sound of 0.15 to 0.9 s with this contour, in any voice, at any level, in any noise."""
    seconds = np.exp(generator.uniform(np.log(0.15), np.log(0.9)))
    time = np.arange(round(seconds * RATE)) / RATE
    kind = generator.choice(["voice", "hum", "whistle"], p=[0.75, 0.13, 0.12])
    base = _middle(str(kind), generator)
    semitones = melody(contour, time / seconds, generator)
    semitones = semitones + _approach(time, generator) + _unsteady(time, generator)
    frequency = base * 2 ** (semitones / 12)
    frequency = frequency.clip(50, 1900)
    samples = _sung(kind, frequency, time, generator) * _loudness(time / seconds, generator)
    return _recorded(samples / np.abs(samples).max(), generator, contour)


def nothing(generator: np.random.Generator) -> Recording:
    """A sound without a contour: silence, noise, clicks, or chords and notes one after another."""
    time = np.arange(round(generator.uniform(0.2, 1.0) * RATE)) / RATE
    kind = generator.choice(["silence", "noise", "clicks", "music"], p=[0.1, 0.3, 0.1, 0.5])
    if kind == "silence":
        return Recording(frozen(np.zeros(len(time))), RATE, "nothing", "silence")
    if kind == "noise":
        samples = _noise(len(time), generator.uniform(-1.5, 0.5), generator)
    elif kind == "clicks":
        samples = (generator.random(len(time)) < 12 / RATE) * generator.normal(size=len(time))
        samples[len(time) // 2] = 1.0
    else:
        samples = _music(time, generator)
    samples = samples / np.abs(samples).max() * np.exp(generator.uniform(-4.0, 0.0))
    return Recording(frozen(samples), RATE, "nothing", str(kind))


def _middle(kind: str, generator: np.random.Generator) -> float:
    """The pitch a contour moves around, in Hz: half of the voices are as low as men's."""
    low, high = (400, 1300) if kind == "whistle" else ((60, 140), (140, 420))[generator.integers(2)]
    return float(np.exp(generator.uniform(np.log(low), np.log(high))))


def melody(contour: str, t: Samples, generator: np.random.Generator) -> Samples:
    """The pitch in semitones around its middle, for t from 0 to 1."""
    if contour == "flat":
        return generator.normal(0.0, 0.8) * (t - 0.5)  # a voice sinks or rises by a trifle
    size = np.exp(generator.uniform(np.log(2.2), np.log(12.0)))
    # beginnings and ends may stay level for a while, as in speech
    first, last = generator.uniform(0.0, 0.3), 1 - generator.uniform(0.0, 0.25)
    along = ((t - first) / (last - first)).clip(0, 1)
    if contour in ("rising", "falling"):
        way: Samples = size * (_glide(along, generator) - 0.5)
        return way if contour == "rising" else -way
    turn = generator.uniform(0.3, 0.7)
    size = max(size, 3.2)
    ends = generator.uniform(0.65, 1.0, 2)  # one side may be the shorter way
    down = ends[0] * (1 - _glide((along / turn).clip(0, 1), generator))
    up = ends[1] * _glide(((along - turn) / (1 - turn)).clip(0, 1), generator)
    semitones: Samples = size * (down + up - 0.5) * (1 if contour == "down–up" else -1)
    return semitones


def _glide(t: Samples, generator: np.random.Generator) -> Samples:
    """From 0 to 1: straight, late, early or S-shaped."""
    power = np.exp(generator.normal(0.0, 0.4))
    smooth = generator.random()
    bent = t**power
    way: Samples = smooth * bent * bent * (3 - 2 * bent) + (1 - smooth) * bent
    return way


def _approach(time: Samples, generator: np.random.Generator) -> Samples:
    """A voice begins below its pitch, or above it behind a voiceless consonant, in semitones.

    Source: Xu & Sun 2002, "Maximum speed of pitch change and how it may relate to speech": a pitch
    takes a tenth of a second to get where it should be.
    """
    if generator.random() < 0.3:
        return np.zeros(len(time))
    away: Samples = generator.normal(-0.7, 1.0) * np.exp(-time / generator.uniform(0.03, 0.12))
    return away


def _unsteady(time: Samples, generator: np.random.Generator) -> Samples:
    """Vibrato and a slow drift, in semitones."""
    vibrato = abs(generator.normal(0.0, 0.12)) * np.sin(
        2 * np.pi * (generator.uniform(4, 7) * time + generator.random())
    )
    places = np.linspace(0, time[-1], 8)
    drift = np.interp(time, places, generator.normal(0.0, abs(generator.normal(0.0, 0.12)), 8))
    return vibrato + drift


def _sung(kind: str, frequency: Samples, time: Samples, generator: np.random.Generator) -> Samples:
    """Harmonics of a moving pitch, each as loud as the throat lets it through."""
    phase = 2 * np.pi * np.cumsum(frequency) / RATE
    if kind == "whistle":
        return np.sin(phase) + generator.uniform(0, 0.1) * np.sin(2 * phase)
    harmonics = np.arange(1, min(32, int(_HEARD / frequency.min())) + 1)
    tilt = generator.uniform(1.5, 2.5) if kind == "hum" else generator.uniform(0.6, 1.6)
    lead = generator.uniform(0.3, 1.5)  # the first harmonic may be weak
    samples = np.zeros(len(time))
    formants = _formants(time, generator)
    for n in harmonics:
        partial = n * frequency
        loud = float(n) ** -tilt * (lead if n == 1 else 1.0)
        if kind == "voice":
            loud = loud * _throat(partial, formants)
        loud = loud * (partial < _HEARD)
        samples += loud * np.sin(n * phase + generator.uniform(0, 2 * np.pi))
    return samples


def _formants(time: Samples, generator: np.random.Generator) -> list[tuple[Samples, float]]:
    """Three resonances that move from one vowel to another: frequencies (n,) and widths, Hz."""
    t = (time / time[-1]).clip(0, 1)
    long = generator.uniform(0.85, 1.25)  # short throats sound higher
    formants = []
    for low, high, width in ((270, 850, 90), (800, 2300, 130), (2200, 3100, 180)):
        begin, end = generator.uniform(low, high, 2) * long
        moves = generator.random() < 0.6
        formants.append((begin + (end - begin) * t * moves, width * generator.uniform(0.7, 1.6)))
    return formants


def _throat(frequency: Samples, formants: list[tuple[Samples, float]]) -> Samples:
    through = np.full(len(frequency), 0.03)
    for centre, width in formants:
        through = through + 1 / (1 + ((frequency - centre) / width) ** 2)
    return through


def _loudness(t: Samples, generator: np.random.Generator) -> Samples:
    """A quick or slow beginning and end, and a swell in between."""
    attack, decay = generator.uniform(0.02, 0.25), generator.uniform(0.05, 0.4)
    level = np.interp(t, np.linspace(0, 1, 5), np.exp(generator.normal(0.0, 0.4, 5)))
    loud: Samples = level * (t / attack).clip(0, 1) * ((1 - t) / decay).clip(0, 1)
    return loud


def _recorded(samples: Samples, generator: np.random.Generator, contour: str) -> Recording:
    """With a consonant before it, perhaps, an echo, noise of the room and a level."""
    if generator.random() < 0.5:
        samples = _with_consonant(samples, generator)
    if generator.random() < 0.3:
        delay = round(np.exp(generator.uniform(np.log(0.005), np.log(0.15))) * RATE)
        echo = np.pad(samples, (delay, 0)) * np.exp(generator.uniform(np.log(0.03), np.log(0.5)))
        samples = np.pad(samples, (0, delay)) + echo
    quiet = 10 ** (-generator.uniform(12, 60) / 20)
    samples = samples + quiet * _noise(len(samples), generator.uniform(-1.2, 0.2), generator)
    samples = samples / np.abs(samples).max() * np.exp(generator.uniform(-4.0, 0.0))
    return Recording(frozen(samples), RATE, contour, f"{len(samples) / RATE:.2g} s of our own")


def _with_consonant(samples: Samples, generator: np.random.Generator) -> Samples:
    length = round(generator.uniform(0.01, 0.12) * RATE)
    hiss = _noise(length, generator.uniform(-0.5, 1.0), generator)
    hiss *= np.hanning(length) * generator.uniform(0.05, 0.5)
    gap = np.zeros(round(generator.uniform(0.0, 0.03) * RATE))
    return np.concatenate([hiss, gap, samples])


def _noise(count: int, slope: float, generator: np.random.Generator) -> Samples:
    """Noise whose amplitude grows with frequency ** slope; its mean square is 1 or so."""
    spectrum = np.fft.rfft(generator.normal(size=count))
    spectrum *= np.linspace(1 / max(2, count // 2), 1, len(spectrum)).clip(min=0.01) ** slope
    noise = np.fft.irfft(spectrum, count)
    even: Samples = noise / max(noise.std(), 1e-9)
    return even


def _music(time: Samples, generator: np.random.Generator) -> Samples:
    """Notes and chords of a scale, plucked or held."""
    samples, now = np.zeros(len(time)), 0.0
    beat, key = generator.uniform(0.12, 0.5), generator.uniform(80, 250)
    fade = generator.uniform(0.5, 12)
    while now < time[-1]:
        since = (time - now).clip(min=0)
        loud = (time >= now) * np.exp(-fade * since) * (since < 2 * beat)
        for note in generator.choice([0, 2, 4, 5, 7, 9, 11, 12, 16, 19], generator.integers(1, 4)):
            partials = key * 2 ** (note / 12) * np.arange(1, 6)
            for n, partial in enumerate(partials[partials < 0.45 * RATE], start=1):
                samples += loud / n * np.sin(2 * np.pi * partial * since)
        now += beat * generator.choice([0.5, 1, 1, 2])
    return samples + 1e-6
