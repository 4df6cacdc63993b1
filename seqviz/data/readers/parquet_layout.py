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

from seqviz.limits import MAX_PARQUET_FOOTER, MAX_PARQUET_VALUES

_MAGIC = b"PAR1"
_SCHEMA, _NUM_ROWS, _ROW_GROUPS = 2, 3, 4  # fields of FileMetaData
_NUM_CHILDREN = 5  # of SchemaElement
_COLUMNS, _GROUP_ROWS = 1, 3  # of RowGroup
_META_DATA = 3  # of ColumnChunk
_CHUNK_LENGTH, _FIRST_PAGE, _DICTIONARY_PAGE = 7, 9, 11  # of ColumnMetaData
_UNCOMPRESSED, _COMPRESSED = 2, 3  # of PageHeader
_DATA, _DICTIONARY, _DATA_V2 = 5, 7, 8
_NUM_VALUES = 1  # of DictionaryPageHeader
_ENCODING = {_DATA: 2, _DATA_V2: 4}
_TRUE, _FALSE, _BYTE, _INTEGERS, _DOUBLE, _BINARY = 1, 2, 3, (4, 5, 6), 7, 8
_LIST, _SET, _STRUCT = 9, 10, 12
_WIDTH = {_TRUE: 1, _FALSE: 1, _BYTE: 1, _DOUBLE: 8}  # bytes of a value in a list
_DEEPEST = 12
_VALUES_OF_A_PAGE = 10  # an honest header has as many: a page of fewer costs the same time


class TooManyValues(ValueError):
    """A file that describes itself in more, or longer, structures than are read."""


@dataclass
class Allowance:
    """How many values may still be read: tiny structures in a small file can take minutes."""

    left: int = MAX_PARQUET_VALUES

    def spend(self, values: int = 1) -> None:
        self.left -= values
        if self.left < 0:
            raise TooManyValues("the structures hold too many values")


@dataclass(frozen=True, slots=True)
class Page:
    """unpacked: bytes after decompression. encoding: Parquet's number for it, None if unknown.

    entries: how many values a page that is a dictionary holds, 0 for any other page.
    """

    unpacked: int
    encoding: int | None
    entries: int = 0


@dataclass(frozen=True)
class RowGroup:
    """rows: how many. chunks: where each column's bytes start and how many they are."""

    rows: int
    chunks: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Footer:
    """rows: how many the file announces. columns: the schema's leaves, nested ones included."""

    rows: int
    columns: int
    groups: tuple[RowGroup, ...]

    @property
    def chunk_bytes(self) -> int:
        """The bytes of all column chunks: more than the file when they share some."""
        return sum(length for group in self.groups for _, length in group.chunks)


def footer(data: bytes) -> Footer:
    """The rows and columns a file announces, and its row groups.

    Raises ValueError when it cannot be read, TooManyValues beyond MAX_PARQUET_FOOTER or
    MAX_PARQUET_VALUES.
    """
    length = int.from_bytes(data[-8:-4], "little")
    start = len(data) - 8 - length
    if data[-4:] != _MAGIC or start < len(_MAGIC):
        raise ValueError("the file has no footer")
    if length > MAX_PARQUET_FOOTER:
        raise TooManyValues("the footer is too long")
    metadata = _Thrift(data, start, Allowance()).struct()
    groups = []
    for group in _structs(metadata, _ROW_GROUPS):
        inside = [_fields(chunk.get(_META_DATA)) for chunk in _structs(group, _COLUMNS)]
        groups.append(RowGroup(_whole(group, _GROUP_ROWS), tuple(_extent(c) for c in inside)))
    elements = _structs(metadata, _SCHEMA)[1:]  # without the root
    leaves = [element for element in elements if not element.get(_NUM_CHILDREN)]
    return Footer(_whole(metadata, _NUM_ROWS), len(leaves), tuple(groups))


def pages(
    data: bytes, start: int, length: int, allowance: Allowance | None = None
) -> Iterator[Page]:
    """The pages of one column chunk, data[start : start + length].

    allowance: one for all chunks of a file, since several of them may claim the same bytes.
    Raises ValueError when a header cannot be read, TooManyValues when the allowance is spent.
    """
    end = start + length
    if end > len(data):
        raise ValueError("a column chunk lies outside the file")
    place = _Thrift(data, start, allowance or Allowance())
    while place.at < end:
        place.allowance.spend(_VALUES_OF_A_PAGE)
        header = place.struct()
        encodings = (_fields(header[k]).get(f) for k, f in _ENCODING.items() if k in header)
        entries = _whole(_fields(header[_DICTIONARY]), _NUM_VALUES) if _DICTIONARY in header else 0
        yield Page(_whole(header, _UNCOMPRESSED), next(encodings, None), entries)
        place.at += _whole(header, _COMPRESSED)


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


@dataclass
class _Thrift:
    """A place in a file, moved on by each value that is read there."""

    data: bytes
    at: int
    allowance: Allowance

    def struct(self, depth: int = 0) -> dict[int, Any]:
        """{field id: value}; numbers, structs and lists are kept, the rest is passed over."""
        if depth > _DEEPEST:
            raise ValueError("structures are nested too deeply")
        self.allowance.spend()
        fields: dict[int, Any] = {}
        field = 0
        while byte := self.byte():
            field = field + (byte >> 4) if byte >> 4 else self.integer()
            kind = byte & 0x0F
            if kind in (_TRUE, _FALSE):
                fields[field] = kind == _TRUE
            else:
                fields[field] = self.value(kind, depth)
        return fields

    def value(self, kind: int, depth: int) -> Any:
        if kind == _STRUCT:
            return self.struct(depth + 1)
        if kind in (_LIST, _SET):
            return self.values(depth + 1)
        self.allowance.spend()
        if kind in _INTEGERS:
            return self.integer()
        if kind == _BINARY:
            return self.skip(self.varint())
        if kind in _WIDTH:
            return self.skip(_WIDTH[kind])
        raise ValueError("a field has an unknown type")

    def values(self, depth: int) -> list[Any]:
        if depth > _DEEPEST:
            raise ValueError("lists are nested too deeply")
        self.allowance.spend()
        byte = self.byte()
        size = byte >> 4 if byte >> 4 < 15 else self.varint()
        if size > len(self.data) - self.at:  # each value takes a byte or more
            raise ValueError("a list is longer than the file")
        return [self.value(byte & 0x0F, depth) for _ in range(size)]

    def integer(self) -> int:
        value = self.varint()
        return (value >> 1) ^ -(value & 1)  # zigzag

    def varint(self) -> int:
        value = shift = 0
        while (byte := self.byte()) >= 0x80:  # its highest bit: more follow
            value |= (byte & 0x7F) << shift
            shift += 7
            if shift > 63:
                raise ValueError("a number is too long")
        return value | byte << shift

    def skip(self, length: int) -> None:
        if length > len(self.data) - self.at:
            raise ValueError("a value is cut short")
        self.at += length

    def byte(self) -> int:
        try:
            value = self.data[self.at]
        except IndexError:
            raise ValueError("a structure is cut short") from None
        self.at += 1
        return value
