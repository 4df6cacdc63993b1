"""What an uploaded file becomes: a Table of numbers or a Text, within limits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from seqviz.data.numerals import Numerals, disagreeing, read_column, resembles_number
from seqviz.errors import SeqvizError
from seqviz.limits import MAX_CELLS, MAX_COLUMNS, MAX_LABELLED_ROWS

Numbers = NDArray[np.float64]

_LONGEST_NAME = 60
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_DATE = re.compile(
    r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}([T ]\d.*)?"  # 2024-03-01, 1.3.2024, 2024-03-01T12:00Z
    r"|\d{4}[-/]\d{1,2}|\d{4}-?[WQ]\d{1,2}"  # 2024-03, 2024-W09, 2024Q1
    r"|\d{1,2}:\d{2}(:\d{2})?([.,]\d+)?( ?[ap]m)?"  # 12:30, 12:30:15.250
    rf"|(\w+,? )?(\d{{1,2}}[ -])?{_MONTH}\.?([ -]\d{{1,2}},?)?[ -]\d{{2,4}}",  # 1 Mar 2024
    re.IGNORECASE,
)


@dataclass(frozen=True, eq=False)
class Table:
    """Columns of numbers read from a file.

    columns: a unique name for each numeric column. values: (rows, columns) float64, read-only;
    empty cells are NaN, booleans 0 and 1. labels: one text a row, from a column of dates or of
    text or of running numbers, or None when there is none. name: the file's. description: what was
    read, in a sentence. index: the column that counts the rows, which is no feature unless somebody
    chooses it. header: where the file leaves open whether its first row is a header, how it was
    read; None where it is certain. decimal: where it leaves open whether 1.234 is a thousand, the
    likelier decimal mark, "." or ","; None where it is certain. sequences: how many the file holds,
    this being one of them.
    """

    columns: tuple[str, ...]
    values: Numbers
    labels: tuple[str, ...] | None
    name: str
    description: str
    index: str | None = None
    header: bool | None = None
    decimal: str | None = None
    sequences: int = 1

    def __len__(self) -> int:
        return len(self.values)

    @cached_property
    def gaps(self) -> dict[str, int]:
        """How many cells of each column are NaN or infinite."""
        missing = (~np.isfinite(self.values)).sum(axis=0)  # (columns,)
        return dict(zip(self.columns, missing.tolist(), strict=True))

    @property
    def complete(self) -> tuple[str, ...]:
        """The columns without a gap: what can be used as it is."""
        return tuple(column for column, missing in self.gaps.items() if not missing)


@dataclass(frozen=True)
class Text:
    """Characters read from a file that holds more than numbers."""

    text: str
    name: str
    description: str


Column = tuple[str, Numbers | Sequence[str]]
"""A column's name and its cells: an array when they are numbers, else strings."""


def assemble(
    name: str,
    columns: Sequence[Column],
    notes: Sequence[str] = (),
    *,
    decimal: str | None = None,
    indexed: bool = True,
) -> Table:
    """Put columns of equal length together into a Table.

    decimal: texts that all read as numbers become numbers (see `numerals`), and this is the decimal
    mark to try first; None where a text is meant as a text.
    The first column of dates, else the first of text, becomes the labels; else, where indexed, a
    first column that counts the rows. Other texts are left out and the description says so,
    followed by notes. Raises SeqvizError when no numbers are left.
    """
    if not columns or len(columns[0][1]) == 0:
        raise SeqvizError(f"{name} has no rows of data: upload a file with at least one row.")
    unnamed = columns[0][0].strip() in ("", "Unnamed: 0")  # as pandas writes and reads an index
    columns, converted = _converted(_uniquely_named(columns), decimal)
    numbers = [(c, cells) for c, cells in columns if isinstance(cells, np.ndarray)]
    texts = [(c, cells) for c, cells in columns if not isinstance(cells, np.ndarray)]
    spoilt = {column for column, cells in texts if _is_spoilt(cells)}
    if not numbers:
        raise SeqvizError(_no_numbers(name, *texts[0], texts[0][0] in spoilt))
    label = _label_column([column for column in texts if column[0] not in spoilt])
    empty = {c for c, cells in numbers if np.isnan(cells).all()}
    kept = [(c, cells) for c, cells in numbers if c not in empty] or numbers
    index = None
    if indexed and len(kept) > 1 and kept[0][0] == columns[0][0] and _counts(kept[0][1], unnamed):
        index = kept[0][0]
    said = [counted(len(kept) - (index is not None), "numeric column")]
    said.append(counted(len(kept[0][1]), "row"))
    if label:
        said.append(f"{_kind(label[1])} taken as labels (column {label[0]!r})")
    if index:
        use = "not used unless you choose them" if label else "taken as labels"
        said.append(f"running numbers {use} (column {index!r})")
    said += converted
    if len(kept) < len(numbers):
        said.append(f"{counted(len(numbers) - len(kept), 'empty column')} left out")
    said += [
        f"column {column!r} left out: {_not_numbers(cells)}"
        for column, cells in texts
        if column in spoilt
    ]
    others = len(texts) - len(spoilt) - (label is not None)
    if others:
        said.append(f"{counted(others, 'other text column')} left out")
    values = np.stack([cells for _, cells in kept], axis=1)  # (rows, columns)
    values.flags.writeable = False
    labels = label[1] if label else None
    if index and not label and len(values) <= MAX_LABELLED_ROWS:
        labels = [f"{row:.0f}" for row in kept[0][1]]
    return Table(
        columns=tuple(c for c, _ in kept),
        values=values,
        labels=_clipped(labels) if labels is not None else None,
        name=name,
        description=", ".join([*said, *notes]),
        index=index,
    )


def clip(text: str) -> str:
    """A text from a file, short and on one line, fit to be shown."""
    line = " ".join(text[: 4 * _LONGEST_NAME].split())
    printable = line if line.isprintable() else "".join(c for c in line if c.isprintable())
    return printable if len(printable) <= _LONGEST_NAME else printable[: _LONGEST_NAME - 1] + "…"


def counted(number: int, noun: str) -> str:
    """1 row, 1,250 rows."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def refuse_wide(name: str, columns: int) -> None:
    """Raise SeqvizError when a table has more than MAX_COLUMNS columns."""
    if columns > MAX_COLUMNS:
        raise SeqvizError(
            f"{name} has {columns:,} columns and at most {MAX_COLUMNS:,} are read: "
            "keep the columns you need and upload it again."
        )


def refuse_large(name: str, rows: int, columns: int) -> None:
    """Raise SeqvizError when a table would hold more than MAX_CELLS numbers."""
    if rows * columns > MAX_CELLS:
        held = f"{rows:,} × {columns:,}" if columns > 1 else f"{rows:,}"
        raise SeqvizError(
            f"{name} holds {held} values and at most {MAX_CELLS:,} are read: "
            "keep the rows and columns you need and upload it again."
        )


def is_number(cell: str) -> bool:
    """Whether a cell reads as a number, as pandas would read it; an empty one does not."""
    try:
        float(cell)
    except ValueError:
        return False
    return cell.isascii() and "_" not in cell  # Python alone reads 1_000 and other scripts' digits


def is_date(cell: str) -> bool:
    """Whether a cell looks like a date or a time of day."""
    return bool(_DATE.fullmatch(cell[:40].strip()))


def _uniquely_named(columns: Sequence[Column]) -> list[Column]:
    taken: set[str] = set()
    named: list[Column] = []
    for place, (given, cells) in enumerate(columns, start=1):
        base = clip(given) or f"column {place}"
        name, copy = base, 1
        while name in taken:
            copy += 1
            name = f"{base} ({copy})"
        taken.add(name)
        named.append((name, cells))
    return named


def _clipped(cells: Sequence[str]) -> tuple[str, ...]:
    short = {cell: clip(cell) for cell in set(cells)}  # most label columns repeat themselves
    return tuple(short[cell] for cell in cells)


def _label_column(texts: list[tuple[str, Sequence[str]]]) -> tuple[str, Sequence[str]] | None:
    dates = (column for column in texts if _kind(column[1]) == "dates")
    return next(dates, texts[0] if texts else None)


def _kind(cells: Sequence[str]) -> str:
    sample = [cell for cell in cells[:50] if cell.strip()]
    return "dates" if sample and all(is_date(cell) for cell in sample) else "text"


def _converted(columns: list[Column], decimal: str | None) -> tuple[list[Column], list[str]]:
    """Columns with texts that all read as numbers made numbers, and how these were read."""
    read: dict[str, list[tuple[str, Numerals]]] = {}
    made: list[Column] = []
    for column, cells in columns:
        numerals = None
        if decimal is not None and not isinstance(cells, np.ndarray):
            numerals = read_column(cells, decimal)
        made.append((column, cells if numerals is None else numerals.values))
        if numerals is not None:
            read.setdefault(numerals.unit, []).append((column, numerals))
    return made, [_reading(found) for found in read.values()]


def _reading(columns: list[tuple[str, Numerals]]) -> str:
    (first, numerals), *others = columns
    more = f" and {len(others):,} more" if others else ""
    example = clip(numerals.example.strip())
    return f"{example!r} read as {numerals.example_value:.15g} (column {first!r}{more})"


def _counts(values: Numbers, unnamed: bool) -> bool:
    """Whether values count the rows: whole numbers, each one more than the one before; in a column
    without a name all different ones, since rows may have been left out or shuffled.
    """
    if not np.isfinite(values).all() or (values != np.floor(values)).any():
        return False
    if unnamed and len(values) > 2:
        return bool(values.min() >= 0) and len(np.unique(values)) == len(values)
    begin = values[0]
    sure = len(values) > 2 or (unnamed and begin in (0, 1))
    return sure and abs(begin) < 2**52 and bool((values == begin + np.arange(len(values))).all())


def _is_spoilt(cells: Sequence[str]) -> bool:
    """Mostly numbers, with some text among them: not worth taking as labels."""
    sample = [cell for cell in cells[:1000] if cell.strip()]
    mostly = 2 * sum(map(resembles_number, sample)) > len(sample)
    return mostly and not all(is_number(cell) or not cell.strip() for cell in cells)


def _not_numbers(cells: Sequence[str]) -> str:
    """What keeps a column of mostly numbers from being one: "30 texts such as '$3' …"."""
    number, example, unit = disagreeing(cells)
    like = f" like those with {unit!r}" if unit else ""
    return (
        f"{counted(number, 'text')} such as {clip(example)!r} "
        f"{'is not a number' if number == 1 else 'are not numbers'}{like}"
    )


def _no_numbers(name: str, column: str, cells: Sequence[str], spoilt: bool) -> str:
    row = next((row for row, cell in enumerate(cells) if cell.strip()), 0)
    if spoilt:
        _, example, _ = disagreeing(cells)
        row = next(row for row, cell in enumerate(cells) if cell == example)
    return (
        f"{name} has no column of numbers (column {column!r} holds {clip(cells[row])!r} in row "
        f"{row + 1}): upload a table with at least one column that holds only numbers."
    )
