"""Parquet -> Table: metadata and page sizes first, then only the columns that are used."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from seqviz.data.readers.parquet_layout import Allowance, Footer, Page, TooManyValues, footer, pages
from seqviz.data.table import (
    Column,
    Numbers,
    Table,
    assemble,
    clip,
    counted,
    refuse_large,
    refuse_wide,
)
from seqviz.errors import SeqvizError
from seqviz.limits import MAX_LABEL_BYTES, MAX_LABEL_WORDS, MAX_LABELLED_ROWS, MAX_UNPACKED_BYTES

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

_MAX_BATCH_BYTES, _MAX_BATCHES = MAX_UNPACKED_BYTES // 4, 20_000  # of decimals: half a second
_DELTA_BYTE_ARRAY = 7  # Parquet's number for the encoding of texts that share their beginning


def read_parquet(name: str, data: bytes) -> Table:
    """Numbers, booleans and decimals as columns, a column of dates or of text as labels.

    Beyond MAX_LABELLED_ROWS there are no labels, and the description says so. Raises SeqvizError
    when the file is damaged, too wide, or unpacks beyond MAX_UNPACKED_BYTES.
    """
    import pyarrow as pa

    try:
        table = _table(_opened(name, data))
    except TooManyValues as error:
        raise SeqvizError(
            f"{name} keeps its columns in too many pieces to be read: save it again with fewer "
            "columns, fewer row groups and larger pages."
        ) from error
    except SeqvizError:
        raise
    except (pa.ArrowException, OSError, ValueError, KeyError, TypeError) as error:
        raise SeqvizError(
            f"{name} is damaged (its pages do not hold what its footer says): save it again and "
            "upload it."
        ) from error
    if not len(table):  # the footer counts rows, and no page has one
        raise SeqvizError(f"{name} is damaged (it has no rows of data): save it again.")
    return table


@dataclass
class _File:
    """schema: the top-level fields. places: which column chunk is theirs, for those not nested."""

    name: str
    data: bytes
    footer: Footer
    metadata: pq.FileMetaData
    schema: pa.Schema
    places: dict[str, int]
    allowance: Allowance = field(default_factory=Allowance)

    def pages(self, column: str) -> list[Page]:
        """Every page of a column, over all row groups."""
        chunks = [group.chunks[self.places[column]] for group in self.footer.groups]
        return [page for chunk in chunks for page in pages(self.data, *chunk, self.allowance)]

    def grows(self, column: str, own_pages: list[Page]) -> bool:
        """Whether a value may be longer than its share of a page, which then says nothing.

        It may repeat all of the one before, or stand in a dictionary once for all rows.
        """
        kind = self.metadata.schema.column(self.places[column]).physical_type
        return kind == "BYTE_ARRAY" or any(p.encoding == _DELTA_BYTE_ARRAY for p in own_pages)


def _opened(name: str, data: bytes) -> _File:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        # before pyarrow, which takes 570 MB for a footer of 4 MB
        announced = footer(data)
        refuse_wide(name, announced.columns)
        metadata = pq.read_metadata(pa.BufferReader(data))
    except (SeqvizError, TooManyValues):
        raise
    except (pa.ArrowException, OSError, ValueError) as error:
        raise SeqvizError(
            f"{name} is not a Parquet file or was cut short: save it again and upload it."
        ) from error
    refuse_wide(name, metadata.num_columns)
    _refuse_forged(name, data, announced, metadata)
    paths = [metadata.schema.column(k).path for k in range(metadata.num_columns)]
    schema = metadata.schema.to_arrow_schema()
    _refuse_twins(name, schema.names, paths)
    return _File(name, data, announced, metadata, schema, {path: k for k, path in enumerate(paths)})


def _refuse_forged(name: str, data: bytes, announced: Footer, metadata: pq.FileMetaData) -> None:
    most = max(announced.rows, *(group.rows for group in announced.groups), 0)
    refuse_large(name, most, max(1, metadata.num_columns))
    counts = {announced.rows, sum(group.rows for group in announced.groups), metadata.num_rows}
    widths = {len(group.chunks) for group in announced.groups} | {metadata.num_columns}
    if len(counts) > 1 or len(widths) > 1:
        raise SeqvizError(f"{name} counts its rows or columns in two ways: save it again.")
    if not announced.rows:
        raise SeqvizError(f"{name} has no rows of data: upload a file with at least one row.")
    if announced.chunk_bytes > len(data):
        raise SeqvizError(
            f"{name} is damaged (its columns claim {announced.chunk_bytes / 2**20:,.1f} MB, more "
            "than the file holds): save it again and upload it."
        )


def _refuse_twins(name: str, fields: list[str], paths: list[str]) -> None:
    """Refuse a field whose name says two columns; "a.b" is also the path of b inside of a."""
    counts, leaves = Counter(fields), Counter(paths)
    twin = next((f for f in fields if counts[f] > 1 or leaves[f] > 1), None)
    if twin is not None:
        raise SeqvizError(
            f"{name} has two columns with the same name, {clip(twin)!r}: rename one of them and "
            "upload it again."
        )


def _table(file: _File) -> Table:
    flat = [f for f in file.schema if f.name in file.places]
    sizes = {f.name: file.pages(f.name) for f in flat if _is_number(f.type)}
    numbers = [c for c, own_pages in sizes.items() if _batch(file, c, own_pages)]
    label = _label_column(file, flat, sizes)
    others = len(file.schema) - len(numbers) - (label is not None)
    notes = [f"{counted(others, 'other column')} left out"] if others else []
    if label is not None and _too_many_labels(file, sizes[label]):
        limits = f"{MAX_LABELLED_ROWS:,} rows and {MAX_LABEL_BYTES // 2**20} MB"
        notes.insert(0, f"{clip(label)!r} left out since labels are read from at most {limits}")
        label = None
    wanted = [*numbers, *([label] if label is not None else [])]
    _refuse_unpacked(file, sum(page.unpacked for c in wanted for page in sizes[c]))
    if not numbers:
        held = ", ".join(f"{clip(f.name)} ({clip(str(f.type))})" for f in list(file.schema)[:4])
        raise SeqvizError(
            f"{file.name} has no column of numbers (it holds {held}): upload a table with at least "
            "one."
        )
    return assemble(file.name, _columns(file, {c: sizes[c] for c in numbers}, label), notes)


def _too_many_labels(file: _File, own_pages: list[Page]) -> bool:
    unpacked = sum(page.unpacked for page in own_pages)
    return file.footer.rows > MAX_LABELLED_ROWS or unpacked > MAX_LABEL_BYTES


def _refuse_unpacked(file: _File, unpacked: int) -> None:
    if unpacked > MAX_UNPACKED_BYTES:
        raise SeqvizError(
            f"{file.name} would unpack to {unpacked / 2**20:,.0f} MB and at most "
            f"{MAX_UNPACKED_BYTES // 2**20} MB are read: save fewer rows or columns."
        )


def _columns(file: _File, numbers: dict[str, list[Page]], label: str | None) -> list[Column]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    opened = pq.ParquetFile(
        pa.BufferReader(file.data),
        metadata=file.metadata,
        # a dictionary keeps a text that repeats once: as plain text it could fill the memory
        read_dictionary=None if label is None else [label],
        pre_buffer=False,
    )

    columns: list[Column] = []
    for column, own_pages in numbers.items():  # one at a time, so that no two are held twice
        batch = _batch(file, column, own_pages)
        parts = [_numbers(part) for part in _read(file, opened, column, batch)]
        columns.append((column, parts[0] if len(parts) == 1 else np.concatenate(parts)))
    if label is not None:
        title = "index" if label == "__index_level_0__" else label
        whole = next(_read(file, opened, label, file.footer.rows))
        columns.insert(0, (title, _texts(whole)))
    return columns


def _read(
    file: _File, opened: pq.ParquetFile, column: str, batch: int
) -> Iterator[pa.ChunkedArray]:
    """A column in parts of batch rows, in one part when it has no more."""
    import pyarrow as pa

    # by place, since ParquetFile.read takes "a.b" for b inside of a as well, whose pages have
    # not been added up
    places = [file.places[column]]
    if batch >= file.footer.rows:
        yield opened.reader.read_all(column_indices=places, use_threads=False).column(0)
        return
    groups = list(range(len(file.footer.groups)))
    for part in opened.reader.iter_batches(batch, groups, places, use_threads=False):
        yield pa.chunked_array([part.column(0)])


def _batch(file: _File, column: str, own_pages: list[Page]) -> int:
    """The rows of a column of numbers to read at once, 0 when it cannot be read."""
    rows = file.footer.rows
    if not file.grows(column, own_pages):
        return rows
    # decimals of any length: each may claim to be as long as the largest page
    largest = max((page.unpacked for page in own_pages), default=0)
    batch = min(rows, _MAX_BATCH_BYTES // max(1, largest))
    return batch if batch * _MAX_BATCHES >= rows else 0


def _label_column(file: _File, flat: list[pa.Field], sizes: dict[str, list[Page]]) -> str | None:
    """The first column of dates or times, else of text; its pages are added to sizes."""
    candidates = [f for f in flat if _is_time(f.type) or _is_text(f.type)]
    for candidate in sorted(candidates, key=lambda f: not _is_time(f.type)):
        own_pages = file.pages(candidate.name)
        bare = all(p.encoding != _DELTA_BYTE_ARRAY for p in own_pages)
        if bare and sum(page.entries for page in own_pages) <= MAX_LABEL_WORDS:
            sizes[candidate.name] = own_pages
            return str(candidate.name)
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
    return np.asarray(values, dtype=np.float64)  # gaps are NaN


def _starts(texts: pa.Array) -> list[str]:
    """The beginning of each text: as a Python string a long one would take four times its bytes."""
    import pyarrow as pa
    import pyarrow.compute as pc

    large = pa.types.is_large_string(texts.type)
    whole = texts.cast(pa.large_binary() if large else pa.binary())
    cut = pc.binary_slice(whole, 0, 1000)  # bytes: more than clip looks at
    # the cut may fall inside a character
    return [(start or b"").decode("utf-8", "ignore") for start in cut.to_pylist()]


def _texts(column: pa.ChunkedArray) -> list[str]:
    import pyarrow as pa

    if pa.types.is_dictionary(column.type):
        texts: list[str] = []
        for chunk in column.chunks:  # row groups have dictionaries of their own
            used = chunk.indices.unique().drop_null()  # a dictionary may hold millions more
            known = {None: ""}
            for place, text in zip(
                used.to_pylist(), _starts(chunk.dictionary.take(used)), strict=True
            ):
                known[place] = clip(text)
            texts.extend(known[place] for place in chunk.indices.to_pylist())
        return texts
    if pa.types.is_time(column.type):
        times = column.cast(pa.string()).to_pylist()
        return ["" if time is None else re.sub(r"\.0+$", "", time) for time in times]
    moments = column.to_numpy(zero_copy_only=False).astype("datetime64[us]")
    known = moments[~np.isnat(moments)]
    whole = (u for u in ("D", "m", "s", "ms") if (known == known.astype(f"datetime64[{u}]")).all())
    written = np.datetime_as_string(moments, unit=next(whole, "us"))  # type: ignore[call-overload]
    zone = " UTC" if getattr(column.type, "tz", None) else ""
    return ["" if text == "NaT" else text.replace("T", " ") + zone for text in written.tolist()]
