"""JSON and JSONL -> Table: numbers, rows, records, columns, and the layouts pandas writes."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from seqviz.data.readers.decoding import decode
from seqviz.data.table import (
    Column,
    Table,
    assemble,
    clip,
    counted,
    is_number,
    refuse_large,
    refuse_wide,
)
from seqviz.errors import SeqvizError

_LAYOUTS = "a list of numbers, a list of rows, a list of objects, or an object of lists"


def read_json(name: str, data: bytes) -> Table:
    """A list of numbers, of rows or of objects; an object of columns, or of values (one row).

    pandas' orients columns, index, split, records, values and table are all read. Raises
    SeqvizError for anything else, for ragged rows and for columns of different lengths.
    """
    text, notes = decode(name, data)
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        place = f" (line {error.lineno:,})" if isinstance(error, json.JSONDecodeError) else ""
        raise SeqvizError(
            f"{name} is not valid JSON{place}: save it again as {_LAYOUTS}."
        ) from error
    columns, said = _layout(name, value)
    return assemble(name, columns, [*said, *notes], decimal=".")


def read_jsonl(name: str, data: bytes) -> Table:
    """One number, row or object a line, empty lines passed over: as a list of them in JSON.

    Raises SeqvizError as read_json does, naming the first line that is not valid JSON.
    """
    text, notes = decode(name, data)
    values = []
    for place, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                values.append(json.loads(line))
            except (ValueError, RecursionError) as error:
                raise SeqvizError(
                    f"Line {place:,} of {name} is not valid JSON: give every line one object, one "
                    "list or one number."
                ) from error
    columns, said = _layout(name, values)
    return assemble(name, columns, [*said, *notes], decimal=".")


def _layout(name: str, value: Any) -> tuple[list[Column], list[str]]:
    """The columns of a parsed file and how they were found."""
    if isinstance(value, dict) and isinstance(value.get("data"), list):
        if isinstance(value.get("columns"), list):
            return _split(name, value), []
        if isinstance(value.get("schema"), dict):
            return _layout(name, value["data"])
    if isinstance(value, list) and value:
        if all(isinstance(row, dict) for row in value):
            return _records(name, value), ["one object a row"]
        if all(isinstance(row, list) for row in value):
            return _from_rows(name, value, None), ["one list a row"]
        if not any(isinstance(cell, dict | list) for cell in value):
            return [_column(name, "value", value)], []
    if isinstance(value, dict) and value:
        inside = list(value.values())
        if all(isinstance(column, list) for column in inside):
            return _from_lists(name, value), ["one list a column"]
        if all(isinstance(column, dict) for column in inside):
            return _from_objects(name, value), ["one object a column"]
        if not any(isinstance(cell, dict | list) for cell in inside):
            return _records(name, [value]), ["one object a row"]
    raise SeqvizError(f"{name} holds no table that seqviz knows: save it as {_LAYOUTS}.")


def _records(name: str, records: Sequence[Mapping[str, Any]]) -> list[Column]:
    keys = dict.fromkeys(key for record in records for key in record)  # in order of appearance
    # every object may bring keys of its own, so the table can be far larger than the file
    refuse_wide(name, len(keys))
    refuse_large(name, len(records), len(keys))
    return [_column(name, key, [record.get(key) for record in records]) for key in keys]


def _from_rows(
    name: str, rows: Sequence[Sequence[Any]], names: Sequence[str] | None
) -> list[Column]:
    width = len(rows[0]) if names is None else len(names)
    refuse_wide(name, width)
    for place, row in enumerate(rows, start=1):
        if not isinstance(row, list) or len(row) != width:
            length = counted(len(row), "value") if isinstance(row, list) else "no list"
            raise SeqvizError(
                f"Row {place:,} of {name} has {length} and the table has "
                f"{counted(width, 'column')}: give every row the same number of values."
            )
    if not width:
        raise SeqvizError(f"{name} has no columns: give every row at least one value.")
    names = names or [f"column {k}" for k in range(1, width + 1)]
    return [_column(name, names[k], [row[k] for row in rows]) for k in range(width)]


def _split(name: str, value: Mapping[str, Any]) -> list[Column]:
    """pandas' orient="split": column names, row names and rows apart."""
    columns = _from_rows(name, value["data"], [str(c) for c in value["columns"]])
    index = value.get("index")
    if isinstance(index, list) and len(index) == len(value["data"]) and _has_text(index):
        columns = [_column(name, "index", index), *columns]
    return columns


def _from_lists(name: str, lists: Mapping[str, Sequence[Any]]) -> list[Column]:
    refuse_wide(name, len(lists))
    (first, cells), *others = lists.items()
    for key, other in others:
        if len(other) != len(cells):
            raise SeqvizError(
                f"In {name}, column {clip(key)!r} has {counted(len(other), 'value')} and "
                f"{clip(first)!r} has {len(cells):,}: give every column the same length."
            )
    return [_column(name, key, cells) for key, cells in lists.items()]


def _from_objects(name: str, objects: Mapping[str, Mapping[str, Any]]) -> list[Column]:
    """{column: {row: value}}, or {row: {column: value}} when only the outer names count rows."""
    inner = next(iter(objects.values()))
    if _count_rows(objects) and not _count_rows(inner):
        return _records(name, list(objects.values()))
    rows = dict.fromkeys(key for column in objects.values() for key in column)
    refuse_wide(name, len(objects))
    refuse_large(name, len(rows), len(objects))
    columns = [_column(name, c, [cells.get(r) for r in rows]) for c, cells in objects.items()]
    if not _count_rows(rows):
        columns.insert(0, _column(name, "index", list(rows)))
    return columns


def _has_text(cells: Sequence[Any]) -> bool:
    return any(isinstance(cell, str) for cell in cells)


def _count_rows(names: Mapping[str, Any]) -> bool:
    return all(name.isdigit() for name in names)


def _column(name: str, title: str, cells: Sequence[Any]) -> Column:
    for row, cell in enumerate(cells, start=1):
        if isinstance(cell, dict | list):
            raise SeqvizError(
                f"In {name}, row {row:,} of {clip(title)!r} holds another list or object: "
                f"flatten it to {_LAYOUTS}."
            )
    if all(not isinstance(cell, str) or is_number(cell) for cell in cells):
        return title, np.array([_number(cell) for cell in cells], dtype=np.float64)
    return title, ["" if cell is None else str(cell) for cell in cells]


def _number(cell: float | str | None) -> float:
    if cell is None:
        return math.nan
    try:
        return float(cell)
    except OverflowError:  # an integer of more than 308 digits
        return math.copysign(math.inf, 1 if isinstance(cell, int) and cell > 0 else -1)
