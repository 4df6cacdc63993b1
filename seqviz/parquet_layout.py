"""Where a Parquet file keeps its columns and how large they really are, without unpacking a page.

Two reasons not to ask the library. A footer's sizes can be forged while a page of a few bytes
unpacks to gigabytes: what a decoder allocates is what each page header says, so these are added
up first. And pyarrow's view of a column chunk ends the whole process when its statistics are
inconsistent (an exception its binding does not catch, seen with pyarrow 26).
Source: https://parquet.apache.org/docs/file-format/ and Thrift's compact protocol.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

LARGEST_FOOTER = 2 * 2**20
"""Bytes of a footer that are read; 1,000 columns in 10 row groups take about half of it."""

_MAGIC = b"PAR1"
_NUM_ROWS, _ROW_GROUPS = 3, 4  # fields of FileMetaData
_COLUMNS, _GROUP_ROWS = 1, 3  # of RowGroup
_META_DATA = 3  # of ColumnChunk
_CHUNK_LENGTH, _FIRST_PAGE, _DICTIONARY_PAGE = 7, 9, 11  # of ColumnMetaData
_UNCOMPRESSED, _COMPRESSED = 2, 3  # of PageHeader
_DATA, _DATA_V2 = 5, 8
_ENCODING = {_DATA: 2, _DATA_V2: 4}
_TRUE, _FALSE, _BYTE, _INTEGERS, _DOUBLE, _BINARY = 1, 2, 3, (4, 5, 6), 7, 8
_LIST, _SET, _STRUCT = 9, 10, 12
_DEEPEST = 12


@dataclass(frozen=True)
class Page:
    """unpacked: bytes after decompression. encoding: Parquet's number for it, None if unknown."""

    unpacked: int
    encoding: int | None


@dataclass(frozen=True)
class RowGroup:
    """rows: how many. chunks: where each column's bytes start and how many they are."""

    rows: int
    chunks: tuple[tuple[int, int], ...]


def footer(data: bytes) -> tuple[int, list[RowGroup]]:
    """The number of rows a file announces, and its row groups.

    Raises ValueError when the footer cannot be read or exceeds LARGEST_FOOTER.
    """
    length = int.from_bytes(data[-8:-4], "little")
    start = len(data) - 8 - length
    if data[-4:] != _MAGIC or start < len(_MAGIC) or length > LARGEST_FOOTER:
        raise ValueError("the file has no footer, or an impossibly long one")
    found, _ = _struct(data, start, 0)
    groups = []
    for group in _structs(found, _ROW_GROUPS):
        inside = [_fields(chunk.get(_META_DATA)) for chunk in _structs(group, _COLUMNS)]
        groups.append(RowGroup(_whole(group, _GROUP_ROWS), tuple(_extent(c) for c in inside)))
    return _whole(found, _NUM_ROWS), groups


def pages(data: bytes, start: int, length: int) -> Iterator[Page]:
    """The pages of one column chunk, data[start : start + length].

    Raises ValueError when a header cannot be read or leads out of the chunk.
    """
    at, end = start, start + length
    if end > len(data):
        raise ValueError("a column chunk lies outside the file")
    while at < end:
        header, at = _struct(data, at, 0)
        encodings = (_fields(header[k]).get(f) for k, f in _ENCODING.items() if k in header)
        yield Page(_whole(header, _UNCOMPRESSED), next(encodings, None))
        at += _whole(header, _COMPRESSED)


def _extent(chunk: dict[int, Any]) -> tuple[int, int]:
    """Where a column chunk starts (its dictionary comes before its data) and its length."""
    first = _whole(chunk, _FIRST_PAGE)
    if chunk.get(_DICTIONARY_PAGE):
        first = min(first, _whole(chunk, _DICTIONARY_PAGE))
    return first, _whole(chunk, _CHUNK_LENGTH)


def _whole(fields: dict[int, Any], field: int) -> int:
    value = fields.get(field)
    if not isinstance(value, int) or value < 0:
        raise ValueError("a size or a position is missing")
    return value


def _fields(value: Any) -> dict[int, Any]:
    if not isinstance(value, dict):
        raise ValueError("a structure is missing")
    return value


def _structs(fields: dict[int, Any], field: int) -> list[dict[int, Any]]:
    value = fields.get(field)
    if not isinstance(value, list):
        raise ValueError("a list is missing")
    return [_fields(inside) for inside in value]


def _struct(data: bytes, at: int, depth: int) -> tuple[dict[int, Any], int]:
    """A Thrift struct as {field id: value}, and where it ends."""
    if depth > _DEEPEST:
        raise ValueError("structures are nested too deeply")
    fields: dict[int, Any] = {}
    field = 0
    while (byte := _byte(data, at)) != 0:
        at += 1
        if byte >> 4:
            field += byte >> 4
        else:
            field, at = _integer(data, at)
        kind = byte & 0x0F
        if kind in (_TRUE, _FALSE):
            fields[field] = kind == _TRUE
        else:
            fields[field], at = _value(data, at, kind, depth)
    return fields, at + 1


def _value(data: bytes, at: int, kind: int, depth: int) -> tuple[Any, int]:
    if kind in _INTEGERS:
        return _integer(data, at)
    if kind == _STRUCT:
        return _struct(data, at, depth + 1)
    if kind == _BINARY:
        length, at = _varint(data, at)
        if at + length > len(data):
            raise ValueError("a text is cut short")
        return None, at + length
    if kind == _DOUBLE:
        return None, at + 8
    if kind in (_BYTE, _TRUE, _FALSE):
        return None, at + 1
    if kind in (_LIST, _SET):
        size, at = _byte(data, at) >> 4, at + 1
        inside = data[at - 1] & 0x0F
        if size == 15:
            size, at = _varint(data, at)
        values = []
        for _ in range(size):
            value, at = _value(data, at, inside, depth + 1)
            values.append(value)
        return values, at
    raise ValueError("a field has an unknown type")


def _integer(data: bytes, at: int) -> tuple[int, int]:
    value, at = _varint(data, at)
    return (value >> 1) ^ -(value & 1), at  # zigzag


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = _byte(data, at)
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
        if shift > 63:
            raise ValueError("a number is too long")


def _byte(data: bytes, at: int) -> int:
    if at >= len(data):
        raise ValueError("a structure is cut short")
    return data[at]
