"""A file somebody uploads -> a Table, a Text or a Recording, with every limit checked on the way.

table = read("rain.csv", data)
sequence = select(table, table.columns[:2], stop=500, standardise=True)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import PurePath

from seqviz.data.audio import Recording
from seqviz.data.readers.read_json import read_json, read_jsonl
from seqviz.data.readers.read_numpy import read_npy, read_npz, shapes_of
from seqviz.data.readers.read_parquet import read_parquet
from seqviz.data.readers.read_sound import read_sound
from seqviz.data.readers.read_text import read_csv, read_txt
from seqviz.data.readers.read_xlsx import read_xlsx, sheets_of
from seqviz.data.readers.refused import instead_of
from seqviz.data.table import Table, Text, clip
from seqviz.errors import SeqvizError
from seqviz.limits import MAX_FILE_BYTES

AUDIO = ("wav", "flac", "ogg", "mp3")
TABLES = ("csv", "tsv", "xlsx", "json", "jsonl", "parquet", "npy", "npz")
EXTENSIONS = (*TABLES, "txt", *AUDIO)
"""The endings `read` knows."""

_READERS: dict[str, Callable[[str, bytes], Table | Text | Recording]] = {
    "json": read_json,
    "jsonl": read_jsonl,
    "parquet": read_parquet,
    **dict.fromkeys(AUDIO, read_sound),
}
_WRITTEN: dict[str, Callable[[str, bytes, bool | None, str | None], Table | Text]] = {
    "csv": read_csv,
    "tsv": read_csv,
    "txt": read_txt,
}


def read(
    name: str,
    data: bytes,
    member: str | None = None,
    header: bool | None = None,
    *,
    decimal: str | None = None,
    sequence: int = 1,
) -> Table | Text | Recording:
    """What a file holds. The ending of name says how to read it, data is all of its bytes.

    member: which array of an NPZ or sheet of an XLSX (see `members`); None takes the first that
    fits. header: whether the first row is one, where the file leaves that open (see Table.header);
    None takes what is likelier. decimal: the decimal mark of a table of characters, where the file
    leaves that open (see Table.decimal). sequence: which of an NPY's or NPZ's array (N, T, I),
    counted from 1. Raises SeqvizError, one sentence, for a file that is too large, empty, damaged,
    or not numbers.
    """
    ending = ending_of(name)
    name = clip(PurePath(name).name) or "This file"
    if ending not in EXTENSIONS:
        raise SeqvizError(f"{name} {instead_of(ending, EXTENSIONS)}")
    if len(data) > MAX_FILE_BYTES:
        raise SeqvizError(
            f"{name} is {len(data) / 2**20:.2f} MB and at most {MAX_FILE_BYTES // 2**20} MB are "
            "read: upload a part of it."
        )
    if not data:
        raise SeqvizError(f"{name} is empty: upload a file that holds data.")
    with _in_one_sentence(name, ending):
        if ending == "npz":
            return read_npz(name, data, member, sequence)
        if ending == "npy":
            return read_npy(name, data, sequence)
        if ending == "xlsx":
            return read_xlsx(name, data, member, header)
        if ending in _WRITTEN:
            return _WRITTEN[ending](name, data, header, decimal)
        return _READERS[ending](name, data)


def ending_of(name: str) -> str:
    """The ending of a file's name, in lower case and without the dot."""
    return PurePath(name).suffix.lower().removeprefix(".")


def members(name: str, data: bytes) -> dict[str, str]:
    """What to choose from: an NPZ's arrays or an XLSX's sheets, and how to name each on screen.

    Read from headers only; {} for other files. Raises SeqvizError for a damaged one.
    """
    ending = ending_of(name)
    with _in_one_sentence("This file", ending):
        if ending == "npz":
            shapes = shapes_of("This file", data)
            return {key: f"{clip(key)} {shape}" for key, shape in shapes.items()}
        sheets = sheets_of("This file", data) if ending == "xlsx" else []
        return {sheet: clip(sheet) for sheet in sheets}


@contextmanager
def _in_one_sentence(name: str, ending: str) -> Iterator[None]:
    try:
        yield
    except SeqvizError:
        raise
    except Exception as error:
        # damaged bytes make the libraries below raise nearly anything, up to MemoryError
        raise SeqvizError(
            f"{name} cannot be read as {ending.upper()}, it may be damaged or cut short: save it "
            "again and upload it."
        ) from error
