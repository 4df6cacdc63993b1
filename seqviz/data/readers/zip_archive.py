"""A zip archive, its sizes checked before anything is unpacked."""

from __future__ import annotations

import io
import zipfile

from seqviz.errors import SeqvizError
from seqviz.limits import MAX_ARCHIVE_MEMBERS, MAX_UNPACKED_BYTES


def open_archive(name: str, data: bytes, kind: str, fewer: str, again: str) -> zipfile.ZipFile:
    """The archive in data. kind: what it should be; fewer, again: what to do about a bad one.

    Raises SeqvizError when it is none, holds more than MAX_ARCHIVE_MEMBERS files, announces more
    than MAX_UNPACKED_BYTES, or is packed with anything but deflate.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, UnicodeError) as error:
        raise SeqvizError(f"{name} is not an {kind} or was cut short: {again}.") from error
    members = archive.infolist()
    if len(members) > MAX_ARCHIVE_MEMBERS:
        raise SeqvizError(
            f"{name} holds {len(members):,} files and at most {MAX_ARCHIVE_MEMBERS:,} are read: "
            f"{fewer}."
        )
    unpacked = sum(info.file_size for info in members)
    if unpacked > MAX_UNPACKED_BYTES:
        raise SeqvizError(
            f"{name} would unpack to {unpacked / 2**20:,.0f} MB and at most "
            f"{MAX_UNPACKED_BYTES // 2**20} MB are read: {fewer}."
        )
    # zipfile unpacks bzip2 and LZMA without a bound, and nobody who writes such files uses them
    if any(m.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for m in members):
        raise SeqvizError(f"{name} is packed in an unusual way: {again}.")
    return archive
