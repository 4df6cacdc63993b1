"""Whether the first row of a table names its columns or is its first row of data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from seqviz.data.numerals import resembles_number
from seqviz.data.table import is_date, is_number

_YEARS = range(1500, 2200)


class Cell(NamedTuple):
    """A cell of a file. quoted: it is marked as text, by quotation marks or by its type."""

    text: str
    quoted: bool = False


class Header(NamedTuple):
    """present: the first row names the columns. open: the file does not settle it."""

    present: bool
    open: bool = False


def decide(first: Sequence[Cell], rest: Sequence[Sequence[Cell]]) -> Header:
    """What the first row of a table is, from its cells and those of some rows below it.

    A header for certain: words above numbers or dates, texts above cells of type number, an
    unnamed cell above an index, years above figures beside words. Left open, with the likelier
    answer: numbers that count up (0, 1, 2, …) above others, and a first row that an index begins
    only below of. All else is data; with no number or date anywhere, a row without gaps is a
    header, so that an error can name a column as its file does.
    """
    columns = [[row[k] for row in rest if k < len(row)] for k in range(len(first))]
    if not any(_measured(cell.text) for row in (first, *rest) for cell in row):
        return Header(all(cell.text for cell in first) or not rest)
    if not rest:
        return Header(False)
    below = list(zip(first, columns, strict=True))
    if any(_words_above_numbers(*column) for column in below) or _quoted_above_plain(below):
        return Header(True)
    return _unnamed(first, rest, columns) or _numbers(first, rest, columns) or Header(False)


def told(header: Header, given: bool | None) -> tuple[bool, bool | None, str]:
    """Whether to take the first row as names, what to offer as Table.header, and a sentence.

    given: what somebody chose, which counts where the file leaves it open.
    """
    if not header.open:
        return header.present, None, "first row is a header" if header.present else "no header"
    present = header.present if given is None else given
    said = "first row read as a header" if present else "first row read as data, not as a header"
    return present, header.present, said if given is not None else f"{said} (may be otherwise)"


def runs(texts: Sequence[str]) -> bool:
    """Whether texts are whole numbers, each one more than the one before: 0, 1, 2."""
    if not texts or not all(text.isdecimal() and text.isascii() for text in texts):
        return False
    begin = int(texts[0][:18])
    return all(text == str(begin + k) for k, text in enumerate(texts))


def _measured(text: str) -> bool:
    plain = is_number(text) or text.lower() in ("true", "false")
    return plain or resembles_number(text) or is_date(text)


def _words_above_numbers(name: Cell, column: Sequence[Cell]) -> bool:
    named = bool(name.text) and not _measured(name.text)
    return named and any(_measured(cell.text) for cell in column)


def _quoted_above_plain(below: Sequence[tuple[Cell, Sequence[Cell]]]) -> bool:
    """All names are quoted, and so is none of the numbers below one of them."""
    named = [(name, column) for name, column in below if name.text]
    return all(name.quoted for name, _ in named) and any(
        any(_measured(cell.text) for cell in column) and not any(cell.quoted for cell in column)
        for _, column in named
    )


def _unnamed(
    first: Sequence[Cell], rest: Sequence[Sequence[Cell]], columns: Sequence[Sequence[Cell]]
) -> Header | None:
    """A first cell without a name above cells that are all filled: how pandas writes an index."""
    below = [cell.text for cell in columns[0]]
    names = [cell.text for cell in first[1:]]
    if first[0].text or not names or not all(names) or not all(below):
        return None
    index = (runs(below) and below[0] in ("0", "1")) or not any(map(is_number, below))
    return Header(True, open=not index)


def _numbers(
    first: Sequence[Cell], rest: Sequence[Sequence[Cell]], columns: Sequence[Sequence[Cell]]
) -> Header | None:
    """Numbers in the first row that may be names: 0, 1, 2 or 1960, 1961 above others."""
    places = [k for k, cell in enumerate(first) if is_number(cell.text)]
    if not places:
        return None
    names = [first[k].text for k in places]
    words = [k for k, cell in enumerate(first) if cell.text and k not in places]
    if any(first[k].text == cell.text for k in words for cell in columns[k]):
        return None  # a word that comes again names no column
    years = all(_is_year(name) for name in names)
    below = [cell.text for k in places for cell in columns[k]]
    years_below = any(map(_is_year, below))
    index = [cell.text for cell in columns[0]]
    goes_on = len(index) > 1 and runs([first[0].text, *index])
    begins_below = len(index) > 2 and runs(index) and index[0] in ("0", "1") and not goes_on
    others = [[row[k].text for k in places if k < len(row)] for row in rest]
    alike = any(runs(row) and (not years or all(map(_is_year, row))) for row in others)
    counts = _count_up(names) or (runs(names) and names[0] == "1" and _fractions(below))
    if len(places) > 1 and counts and not alike:
        certain = years and not years_below and bool(words)
        likely = years or len(names) > 2 or begins_below or _fractions(below)
        return Header(likely and not goes_on, open=not certain)
    if len(places) == 1 and words and years and not years_below:
        return Header(True, open=True)
    if names == ["0"] and len(first) == 1 and not goes_on:  # pandas' name of a series
        return Header(False, open=True)
    return Header(True, open=True) if begins_below and len(first) > 1 else None


def _count_up(texts: Sequence[str]) -> bool:
    """Whether texts are consecutive years or consecutive whole numbers from 0, three from 1."""
    begin = texts[0]
    return runs(texts) and (begin == "0" or (begin == "1" and len(texts) > 2) or _is_year(begin))


def _fractions(texts: Sequence[str]) -> bool:
    return not any(text.lstrip("+-").isdecimal() for text in texts)


def _is_year(text: str) -> bool:
    return len(text) == 4 and text.isdecimal() and int(text) in _YEARS
