"""Tiny files of every kind somebody may upload, and what a network must read from each."""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import soundfile
from playwright.sync_api import FilePayload

RATE = 8000  # Hz
TEXT = "to be, or not to be"


@dataclass(frozen=True)
class Sample:
    """A file. kind: "table", "text", "sound", or "recording" whose numbers nobody knows.

    steps and features of x; of sound, steps counts its samples.
    """

    name: str
    data: bytes
    kind: str
    steps: int = 0
    features: int = 0

    @property
    def payload(self) -> FilePayload:
        """As Playwright puts it into a page."""
        return {"name": self.name, "mimeType": "application/octet-stream", "buffer": self.data}

    def shape(self, bands: int = 16, frame_ms: float = 25.0) -> tuple[int, int]:
        """(T, I) of x. Of sound: frames every half frame_ms, bands."""
        if self.kind == "recording":
            return self.steps, bands
        if self.kind != "sound":
            return self.steps, self.features
        length = round(RATE * frame_ms / 1000)
        hop = round(RATE * frame_ms / 2000)
        return 1 + max(0, math.ceil((self.steps - length) / hop)), bands


def table(rows: int) -> pd.DataFrame:
    rng = np.random.default_rng(rows)
    return pd.DataFrame({"flow": rng.normal(size=rows), "level": rng.normal(size=rows)})


def tone(seconds: float) -> np.ndarray:
    return 0.5 * np.sin(2 * np.pi * 440 * np.arange(int(RATE * seconds)) / RATE)


def _saved(save: Callable[[io.BytesIO], object]) -> bytes:
    file = io.BytesIO()
    save(file)
    return file.getvalue()


def _csv(rows: int, separator: str = ",") -> bytes:
    return table(rows).to_csv(sep=separator, index=False).encode()


def _json(rows: int) -> bytes:
    return str(table(rows).to_json(orient="records")).encode()


def sound(ending: str, seconds: float = 0.5, name: str = "walk") -> Sample:
    """A tone as a WAV, FLAC or OGG file."""
    samples = tone(seconds)
    data = _saved(lambda file: soundfile.write(file, samples, RATE, format=ending.upper()))
    return Sample(f"{name}.{ending}", data, "sound", steps=len(samples))


SAMPLES: dict[str, Sample] = {
    "csv": Sample("walk.csv", _csv(31), "table", 31, 2),
    "tsv": Sample("walk.tsv", _csv(32, "\t"), "table", 32, 2),
    "json": Sample("walk.json", _json(33), "table", 33, 2),
    "parquet": Sample("walk.parquet", _saved(lambda f: table(34).to_parquet(f)), "table", 34, 2),
    "npy": Sample("walk.npy", _saved(lambda f: np.save(f, table(35).to_numpy())), "table", 35, 2),
    "npz": Sample(
        "walk.npz", _saved(lambda f: np.savez(f, walk=table(36).to_numpy())), "table", 36, 2
    ),
    "text": Sample("walk.txt", TEXT.encode(), "text", len(TEXT), len(set(TEXT))),
    "numbers": Sample("numbers.txt", b"1.5\n-2\n0.25\n3\n" * 5, "table", 20, 1),
    "wav": sound("wav"),
    "flac": sound("flac", 0.4),
    "ogg": sound("ogg", 0.3),
}
"""One of each kind, by ending; a .txt is read as text or as numbers."""


def long_table(rows: int = 1500) -> Sample:
    """A table too large for a link, and small enough to be shown whole."""
    return Sample("long.csv", _csv(rows), "table", rows, 2)
