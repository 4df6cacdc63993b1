"""A file in the session -> what it holds -> the sequence chosen from it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from pages.state.cache import remembered
from seqviz.data import audio
from seqviz.data import text as encoders
from seqviz.data.audio import Recording
from seqviz.data.readers import files
from seqviz.data.readers.files import Table, Text
from seqviz.errors import SeqvizError
from seqviz.types import FloatArray, InputSequence

WAVE_POINTS = 1200


@dataclass(frozen=True)
class Upload:
    """The bytes somebody uploaded or recorded, as they came."""

    name: str
    data: bytes
    digest: str
    member: str | None = None  # which of an archive's arrays; None: the first that fits

    @classmethod
    def of(cls, name: str, data: bytes) -> Upload:
        named = name.encode(errors="surrogatepass") + b"\0"  # the same bytes may be CSV or text
        return cls(name, data, hashlib.blake2b(named + data, digest_size=8).hexdigest())

    @property
    def is_audio(self) -> bool:
        return self.name.lower().endswith(files.AUDIO)

    def key(self, option: str) -> str:
        """The session key of an option: another file, or another of its arrays, starts afresh."""
        return f"_{option}_{self.digest}_{self.member or ''}"


def uploaded(slot: str) -> Upload | None:
    """What was last uploaded or recorded, and of an archive the array chosen on screen."""
    upload: Upload | None = st.session_state.get(f"_{slot}")
    return upload and replace(upload, member=st.session_state.get(member_key(upload)))


def member_key(upload: Upload) -> str:
    """The session key of the array chosen from an archive."""
    return f"_member_{upload.digest}"


def option(upload: Upload, name: str, default: Any) -> Any:
    """An option of this file as set on screen."""
    return st.session_state.get(upload.key(name), default)


def content(upload: Upload) -> Table | Text | Recording:
    """What the file holds, read once. Raises SeqvizError."""
    if upload.is_audio:
        start = float(option(upload, "start", 0.0) or 0.0)
        length = option(upload, "length", None)
        return remembered(
            "sound", (upload.digest, start, length), lambda: _sound(upload, start, length)
        )
    key = (upload.name, upload.digest, upload.member)
    return remembered("table", key, lambda: files.read(upload.name, upload.data, upload.member))


def _sound(upload: Upload, start: float, length: float | None) -> Recording:
    if len(upload.data) > files.MAX_BYTES:
        files.read(upload.name, upload.data)  # which says that it is too large
    return audio.read(upload.name, upload.data, start, length)


def default_columns(table: Table) -> list[str]:
    """What is used unless somebody chooses: columns without gaps, if they are not too many."""
    columns = table.complete or table.columns
    return list(columns) if len(columns) <= files.MAX_FEATURES else []


def constant_columns(upload: Upload, table: Table) -> list[str]:
    """The chosen columns that standardising makes 0, for they never change."""
    try:
        read = selected(upload, table)
    except SeqvizError:
        return []  # said below the feed
    return [name for name, x in zip(read.feature_names, read.x.T, strict=True) if not x.any()]


def sequence(upload: Upload, chosen: dict[str, Any]) -> tuple[InputSequence, FloatArray | None]:
    """The sequence chosen from the file and, for sound, its waveform (P, 2). Raises SeqvizError."""
    held = content(upload)
    if isinstance(held, Recording):
        return _frames(upload, held, chosen["bands"], chosen["frame_ms"])
    if isinstance(held, Text):
        text = encoders.shorten(held.text, chosen["text_unit"]) if option(
            upload, "shortened", False
        ) else held.text  # fmt: skip
        return encoders.one_hot(text, chosen["text_unit"]), None
    return selected(upload, held), None


def selected(upload: Upload, table: Table) -> InputSequence:
    """The columns and rows chosen on screen, cut out once. Raises SeqvizError."""
    columns = option(upload, "columns", default_columns(table))
    if not columns and len(table.columns) > files.MAX_FEATURES:
        raise SeqvizError(
            f"{table.name} has {len(table.columns):,} numeric columns and a step can have at most "
            f"{files.MAX_FEATURES} features: choose some."
        )
    first = int(option(upload, "first", 1) or 1) - 1
    last = int(option(upload, "last", len(table)) or len(table))
    stride = int(option(upload, "stride", 1) or 1)
    rows = (first, last, stride, bool(option(upload, "standardise", False)))
    key = (upload.name, upload.digest, upload.member, *columns, *rows)
    return remembered("selected", key, lambda: files.select(table, columns, *rows))


def _frames(
    upload: Upload, held: Recording, bands: int, frame_ms: float
) -> tuple[InputSequence, FloatArray]:
    return remembered(
        "frames",
        (upload.digest, held.description, bands, frame_ms),
        lambda: (audio.frames(held, bands, frame_ms), audio.envelope(held, WAVE_POINTS)),
    )
