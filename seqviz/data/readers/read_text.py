"""CSV, TSV and TXT: characters -> cells -> Table or Text."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from seqviz.data.numerals import decimal_mark, numeral, resembles_number, undecided
from seqviz.data.readers.decoding import decode
from seqviz.data.readers.header import Cell, decide, told
from seqviz.data.table import (
    Numbers,
    Table,
    Text,
    assemble,
    clip,
    counted,
    is_number,
    refuse_large,
    refuse_wide,
)
from seqviz.errors import SeqvizError

if TYPE_CHECKING:
    import pandas as pd

Counts = NDArray[np.intp]

SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars", ",": "commas", " ": "spaces"}
"""In the order they are tried: a comma may be a decimal mark, a space belong to words."""
_SAMPLE_LINES = 20
_SAMPLE_CHARACTERS = 2**16
_NOT_FINITE = re.compile(r"\b(?:nan|inf|infinity)\b", re.IGNORECASE)
_NEVER_IN_NUMBERS = re.compile(r"[^0-9\s.,;eE+-]")
_WORD = re.compile(r"[^,; \t\n]+")
_ONE_A_LINE = str.maketrans(",; \t", "\n\n\n\n")
_OTHER_SPACES = [c for c in map(chr, range(0x3001)) if c.isspace() and c not in " \t\n"]
_DECIMAL_COMMA = re.compile(r"\s*[+-]?\d+,\d+(?:[eE][+-]?\d+)?\s*")
_TOLD_SEPARATOR = re.compile(r'\s*"?sep=([;,|\t])"?[;,|\t]*\s*', re.IGNORECASE)  # Excel's


def read_csv(
    name: str, data: bytes, header: bool | None = None, decimal: str | None = None
) -> Table:
    """A table of characters: the separator, the header and the decimal mark are found out.

    header: whether the first row is one, decimal: the decimal mark, "." or ",", where the file
    leaves them open; None: what is likelier.
    Raises SeqvizError for ragged rows (naming the first), too many columns, or no numbers.
    """
    text, notes = decode(name, data)
    return _table(name, _plainly_spaced(text), notes, header, decimal)


def read_txt(
    name: str, data: bytes, header: bool | None = None, decimal: str | None = None
) -> Table | Text:
    """Numbers as a Table (several on a single line are its steps), anything else as Text."""
    text, notes = decode(name, data)
    spaced = _plainly_spaced(text)
    if not _is_numbers(spaced):
        lines = text.count("\n") + (not text.endswith("\n"))
        said = [counted(len(text), "character"), counted(lines, "line"), *notes]
        return Text(text=text, name=name, description=", ".join(said))
    beginning = list(islice(_lines(spaced), 2))
    if len(beginning) == 1:
        spaced = re.sub("\n+", "\n", beginning[0].strip(" \t\n,;").translate(_ONE_A_LINE))
        if "\n" in spaced:
            notes = ["one line read as steps", *notes]
    return _table(name, spaced, notes, header, decimal)


def _plainly_spaced(text: str) -> str:
    """text with every space as U+0020: Python cuts words at others too, pandas does not."""
    for space in _OTHER_SPACES:
        text = text.replace(space, " ")
    return text


def _table(
    name: str, text: str, notes: list[str], header: bool | None, decimal: str | None
) -> Table:
    from pandas.errors import ParserError

    try:
        return _cut(name, text, notes, header, decimal)
    except (csv.Error, ParserError) as error:
        raise SeqvizError(
            f"{name} cannot be cut into cells: check that every quotation mark is closed."
        ) from error


def _cut(
    name: str, text: str, notes: list[str], given: bool | None, given_decimal: str | None
) -> Table:
    sample = _sample(text)
    if not sample:
        raise SeqvizError(f"{name} has no rows of data: upload a file with at least one row.")
    separator = _told_separator(text) or _separator(sample)
    titles = _titles(sample, separator)
    if titles:
        text = _after(text, titles)
        sample = _sample(text)
        notes = [f"{counted(titles, 'line')} above the table passed over", *notes]
    refuse_wide(name, _count(sample[0], separator))
    cells = _cells(sample, separator)
    first, *rest = cells
    likely, either = _decimal(text, separator, cells)
    decimal = given_decimal if either and given_decimal else likely
    is_header, offered, said = told(decide(first, rest), given)
    body, taken, rows, blank = _measure(name, text, separator, is_header)
    refuse_large(name, rows, len(first))
    if blank:
        notes = [f"{counted(blank, 'empty line')} left out", *notes]
    columns = _columns(body, separator, decimal, taken if is_header else 0) or [[]] * len(first)
    names = [c.text for c in first] if is_header else [f"column {k + 1}" for k in range(len(first))]
    if separator not in ",\t" and len(first) > 1:
        notes = [f"separated by {SEPARATORS[separator]}", *notes]
    if decimal == ",":
        notes = ["commas read as decimal points", *notes]
    if either and given_decimal is None:
        notes = [_may_be(either, decimal), *notes]
    named = list(zip(names, columns, strict=True))
    table = assemble(name, named, [said, *notes], decimal=decimal)
    return replace(table, header=offered, decimal=likely if either else None)


def _decimal(text: str, separator: str, sample: list[list[Cell]]) -> tuple[str, str | None]:
    """The decimal mark, and a number that reads otherwise with the other where that is open."""
    cells = [cell.text for row in sample for cell in row]
    # beside commas that part cells, 1,234 is a thousand; beside others it is a decimal comma
    usual = "." if separator == "," or not _commas(cells) else ","
    if not undecided(cells):
        return decimal_mark(cells, usual), None
    known = decimal_mark(_every_cell(text, separator), "")  # further down one may tell
    parted_by_commas = separator == "," and len(sample[0]) > 1  # so no comma is a decimal one
    either = None if known or parted_by_commas else undecided(_every_cell(text, separator))
    return known or usual, either


def _every_cell(text: str, separator: str) -> Iterator[str]:
    for line in _lines(text):
        for cell in line.split(None if separator == " " else separator):
            yield cell.strip().strip('"')


def _may_be(cell: str, decimal: str) -> str:
    read, other = (numeral(cell, mark) for mark in (decimal, "," if decimal == "." else "."))
    assert read is not None and other is not None
    return f"{clip(cell)!r} read as {read.value:.15g} (may be {other.value:.15g})"


def _commas(cells: list[str]) -> bool:
    return any(_DECIMAL_COMMA.fullmatch(cell) for cell in cells)


def _told_separator(text: str) -> str | None:
    """What Excel's first line sep=; says."""
    match = _TOLD_SEPARATOR.fullmatch(text.lstrip("\n").split("\n", 1)[0])
    return match[1] if match else None


def _lines(text: str) -> Iterator[str]:
    """Lines that hold data: blank ones, and # comments or sep=; at the top, are passed over."""
    top = True
    for line in io.StringIO(text):
        top = top and not _holds_data(line)
        if not top and line.strip():
            yield line


def _holds_data(line: str) -> bool:
    told = line.lstrip().startswith("#") or _TOLD_SEPARATOR.fullmatch(line)
    return bool(line.strip()) and not told


def _sample(text: str) -> list[str]:
    """The first line in full (it is measured), then a few more, all bounded."""
    lines: list[str] = []
    for line in islice(_lines(text), _SAMPLE_LINES):
        if lines and sum(map(len, lines)) + len(line) > _SAMPLE_CHARACTERS:
            break
        lines.append(line.rstrip("\n"))
    return lines


def _separator(sample: list[str]) -> str:
    """The first candidate that cuts every line alike, else the first seen at all in line 1."""
    below = sample[1:]
    one = "," not in sample[0] and any("," in line for line in below)
    if one and all(numeral(line, ",") for line in below):
        return ";"  # a single column of decimal commas under its name
    for candidate in SEPARATORS:
        counts = {_count(line, candidate) for line in sample}
        # words between spaces are one text, numbers are cells
        cuts = candidate != " " or _all_numbers(sample[-1].split())
        if cuts and len(counts) == 1 and counts != {1}:
            return candidate
    seen = (s for s in SEPARATORS if s != " " and s in sample[0])
    return next(seen, " " if _all_numbers(sample[0].split()) else ",")


def _titles(sample: list[str], separator: str) -> int:
    """How many lines at the top begin with a word and have fewer cells than all of those below."""
    counts = [_count(line, separator) for line in sample]
    width = max(counts)
    titles = counts.index(width)
    if set(counts[titles:]) != {width} or len(counts) - titles < 3:
        return 0
    begins = (row[0].text for row in _cells(sample[:titles], separator))
    return 0 if any(map(resembles_number, begins)) else titles


def _after(text: str, titles: int) -> str:
    """text with its first lines of data emptied, so that the others keep their numbers."""
    end = count = 0
    kept = _lines(text)
    firsts = [next(kept) for _ in range(titles)]
    for line in io.StringIO(text):
        end, count = end + len(line), count + 1
        if line == firsts[0]:
            firsts.pop(0)
        if not firsts:
            break
    return "\n" * count + text[end:]


def _count(line: str, separator: str) -> int:
    """How many cells a line has, quoted ones in one piece."""
    if separator == " ":
        return len(line.split())
    if '"' in line:
        line = re.sub(r'"[^"]*"', "", line)
    return line.count(separator) + 1


def _cells(lines: list[str], separator: str) -> list[list[Cell]]:
    if separator == " ":
        return [[Cell(word) for word in line.split()] for line in lines]
    whole = (f"{line}\n" for line in lines)
    reader = csv.reader(whole, delimiter=separator, skipinitialspace=True)
    rows = [[cell.strip() for cell in row] for row in reader if row]
    marked = re.sub(r'"[^"]*"', '"', "\n".join(lines)).split("\n")  # each quoted cell as one "
    quoted = [[part.lstrip().startswith('"') for part in line.split(separator)] for line in marked]
    return [
        [Cell(text, k < len(marks) and marks[k]) for k, text in enumerate(row)]
        for row, marks in zip(rows, quoted, strict=False)
    ]


def _measure(name: str, text: str, separator: str, header: bool) -> tuple[str, int, int, int]:
    """The text from its first row on, the lines that row takes, and how many rows there are and
    empty lines between them.

    Raises SeqvizError when a row has more or fewer cells than the first.
    """
    start = 0
    for line in io.StringIO(text):
        if _holds_data(line):
            break
        start += len(line)
    body, skipped = text[start:], text.count("\n", 0, start)
    read = _quoted_rows if '"' in body else _rows
    lines, cells, blank = read(body, separator)
    ragged = np.flatnonzero(cells != cells[0])
    if len(ragged):
        row = int(ragged[0])
        raise SeqvizError(
            f"Row {row + (not header):,} of {name} (line {lines[row] + skipped:,}) has "
            f"{counted(int(cells[row]), 'cell')} and the first line has {cells[0]:,}: give every "
            "row the same number of cells."
        )
    return body, int(lines[0]), len(cells), blank


def _rows(body: str, separator: str) -> tuple[Counts, Counts, int]:
    """For every row that is not blank, its line's number from 1 and how many cells it has; and the
    number of blank lines between them.
    """
    characters = np.frombuffer(body.encode(), np.uint8)
    starts = np.flatnonzero(np.append(True, characters[:-1] == ord("\n")))  # of lines
    blank = b" \n" if separator == "\t" else b" \t\n"  # to pandas too
    filled = ~np.isin(characters, np.frombuffer(blank, np.uint8))
    if separator == " ":
        words = filled.copy()  # where each begins
        words[1:] &= ~filled[:-1]
        cells = np.add.reduceat(words, starts, dtype=np.intp)
    else:
        cells = np.add.reduceat(characters == ord(separator), starts, dtype=np.intp) + 1
    rows = np.flatnonzero(np.logical_or.reduceat(filled, starts))
    return rows + 1, cells[rows], int(np.ptp(rows)) + 1 - len(rows)


def _quoted_rows(body: str, separator: str) -> tuple[Counts, Counts, int]:
    """As _rows, where cells may hold separators and newlines in quotation marks."""
    reader = csv.reader(io.StringIO(body), delimiter=separator, skipinitialspace=True)
    read = [(reader.line_num, len(row), len(row) > 1 or any(row)) for row in reader]
    filled = [k for k, (_, _, holds) in enumerate(read) if holds] or [0]
    lines, cells = np.array([read[k][:2] for k in filled]).T
    return lines, cells, filled[-1] + 1 - filled[0] - len(filled)


def _columns(body: str, separator: str, decimal: str, skip: int) -> list[Numbers | list[str]]:
    import pandas as pd

    stream = io.StringIO(body)
    for _ in range(skip):
        stream.readline()
    try:
        frame = pd.read_csv(
            stream,
            sep=r"\s+" if separator == " " else separator,
            header=None,
            decimal=decimal,
            skipinitialspace=True,
            low_memory=False,  # one type a column, and no warning about mixed ones
        )
    except pd.errors.EmptyDataError:
        return []
    return [_cells_of(frame[column], decimal) for column in frame.columns]


def _cells_of(series: pd.Series, decimal: str) -> Numbers | list[str]:
    """A column as numbers when every cell that is not empty is one."""
    import pandas as pd

    if pd.api.types.is_numeric_dtype(series) or pd.api.types.is_bool_dtype(series):
        return np.array(series, dtype=np.float64)
    beginning = series.iloc[:1000].dropna()
    points = decimal == "," and series.astype(str).str.contains(".", regex=False).any()
    if not points and all(not isinstance(cell, str) or is_number(cell) for cell in beginning):
        # integers of any length, booleans with gaps
        numbers = pd.to_numeric(series, errors="coerce")
        if bool((numbers.notna() | series.isna()).all()):
            return np.array(numbers, dtype=np.float64)
    texts = series.astype(object).where(series.notna(), "")
    return [cell if isinstance(cell, str) else str(cell) for cell in texts]


def _is_numbers(text: str) -> bool:
    """Whether all there is are numbers between commas, semicolons and white space."""
    sample = _sample(text)
    if not _all_numbers(word[0] for line in sample for word in _WORD.finditer(line)):
        return False
    body = text[text.find(sample[0]) :]
    if _NEVER_IN_NUMBERS.search(body):
        body = _NOT_FINITE.sub("", body)  # slower than the search
    return _NEVER_IN_NUMBERS.search(body) is None


def _all_numbers(words: Iterable[str]) -> bool:
    """Whether there are any words, and each is a number."""
    answers = map(is_number, words)
    return next(answers, False) and all(answers)
