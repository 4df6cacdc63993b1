"""Sounds to read: sines, and files of them."""

import io

import numpy as np
import soundfile

RATE = 16_000


def sine(frequency: float, seconds: float = 1.0, rate: int = RATE, amplitude: float = 0.5):
    t = np.arange(round(seconds * rate)) / rate
    return (amplitude * np.sin(2 * np.pi * frequency * t)).astype(np.float32)


def encoded(samples, rate: int = RATE, kind: str = "WAV", subtype: str | None = None) -> bytes:
    stream = io.BytesIO()
    soundfile.write(stream, samples, rate, format=kind, subtype=subtype)
    return stream.getvalue()
