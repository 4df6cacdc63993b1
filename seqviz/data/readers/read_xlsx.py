"""XLSX -> Table: sizes and places of cells are checked before the workbook is read."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

import numpy as np

from seqviz.data.numerals import decimal_mark
from seqviz.data.readers.header import Cell, decide, told
from seqviz.data.readers.zip_archive import open_archive
from seqviz.data.table import Numbers, Table, assemble, clip, counted, refuse_wide
from seqviz.errors import SeqvizError
from seqviz.limits import MAX_SHEET_CELLS, MAX_UNPACKED_BYTES

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

_SAVE = "open it in a spreadsheet and save it as XLSX or CSV"
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # how .xls files begin, and protected .xlsx
_PLACE = re.compile(r"([A-Z]{1,3})?([0-9]{1,7})")
_SAMPLE_ROWS = 20

Row = list[Any]


def read_xlsx(
    name: str, data: bytes, sheet: str | None = None, header: bool | None = None
) -> Table:
    """A sheet of a workbook: `sheet`, else the first that has numbers. Formulas are results.

    header: as for read_csv. Rows above the table that hold a title are passed over. Raises
    SeqvizError when there is no such sheet, it is larger than MAX_SHEET_CELLS, or without numbers.
    """
    refused: SeqvizError | None = None
    with _opened(name, data) as book:
        sheets = _worksheets(book)
        if sheet is not None and sheet not in sheets:
            known = ", ".join(map(clip, sheets[:8]))
            raise SeqvizError(f"{name} has no sheet {clip(sheet)!r}: choose from {known}.")
        of = f", one of {len(sheets):,}" if len(sheets) > 1 else ""
        for sheet_name in sheets if sheet is None else [sheet]:
            rows = _filled(book.get_sheet_by_name(sheet_name).to_python())
            if not rows:
                continue
            try:
                return _table(name, rows, [f"sheet {clip(sheet_name)!r}{of}"], header)
            except SeqvizError as error:  # the next one may do; if none does, the first says why
                refused = refused or error
    raise refused or SeqvizError(
        f"{name} has no rows of data: upload a file with at least one row."
    )


def sheets_of(name: str, data: bytes) -> list[str]:
    """The names of a workbook's worksheets. Raises SeqvizError when it is none."""
    with _opened(name, data) as book:
        return _worksheets(book)


def _table(name: str, rows: list[Row], notes: list[str], given: bool | None) -> Table:
    refuse_wide(name, len(rows[0]))
    titles = _titles(rows)
    if titles:
        notes = [f"{counted(titles, 'row')} with a title passed over", *notes]
    first, *rest = rows[titles:]
    below = [[_cell(value) for value in row] for row in rest[:_SAMPLE_ROWS]]
    is_header, offered, said = told(decide([_cell(value) for value in first], below), given)
    body = rest if is_header else [first, *rest]
    texts = [value for row in body[:_SAMPLE_ROWS] for value in row if isinstance(value, str)]
    decimal = decimal_mark(texts, ".")
    names = (
        [_text(v) for v in first] if is_header else [f"column {k + 1}" for k in range(len(first))]
    )
    columns = [_column([row[k] for row in body]) for k in range(len(first))]
    named = list(zip(names, columns, strict=True))
    return replace(assemble(name, named, [said, *notes], decimal=decimal), header=offered)


def _titles(rows: list[Row]) -> int:
    """How many rows at the top hold a text at the left alone and stand above a wider table."""
    for place, (left, *others) in enumerate(rows):
        title = isinstance(left, str) and left and others and not any(v != "" for v in others)
        if not title:
            return place
    return 0


def _cell(value: Any) -> Cell:
    # a year written as a text above numbers is a name, as one in quotation marks is
    return Cell(_text(value).strip(), quoted=isinstance(value, str))


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        value = value.date()
    return str(value)


def _column(values: Row) -> Numbers | list[str]:
    if all(isinstance(value, bool | int | float) or value == "" for value in values):
        return np.array([np.nan if value == "" else value for value in values], dtype=np.float64)
    return [_text(value) for value in values]


def _filled(rows: list[Row]) -> list[Row]:
    """Rows and columns up to the last that holds anything, without rows that hold nothing."""
    rows = [row for row in rows if any(value != "" for value in row)]
    width = max((k + 1 for row in rows for k, value in enumerate(row) if value != ""), default=0)
    return [row[:width] for row in rows]


def _worksheets(book: CalamineWorkbook) -> list[str]:
    from python_calamine import SheetTypeEnum

    return [s.name for s in book.sheets_metadata if s.typ == SheetTypeEnum.WorkSheet]


@contextmanager
def _opened(name: str, data: bytes) -> Iterator[CalamineWorkbook]:
    from python_calamine import CalamineError, CalamineWorkbook

    if data.startswith(_OLD):
        raise SeqvizError(f"{name} is protected by a password or an old XLS file: {_SAVE}.")
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(_checked(name, data))) as book:
            yield book
    except (CalamineError, expat.ExpatError, zipfile.BadZipFile, NotImplementedError) as error:
        raise SeqvizError(f"{name} is damaged or no XLSX workbook: {_SAVE}.") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # pyo3's, which is no Exception
            raise
        raise SeqvizError(f"{name} is damaged: {_SAVE}.") from error


def _checked(name: str, data: bytes) -> bytes:
    """The same workbook, packed anew from what has been checked.

    A reader that trusts an archive's sizes may unpack gigabytes, and calamine ends the process when
    its cells do not fit into memory: a rectangle up to the farthest one, with a text in each.
    """
    fewer = "keep the sheets, rows and columns you need"
    archive, packed = open_archive(name, data, "XLSX workbook", fewer, _SAVE), io.BytesIO()
    extent = _Extent(name)
    with zipfile.ZipFile(packed, "w") as checked:
        for info in archive.infolist():
            if info.filename.lower().endswith((".xml", ".rels")) and info.file_size:
                if info.flag_bits & 1:
                    raise SeqvizError(f"{name} is protected by a password: {_SAVE}.")
                content = archive.read(info)  # no more than it announces
                extent.measure(content)
                checked.writestr(info.filename, content)
    extent.refuse_long_texts()
    return packed.getvalue()


class _Extent:
    """How far the cells of a workbook reach, measured before anything is allocated for them."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.row = self.column = self.rows = self.columns = 0  # of the sheet being read
        self.texts = self.length = self.longest = 0  # cells with shared texts; their characters
        self.shared = False  # inside a shared text

    def measure(self, content: bytes) -> None:
        """Read one XML file of the workbook. Raises SeqvizError when it holds too much."""
        self.row = self.column = self.rows = self.columns = 0
        # UTF-8 whatever the file announces, for calamine reads it so
        parser = expat.ParserCreate("UTF-8")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.StartDoctypeDeclHandler = self._refuse_entities
        parser.Parse(content, True)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        kind = tag.rpartition(":")[2]
        if kind == "si":
            self.shared, self.length = True, 0
        if kind not in ("row", "c"):
            self._refuse_large_counts(attributes)
            return
        row, column = self._place(attributes.get("r", "0"))
        if kind == "row":
            self.row, self.column = max(self.row + 1, row), 0
        else:  # cells without a place stand one after another
            self.row, self.column = max(self.row, row), max(self.column + 1, column)
            self.texts += attributes.get("t") == "s"
        self.rows, self.columns = max(self.rows, self.row), max(self.columns, self.column)
        if self.rows * self.columns > MAX_SHEET_CELLS:
            raise SeqvizError(
                f"{self.name} has a sheet of {self.rows:,} × {self.columns:,} cells and at most "
                f"{MAX_SHEET_CELLS:,} are read: delete rows and columns beyond the table."
            )

    def _end(self, tag: str) -> None:
        if tag.rpartition(":")[2] == "si":
            self.shared, self.longest = False, max(self.longest, self.length)

    def _characters(self, text: str) -> None:
        if self.shared:
            self.length += len(text)

    def refuse_long_texts(self) -> None:
        """Raise SeqvizError when texts shared by many cells could fill the memory."""
        if self.texts * self.longest > MAX_UNPACKED_BYTES:
            raise SeqvizError(
                f"{self.name} has {self.texts:,} cells with texts of up to {self.longest:,} "
                "characters: delete the columns of long texts and upload it again."
            )

    def _refuse_large_counts(self, attributes: dict[str, str]) -> None:
        for key, value in attributes.items():
            few = len(value) < 8 and (not value.isdecimal() or int(value) <= MAX_SHEET_CELLS)
            if key.lower().endswith("count") and not few:  # calamine makes room for as many
                raise SeqvizError(f"{self.name} announces {clip(value)} items: {_SAVE}.")

    def _place(self, text: str) -> tuple[int, int]:
        match = _PLACE.fullmatch(text.upper())
        if match is None:
            raise SeqvizError(
                f"{self.name} has a cell at {clip(text)!r}, which is no place: {_SAVE}."
            )
        column = 0
        for letter in match[1] or "":
            column = 26 * column + ord(letter) - ord("A") + 1
        return int(match[2]), column

    def _refuse_entities(self, *_: object) -> None:
        raise SeqvizError(f"{self.name} declares XML entities, which no spreadsheet does: {_SAVE}.")
