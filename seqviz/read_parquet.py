"""Parquet -> Table: metadata and page sizes first, then only the columns that are used."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

from seqviz.errors import SeqvizError
from seqviz.parquet_layout import Page, RowGroup, footer, pages
from seqviz.tables import (
    MAX_UNPACKED,
    Column,
    Numbers,
    Table,
    assemble,
    clip,
    counted,
    refuse_large,
    refuse_wide,
)

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

_DELTA_BYTE_ARRAY = 7  # each text may repeat all of the one before: bytes unpack to gigabytes


def read_parquet(name: str, data: bytes) -> Table:
    """Numbers, booleans and decimals as columns, a column of dates or of text as labels.

    Raises SeqvizError when the file is damaged, too wide, or unpacks beyond MAX_UNPACKED.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        metadata = pq.read_metadata(pa.BufferReader(data))
        rows, groups = footer(data)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise SeqvizError(
            f"{name} is not a Parquet file or was cut short: save it again and upload it."
        ) from error
    refuse_wide(name, metadata.num_columns)
    _refuse_forged(name, rows, groups, metadata)
    try:
        return _table(name, data, metadata, groups)
    except SeqvizError:
        raise
    except (pa.ArrowException, OSError, ValueError, KeyError, TypeError) as error:
        raise SeqvizError(
            f"{name} is damaged (its pages do not hold what its footer says): save it again and "
            "upload it."
        ) from error


def _refuse_forged(name: str, rows: int, groups: list[RowGroup], metadata: pq.FileMetaData) -> None:
    refuse_large(name, max(rows, *(g.rows for g in groups), 0), max(1, metadata.num_columns))
    counts = {rows, sum(group.rows for group in groups), metadata.num_rows}
    widths = {len(group.chunks) for group in groups} | {metadata.num_columns}
    if len(counts) > 1 or len(widths) > 1:
        raise SeqvizError(f"{name} counts its rows or columns in two ways: save it again.")
    if not rows:
        raise SeqvizError(f"{name} has no rows of data: upload a file with at least one row.")


def _table(name: str, data: bytes, metadata: pq.FileMetaData, groups: list[RowGroup]) -> Table:
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = metadata.schema.to_arrow_schema()
    flat = {metadata.schema.column(k).path: k for k in range(metadata.num_columns)}
    numbers = [f.name for f in schema if f.name in flat and _is_number(f.type)]
    sizes = {c: _pages(data, groups, flat[c]) for c in numbers}
    label = _label_column(data, groups, schema, flat, sizes)
    wanted = [*([label] if label else []), *numbers]
    unpacked = sum(page.unpacked for c in wanted for page in sizes[c])
    if unpacked > MAX_UNPACKED:
        raise SeqvizError(
            f"{name} would unpack to {unpacked / 2**20:,.0f} MB and at most "
            f"{MAX_UNPACKED // 2**20} MB are read: save fewer rows or columns."
        )
    if not numbers:
        held = ", ".join(f"{clip(f.name)} ({clip(str(f.type))})" for f in list(schema)[:4])
        raise SeqvizError(
            f"{name} has no column of numbers (it holds {held}): upload a table with at least one."
        )
    file = pq.ParquetFile(
        pa.BufferReader(data),
        metadata=metadata,
        # a dictionary keeps a text that repeats once: as plain text it could fill the memory
        read_dictionary=[label] if label else None,
        pre_buffer=False,
    )
    read = file.read(columns=wanted, use_threads=False)
    columns: list[Column] = [(c, _numbers(read.column(c))) for c in numbers]
    if label:
        title = "index" if label == "__index_level_0__" else label
        columns.insert(0, (title, _texts(read.column(label))))
    others = len(schema) - len(wanted)
    return assemble(
        name, columns, [f"{counted(others, 'other column')} left out"] if others else []
    )


def _pages(data: bytes, groups: list[RowGroup], column: int) -> list[Page]:
    """Every page of a column, over all row groups."""
    return [page for group in groups for page in pages(data, *group.chunks[column])]


def _label_column(
    data: bytes,
    groups: list[RowGroup],
    schema: pa.Schema,
    flat: dict[str, int],
    sizes: dict[str, list[Page]],
) -> str | None:
    """The first column of dates or times, else of text; its pages are added to sizes."""
    candidates = [f for f in schema if f.name in flat and (_is_time(f.type) or _is_text(f.type))]
    for field in sorted(candidates, key=lambda f: not _is_time(f.type)):
        found = _pages(data, groups, flat[field.name])
        if _is_time(field.type) or all(page.encoding != _DELTA_BYTE_ARRAY for page in found):
            sizes[field.name] = found
            return str(field.name)
    return None


def _is_number(kind: pa.DataType) -> bool:
    from pyarrow import types

    if types.is_dictionary(kind):
        return _is_number(kind.value_type)
    tests = (types.is_integer, types.is_floating, types.is_boolean, types.is_decimal)
    return any(test(kind) for test in tests)


def _is_time(kind: pa.DataType) -> bool:
    from pyarrow import types

    return any(test(kind) for test in (types.is_date, types.is_timestamp, types.is_time))


def _is_text(kind: pa.DataType) -> bool:
    from pyarrow import types

    if types.is_dictionary(kind):
        return _is_text(kind.value_type)
    return bool(types.is_string(kind) or types.is_large_string(kind))


def _numbers(column: pa.ChunkedArray) -> Numbers:
    import pyarrow as pa

    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_boolean(column.type):
        column = column.cast(pa.uint8())
    values: Any = column.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
    return np.array(values, dtype=np.float64)  # gaps are NaN


def _texts(column: pa.ChunkedArray) -> list[str]:
    import pyarrow as pa

    if pa.types.is_dictionary(column.type):
        texts: list[str] = []
        for chunk in column.chunks:  # row groups have dictionaries of their own
            known = ["" if text is None else clip(text) for text in chunk.dictionary.to_pylist()]
            places = chunk.indices.to_pylist()
            texts.extend("" if place is None else known[place] for place in places)
        return texts
    if pa.types.is_time(column.type):
        times = column.cast(pa.string()).to_pylist()
        return ["" if time is None else re.sub(r"\.0+$", "", time) for time in times]
    moments = column.to_numpy(zero_copy_only=False).astype("datetime64[us]")
    known = moments[~np.isnat(moments)]
    whole = (u for u in ("D", "m", "s", "ms") if (known == known.astype(f"datetime64[{u}]")).all())
    shown = np.datetime_as_string(moments, unit=next(whole, "us"))  # type: ignore[call-overload]
    zone = " UTC" if getattr(column.type, "tz", None) else ""
    return ["" if text == "NaT" else text.replace("T", " ") + zone for text in shown.tolist()]
