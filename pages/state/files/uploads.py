"""A file in the session -> what it holds -> the sequence chosen from it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from pages.state.files import file_choices
from pages.state.files.upload import Upload
from pages.state.session import Session
from seqviz.data import audio
from seqviz.data import text as texts
from seqviz.data.audio import Recording
from seqviz.data.readers import files
from seqviz.data.readers.read_sound import read_sound
from seqviz.data.table import Table, Text
from seqviz.data.table_selection import select, standardised
from seqviz.errors import SeqvizError
from seqviz.limits import MAX_FEATURES, MAX_FILE_BYTES
from seqviz.types import FloatArray, InputSequence

WAVE_POINTS = 1200


def uploaded(session: Session, slot: str) -> Upload | None:
    """What was last uploaded or recorded, to be read as chosen on screen."""
    upload = session.files.get(slot)
    return upload and upload.read_as(
        session.options.get(upload.member_option), session.settings.header
    )


def option(session: Session, upload: Upload, name: str, default: Any) -> Any:
    """An option of this file as set on screen; the default for what no control says."""
    try:
        value = file_choices.checked(name, session.options.get(upload.option(name)))
    except ValueError:
        return default
    return default if value is None else value


def content(session: Session, upload: Upload) -> Table | Text | Recording:
    """What the file holds, read once. Raises SeqvizError."""
    if upload.is_audio:
        start = float(option(session, upload, "start", 0.0) or 0.0)
        length = option(session, upload, "length", None)
        key = (upload.digest, start, length)
        return session.cache.get("sound", key, lambda: _sound(upload, start, length))
    return session.cache.get(
        "table",
        _reading(session, upload),
        lambda: files.read(
            upload.name,
            upload.data,
            upload.member,
            upload.header,
            decimal=chosen_decimal(session, upload),
            sequence=chosen_sequence(session, upload),
        ),
    )


def _reading(session: Session, upload: Upload) -> tuple[Any, ...]:
    """Which file it is, and all that is chosen of how it is read."""
    chosen = chosen_decimal(session, upload), chosen_sequence(session, upload)
    return (upload.digest, upload.member, upload.header, *chosen)


def _sound(upload: Upload, start: float, length: float | None) -> Recording:
    if len(upload.data) > MAX_FILE_BYTES:
        files.read(upload.name, upload.data)  # which says that it is too large
    return read_sound(upload.name, upload.data, start, length)


def default_columns(table: Table) -> list[str]:
    """What is used unless somebody chooses: columns without gaps, if they are not too many.

    The column that counts the rows is offered, and no feature from the start.
    """
    columns = [c for c in table.complete or table.columns if c != table.index] or table.columns
    return list(columns) if len(columns) <= MAX_FEATURES else []


def sequence(session: Session, upload: Upload) -> tuple[InputSequence, FloatArray | None]:
    """The sequence chosen from the file and, for sound, its waveform (P, 2). Raises SeqvizError."""
    held, settings = content(session, upload), session.settings
    if isinstance(held, Recording):
        return _frames(session, upload, held)
    if isinstance(held, Text):
        short = option(session, upload, "shortened", False)
        text = texts.shorten(held.text, settings.text_unit) if short else held.text
        return texts.one_hot(text, settings.text_unit), None
    return selected(session, upload, held), None


def selected(session: Session, upload: Upload, table: Table) -> InputSequence:
    """The columns and rows chosen on screen, cut out once. Raises SeqvizError."""
    columns = chosen_columns(session, upload, table)
    if not columns and len(table.columns) > MAX_FEATURES:
        raise SeqvizError(
            f"{table.name} has {len(table.columns):,} numeric columns and a step can have at most "
            f"{MAX_FEATURES} features: choose some."
        )
    first, last, stride = chosen_rows(session, upload, table)
    standardise = standardises(session, upload)
    rows = (first - 1, last, stride, standardise)
    key = (*_reading(session, upload), *columns, *rows)
    return session.cache.get("selected", key, lambda: select(table, columns, *rows))


def standardises(session: Session, upload: Upload) -> bool:
    """Whether each feature gets mean 0 and deviation 1: a sound's do, unless it is switched off."""
    return bool(option(session, upload, "standardise", upload.is_audio))


def chosen_decimal(session: Session, upload: Upload) -> str | None:
    """The decimal mark, None where the reader is to find it."""
    comma = option(session, upload, "decimal_comma", None)
    return None if comma is None else "," if comma else "."


def chosen_sequence(session: Session, upload: Upload) -> int:
    """Which of an array's sequences, counted from 1."""
    return int(option(session, upload, "sequence", 1) or 1)


def fit_choices(session: Session, upload: Upload, table: Table) -> None:
    """Bring choices that a link made up to what the table has, before controls show them."""
    names = ("first", "last", "stride")
    fitting: dict[str, Any] = dict(
        zip(names, chosen_rows(session, upload, table), strict=True),
        columns=chosen_columns(session, upload, table),
    )
    for name, value in fitting.items():
        if session.options.get(upload.option(name)) not in (None, value):
            session.set(**{upload.option(name): value})


def chosen_columns(session: Session, upload: Upload, table: Table) -> list[str]:
    """Those on screen; a link may name others than the file has."""
    columns = option(session, upload, "columns", default_columns(table))
    return [name for name in columns if name in table.columns]


def chosen_rows(session: Session, upload: Upload, table: Table) -> tuple[int, int, int]:
    """First and last row, counted from 1, and stride."""
    defaults = (("first", 1), ("last", len(table)), ("stride", 1))
    first, last, stride = (
        min(int(option(session, upload, name, default) or default), len(table))
        for name, default in defaults
    )
    return first, last, stride


def _frames(session: Session, upload: Upload, held: Recording) -> tuple[InputSequence, FloatArray]:
    bands, frame_ms = session.settings.bands, session.settings.frame_ms
    standardise = standardises(session, upload)

    def made() -> tuple[InputSequence, FloatArray]:
        sequence = audio.frames(held, bands, frame_ms)
        if standardise:  # logarithms of energies reach -16: no unit that reads them would move
            x = standardised(sequence.x.astype(np.float64)).astype(np.float32)
            sequence = replace(sequence, x=x)
        return sequence, audio.envelope(held, WAVE_POINTS)

    key = (upload.digest, held.description, bands, frame_ms, standardise)
    return session.cache.get("frames", key, made)
