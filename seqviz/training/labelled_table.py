"""A long table of labelled sequences: one row a step, with its series and its class."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from seqviz.data.numerals import decimal_mark, numeral
from seqviz.data.readers.decoding import decode
from seqviz.errors import SeqvizError
from seqviz.limits import MAX_CELLS, MAX_COLUMNS, MAX_FILE_BYTES
from seqviz.training.datasets import Examples

if TYPE_CHECKING:
    import pandas as pd

SERIES = ("series", "id", "sequence", "sample", "example")
LABEL = ("label", "class", "target", "category", "y")
STEP = ("step", "t", "time")
"""What the columns may be called, in any case; all other columns of numbers are features."""


def read_labelled(name: str, data: bytes) -> Examples:
    """The examples of a CSV whose columns are series, step, features and label.

    Rows of one series belong together, in the order of their step, or as they stand where there
    is no such column; the separator is a comma, a semicolon or a tab. Raises SeqvizError when a
    column is missing, a number is, or the examples are not what Examples asks for.
    """
    import pandas as pd  # here: importing seqviz stays cheap

    if len(data) > MAX_FILE_BYTES:
        raise SeqvizError(
            f"{name} has {len(data) / 2**20:.1f} MB and at most {MAX_FILE_BYTES // 2**20} are "
            "read: upload a part of it."
        )
    text, _ = decode(name, data)
    header = text.lstrip().partition("\n")[0]
    try:
        # not sep=None, which is ten times as slow and takes rows that are too long for an index
        table = pd.read_csv(io.StringIO(text), sep=max(",;\t", key=header.count), index_col=False)
    except (ValueError, pd.errors.ParserError) as error:
        raise SeqvizError(
            f"{name} is no table: give a CSV with a header and as many cells in each row."
        ) from error
    if table.size > MAX_CELLS or table.shape[1] > MAX_COLUMNS:
        raise SeqvizError(f"{name} has {table.size:,} cells: upload a part of it.")
    series = _column(name, table.columns, SERIES)
    label = _column(name, table.columns, LABEL)
    step = next((c for c in table.columns if str(c).strip().lower() in STEP), None)
    if step is not None:
        table = table.sort_values([step], kind="stable")
    rest = [column for column in table.columns if column not in (series, label, step)]
    read = {column: _numbers(name, table[column]) for column in rest}
    features = {column: values for column, values in read.items() if values is not None}
    if not features:
        raise SeqvizError(
            f"{name} has no column of numbers beside {series} and {label}: add the features."
        )
    x = np.stack(list(features.values()), axis=1)  # (rows, I)
    if not np.isfinite(x).all():
        row, k = np.argwhere(~np.isfinite(x))[0]
        raise SeqvizError(
            f"A feature of series {table[series].iloc[row]!s:.40} is missing, "
            f"{_place(table.index[row], list(features)[k])}: fill it in or leave that series out."
        )
    if table[label].isna().any():
        raise SeqvizError(f"A row of {name} has no {label}: give every row its class.")
    return Examples.of_rows(
        table[series].astype(str).tolist(), x, table[label].astype(str).tolist()
    )


def _numbers(name: str, column: pd.Series[Any]) -> NDArray[np.float64] | None:
    """A column's numbers, None where it has words: where most cells are numbers, a word is a slip.

    Numbers that no Python would read are those of seqviz.data.numerals, such as 1.234,5.
    """
    if column.dtype.kind in "biuf":
        return np.asarray(column, np.float64)
    cells = {row: str(cell) for row, cell in column.dropna().items()}
    mark = decimal_mark(cells.values(), ".")
    read = {row: numeral(cell, mark) for row, cell in cells.items()}
    words = [row for row, found in read.items() if found is None]
    if 2 * len(words) >= len(cells):
        return None
    if words:
        raise SeqvizError(
            f"{name} has “{cells[words[0]]:.20}” {_place(words[0], column.name)}, where most "
            "cells are numbers: write a number there, or leave that series out."
        )
    values = {row: found.value for row, found in read.items() if found is not None}
    return np.array([values.get(row, np.nan) for row in column.index])


def _place(row: Any, column: Any) -> str:
    return f"in row {int(row) + 1:,} below the header, column “{column!s:.40}”"


def _column(name: str, columns: object, names: tuple[str, ...]) -> str:
    """The first column called one of names."""
    for column in columns:  # type: ignore[attr-defined]
        if str(column).strip().lower() in names:
            return str(column)
    raise SeqvizError(
        f"{name} has no column “{names[0]}”: give a header with series, step, the features and "
        "label."
    )
