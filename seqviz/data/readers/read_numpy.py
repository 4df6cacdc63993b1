"""NPY and NPZ -> Table, headers first: nothing is unpacked or allocated on a header's word alone.

Source: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
"""

from __future__ import annotations

import io
import math
import re
import zipfile
import zlib
from dataclasses import dataclass, replace
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from seqviz.data.readers.zip_archive import open_archive
from seqviz.data.table import Table, assemble, clip, refuse_large, refuse_wide
from seqviz.errors import SeqvizError
from seqviz.limits import MAX_DIMENSIONS, MAX_NPY_HEADER, MAX_UNPACKED_BYTES

_SAVE = "save it again with numpy.savez or savez_compressed"
_MAGIC = b"\x93NUMPY"
# A header is a Python dict in plain text; reading it with patterns evaluates nothing.
_DESCR = re.compile(r"'descr':\s*'([<>=|]?[biuf]\d{1,2})'")
_ORDER = re.compile(r"'fortran_order':\s*(True|False)")
_SHAPE = re.compile(r"'shape':\s*\(([\d\sL,]*)\)")


@dataclass(frozen=True)
class _Header:
    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    fortran: bool

    @property
    def size(self) -> int:
        """How many numbers."""
        return math.prod(self.shape)


def read_npy(name: str, data: bytes, sequence: int = 1) -> Table:
    """One array of numbers of shape (T,), (T, I), (T, 1, I), or one of the N of (N, T, I).

    sequence: which of them, counted from 1.
    Raises SeqvizError for other shapes, for Python objects and for a header the bytes do not keep.
    """
    return _table(name, *_array(name, io.BytesIO(data)), sequence)


def read_npz(name: str, data: bytes, member: str | None = None, sequence: int = 1) -> Table:
    """One array of an archive: member, else the first that can be read as a sequence.

    sequence: which of the N of an array (N, T, I), counted from 1; an array with one comes before.

    Raises SeqvizError when there is none, or when it is larger than MAX_UNPACKED_BYTES unpacked.
    """
    with _opened(name, data) as archive:
        headers = _headers(name, archive)
        if not headers:
            raise SeqvizError(f"{name} holds no array of numbers: save one with numpy.savez.")
        known = ", ".join(clip(key) for key in list(headers)[:8])
        known += ", …" if len(headers) > 8 else ""
        if member is None:
            counts = {key: _sequences(header.shape) for key, header in headers.items()}
            readable = sorted((key for key in counts if counts[key]), key=lambda k: counts[k] > 1)
            if not readable:
                raise SeqvizError(
                    f"No array of {name} has the shape of a sequence ({known}): save one of shape "
                    "(steps,) or (steps, features)."
                )
            member = readable[0]
        if member not in headers:
            raise SeqvizError(f"{name} has no array {clip(member)!r}: choose from {known}.")
        with archive.open(_file_of(archive, member)) as file:
            header, values = _array(f"{name}[{clip(member)}]", file)
    notes = [f"array {clip(member)!r}" + (f", one of {len(headers):,}" if len(headers) > 1 else "")]
    return _table(name, header, values, sequence, notes)


def shapes_of(name: str, data: bytes) -> dict[str, tuple[int, ...]]:
    """The numeric arrays of an NPZ and their shapes, from their headers only.

    Raises SeqvizError when it is no NPZ file.
    """
    with _opened(name, data) as archive:
        return {key: header.shape for key, header in _headers(name, archive).items()}


def _opened(name: str, data: bytes) -> zipfile.ZipFile:
    return open_archive(name, data, "NPZ archive", "save only the arrays you need", _SAVE)


def _headers(name: str, archive: zipfile.ZipFile) -> dict[str, _Header]:
    """The members that are arrays of numbers, in order."""
    headers = {}
    for info in archive.infolist():
        if not info.filename.endswith(".npy"):
            continue
        try:
            with archive.open(info) as file:
                headers[info.filename.removesuffix(".npy")] = _header(name, file)
        except SeqvizError:
            continue  # text or objects: not a choice
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError) as error:
            raise SeqvizError(
                f"{name} is damaged or protected at {clip(info.filename)!r}: save it again with "
                "numpy.savez."
            ) from error
    return headers


def _file_of(archive: zipfile.ZipFile, member: str) -> zipfile.ZipInfo:
    return archive.getinfo(f"{member}.npy")


def _header(name: str, file: BinaryIO | Any) -> _Header:
    start = file.read(8)
    if start[:6] != _MAGIC or len(start) < 8 or start[6] not in (1, 2, 3):
        raise SeqvizError(f"{name} is not an NPY array: save it with numpy.save.")
    length = int.from_bytes(file.read(2 if start[6] == 1 else 4), "little")
    if length > MAX_NPY_HEADER:
        raise SeqvizError(
            f"{name} has a header of {length:,} bytes: save a plain array of numbers."
        )
    text = file.read(length).decode("latin-1")
    descr, order, shape = _DESCR.search(text), _ORDER.search(text), _SHAPE.search(text)
    if not (descr and order and shape):
        raise SeqvizError(
            f"{name} holds no plain array of numbers (objects, texts, dates and complex numbers "
            "are not read): save it as float32 or float64."
        )
    sizes = [part.strip(" L") for part in shape[1].split(",") if part.strip()]
    if len(sizes) > MAX_DIMENSIONS or any(not part.isdigit() or len(part) > 18 for part in sizes):
        raise SeqvizError(f"{name} has an impossible shape in its header: save it again.")
    try:
        dtype = np.dtype(descr[1])
    except TypeError as error:
        raise SeqvizError(
            f"{name} has numbers of unknown type {descr[1]!r}: save it as float32 or float64."
        ) from error
    return _Header(dtype, tuple(int(part) for part in sizes), order[1] == "True")


def _array(name: str, file: BinaryIO | Any) -> tuple[_Header, NDArray[Any]]:
    header = _header(name, file)
    needed = header.size * header.dtype.itemsize
    refuse_large(name, header.size, 1)
    if needed > MAX_UNPACKED_BYTES:
        raise SeqvizError(
            f"{name} holds {needed / 2**20:,.0f} MB and at most {MAX_UNPACKED_BYTES // 2**20} MB "
            "are read: save it as float32, or a part of it."
        )
    content = file.read(needed)
    if len(content) < needed:
        raise SeqvizError(
            f"{name} announces shape {header.shape}, {needed:,} bytes, and holds "
            f"{len(content):,}: it was cut short, save it again."
        )
    values = np.frombuffer(content, dtype=header.dtype)
    return header, values.reshape(header.shape, order="F" if header.fortran else "C")


def _sequences(shape: tuple[int, ...]) -> int:
    """How many sequences an array holds, 0 when it cannot be read as any."""
    return (shape[0] if len(shape) == 3 and shape[1] != 1 else 1) if _layout(shape) else 0


def _layout(shape: tuple[int, ...]) -> tuple[int, int] | None:
    """(T, I) of a sequence in an array that can be read as one or several."""
    if len(shape) == 1:
        return shape[0], 1
    if len(shape) == 2:
        return shape[0], shape[1]
    if len(shape) == 3 and shape[1] == 1:
        return shape[0], shape[2]
    if len(shape) == 3:  # (N, T, I), as batch_first has it
        return shape[1], shape[2]
    return None


def _table(
    name: str,
    header: _Header,
    values: NDArray[Any],
    sequence: int,
    notes: list[str] | None = None,
) -> Table:
    layout, count = _layout(header.shape), _sequences(header.shape)
    if layout is None:
        raise SeqvizError(
            f"{name} has shape {header.shape} and a sequence has (steps,) or (steps, features), "
            "several (sequences, steps, features): save it in one of these shapes."
        )
    refuse_wide(name, layout[1])
    if 0 in layout or not count:
        raise SeqvizError(f"{name} has shape {header.shape}: save at least one step and feature.")
    with np.errstate(all="ignore"):  # longdouble may overflow to infinity; select refuses that
        place = min(max(sequence, 1), count) - 1
        columns = values.reshape(count, *layout)[place].astype(np.float64)  # (T, I)
    notes = notes or []
    if len(header.shape) == 3:
        which = "" if count == 1 else f", sequence {place + 1:,} of {count:,}"
        notes = [f"shape {header.shape} read as {layout}{which}", *notes]
    width = layout[1]
    names = ["value"] if width == 1 else [f"column {k}" for k in range(1, width + 1)]
    cells = [(c, columns[:, k]) for k, c in enumerate(names)]
    return replace(assemble(name, cells, notes, indexed=False), sequences=count)
