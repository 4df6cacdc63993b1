"""Table -> InputSequence: which columns, which rows, and what to offer when it is too long."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from seqviz.data.table import Numbers, Table, clip, counted
from seqviz.errors import SeqvizError
from seqviz.limits import MAX_FEATURES, MAX_STEPS
from seqviz.types import InputSequence


class Way(NamedTuple):
    """One way to make a long table fit: `label` says it to a person, the rest goes to select."""

    label: str
    start: int
    stop: int
    stride: int


def select(
    table: Table,
    columns: Sequence[str],
    start: int = 0,
    stop: int | None = None,
    stride: int = 1,
    standardise: bool = False,
) -> InputSequence:
    """The chosen columns of rows start, start + stride, ... before stop, as a sequence.

    start, stop count from 0, as slices do; stop None or beyond the end means the end.
    standardise: each feature becomes (x - mean) / std over the chosen rows (std divides by T);
    a feature that never changes becomes 0.

    Returns x of shape (T, I), float32. Raises SeqvizError when a column is unknown, no row is
    left, a value is missing or infinite, or T exceeds MAX_STEPS or I MAX_FEATURES.
    """
    rows = range(len(table))[_rows(table, start, stop, stride)]
    places = [_place(table, column) for column in columns]
    if not places:
        raise SeqvizError(f"Choose at least one column of {table.name}.")
    if len(places) > MAX_FEATURES:
        raise SeqvizError(
            f"{len(places):,} columns are chosen and a step can have at most {MAX_FEATURES}: "
            f"choose {MAX_FEATURES} or fewer."
        )
    if len(rows) > MAX_STEPS:
        offers = " or ".join(way.label for way in ways_to_fit(len(rows)))
        raise SeqvizError(
            f"{len(rows):,} rows are chosen and a sequence can have at most {MAX_STEPS:,} steps: "
            f"use {offers}."
        )
    values = table.values[rows.start : rows.stop : rows.step, places]  # (T, I)
    _refuse_gaps(table, columns, rows, values)
    if standardise:
        values = standardised(values)
    _refuse_huge(table, columns, rows, values)
    return InputSequence(
        x=values.astype(np.float32),
        labels=tuple(_label(table, row) for row in rows),
        feature_names=tuple(columns),
        name=table.name,
    )


def ways_to_fit(steps: int) -> tuple[Way, ...]:
    """How a table of this many rows can become at most MAX_STEPS steps; () when it already fits."""
    if steps <= MAX_STEPS:
        return ()
    every = -(-steps // MAX_STEPS)
    ending = {1: "st", 2: "nd", 3: "rd"}.get(every % 10 if every % 100 not in (11, 12, 13) else 0)
    return (
        Way(f"the first {MAX_STEPS:,} rows", 0, MAX_STEPS, 1),
        Way(f"the last {MAX_STEPS:,} rows", steps - MAX_STEPS, steps, 1),
        Way(f"every {every:,}{ending or 'th'} row", 0, steps, every),
    )


def standardised(values: Numbers) -> Numbers:
    """(x - mean) / std of each column of (T, I); columns that never change become 0."""
    low, high = values.min(axis=0), values.max(axis=0)  # (I,)
    largest = np.maximum(np.abs(low), np.abs(high))
    # a value near 1e300 has no finite square, one near 1e-300 squares to 0: bring both near 1
    scaled = values / np.where(largest > 0, largest, 1.0)
    std = scaled.std(axis=0)
    constant = (low == high) | (std == 0)  # std of a constant 0.1 is 1e-17 rather than 0
    return np.where(constant, 0.0, (scaled - scaled.mean(axis=0)) / np.where(constant, 1.0, std))


def _rows(table: Table, start: int, stop: int | None, stride: int) -> slice:
    end = len(table) if stop is None else min(stop, len(table))
    if stride < 1:
        raise SeqvizError(f"The stride is {stride}: set it to 1 or more.")
    if not 0 <= start < end:
        raise SeqvizError(
            f"No row lies between the first, {start + 1:,}, and the last, {end:,}: choose a range "
            f"within 1 to {len(table):,}."
        )
    return slice(start, end, stride)


def _place(table: Table, column: str) -> int:
    if column not in table.columns:
        known = ", ".join(table.columns[:8]) + (", …" if len(table.columns) > 8 else "")
        raise SeqvizError(
            f"{table.name} has no numeric column {clip(column)!r}: choose from {known}."
        )
    return table.columns.index(column)


def _label(table: Table, row: int) -> str:
    return (table.labels[row] if table.labels else "") or str(row + 1)


def _refuse_gaps(table: Table, columns: Sequence[str], rows: range, values: Numbers) -> None:
    gaps = np.argwhere(~np.isfinite(values))
    if len(gaps):
        t, i = gaps[0]
        value = values[t, i]
        reason = "is empty or not a number" if np.isnan(value) else "holds infinity"
        more = f" (and {counted(len(gaps) - 1, 'more such cell')})" if len(gaps) > 1 else ""
        raise SeqvizError(
            f"Column {columns[i]!r}, row {rows[t] + 1:,} of {table.name} {reason}{more}: fill it "
            "in, or choose other columns or rows."
        )


def _refuse_huge(table: Table, columns: Sequence[str], rows: range, values: Numbers) -> None:
    huge = np.argwhere(np.abs(values) > np.finfo(np.float32).max)
    if len(huge):
        t, i = huge[0]
        raise SeqvizError(
            f"Column {columns[i]!r}, row {rows[t] + 1:,} of {table.name} holds {values[t, i]:.3g}, "
            "beyond float32: standardise, or choose other columns."
        )
