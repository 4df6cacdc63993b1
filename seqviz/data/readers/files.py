"""A file somebody uploads -> a Table, a Text or a Recording, with every limit checked on the way.

table = read("rain.csv", data)
sequence = select(table, table.columns[:2], stop=500, standardise=True)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import PurePath

from seqviz.data.audio import Recording
from seqviz.data.readers.read_json import read_json
from seqviz.data.readers.read_numpy import read_npy, read_npz, shapes_of
from seqviz.data.readers.read_parquet import read_parquet
from seqviz.data.readers.read_sound import read_sound
from seqviz.data.readers.read_text import read_csv, read_txt
from seqviz.data.table import Table, Text, clip
from seqviz.errors import SeqvizError
from seqviz.limits import MAX_FILE_BYTES

AUDIO = ("wav", "flac", "ogg")
EXTENSIONS = ("csv", "tsv", "json", "parquet", "npy", "npz", "txt", *AUDIO)
"""The endings `read` knows, for an uploader's list of types."""

_READERS: dict[str, Callable[[str, bytes], Table | Text | Recording]] = {
    "csv": read_csv,
    "tsv": read_csv,
    "json": read_json,
    "parquet": read_parquet,
    "npy": read_npy,
    "npz": read_npz,
    "txt": read_txt,
    **dict.fromkeys(AUDIO, read_sound),
}


def read(name: str, data: bytes, member: str | None = None) -> Table | Text | Recording:
    """What a file holds. The ending of name says how to read it, data is all of its bytes.

    member: which array of an NPZ (see `arrays`); None takes the first that fits.
    Raises SeqvizError, one sentence, for a file that is too large, empty, damaged, or not numbers.
    """
    ending = PurePath(name).suffix.lower().removeprefix(".")
    name = clip(PurePath(name).name) or "This file"
    if ending not in _READERS:
        known = ", ".join(extension.upper() for extension in EXTENSIONS)
        raise SeqvizError(f"{name} has an ending seqviz does not know: upload one of {known}.")
    if len(data) > MAX_FILE_BYTES:
        raise SeqvizError(
            f"{name} is {len(data) / 2**20:.2f} MB and at most {MAX_FILE_BYTES // 2**20} MB are "
            "read: upload a part of it."
        )
    if not data:
        raise SeqvizError(f"{name} is empty: upload a file that holds data.")
    with _in_one_sentence(name, ending):
        return read_npz(name, data, member) if ending == "npz" else _READERS[ending](name, data)


def arrays(data: bytes) -> dict[str, tuple[int, ...]]:
    """The numeric arrays of an NPZ and their shapes, from their headers only.

    Raises SeqvizError when it is no NPZ file, or a damaged one.
    """
    with _in_one_sentence("This file", "npz"):
        return shapes_of("This file", data)


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
