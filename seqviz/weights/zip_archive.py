"""Zip archives from strangers: sizes first, then one bounded record at a time."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from seqviz.errors import SeqvizError
from seqviz.limits import MAX_WEIGHT_ENTRIES

_COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def megabytes(count: int) -> str:
    """A size as people read it: "64 MB", or "812 bytes" below one megabyte."""
    return f"{count / 2**20:,.0f} MB" if count >= 2**20 else f"{count:,} bytes"


@contextmanager
def open_archive(data: bytes, max_bytes: int, advice: str) -> Iterator[zipfile.ZipFile]:
    """The archive in data, whose records unpack to max_bytes together at the most.

    advice completes the sentence when it is too large. Raises SeqvizError for that, and for
    whatever goes wrong with the archive while it is open.
    """
    try:
        entries = data.count(b"PK\x01\x02")  # before zipfile makes an object of each
        if entries > MAX_WEIGHT_ENTRIES:
            raise SeqvizError(
                f"This archive has {entries:,} entries and seqviz reads {MAX_WEIGHT_ENTRIES:,}: "
                f"{advice}."
            )
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check(archive, max_bytes, advice)
            yield archive
    except SeqvizError:
        raise
    except (zipfile.BadZipFile, ValueError, LookupError, TypeError, OSError, EOFError) as error:
        raise SeqvizError(
            "This archive is damaged: save it again and upload the new file."
        ) from error
    except (ArithmeticError, RuntimeError, MemoryError, zlib.error) as error:
        raise SeqvizError(
            "This archive cannot be unpacked: save it again, without a password."
        ) from error


def unpacked(archive: zipfile.ZipFile, name: str) -> bytes:
    """One record, never more than it declares: read() without a size trusts the stream."""
    size = archive.getinfo(name).file_size
    with archive.open(name) as record:
        content = record.read(size)
    if len(content) != size:
        raise EOFError(name)
    return content


def _check(archive: zipfile.ZipFile, max_bytes: int, advice: str) -> None:
    entries = archive.infolist()
    total = sum(entry.file_size for entry in entries)
    if total > max_bytes:
        raise SeqvizError(
            f"This archive unpacks to {megabytes(total)} and seqviz reads "
            f"{megabytes(max_bytes)}: {advice}."
        )
    # bz2 and lzma put no limit on what one read returns; neither PyTorch nor NumPy writes them
    if any(entry.compress_type not in _COMPRESSIONS for entry in entries):
        raise SeqvizError("This archive uses an unusual compression: save it as a plain zip.")
