"""Files to upload, made in memory, and what a table of one has to be."""

import io

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import refusals

from seqviz.data.readers.files import read
from seqviz.data.table import Table


def table(name: str, content: str | bytes, **options) -> Table:
    """The Table in a file of this name."""
    data = content.encode() if isinstance(content, str) else content
    found = read(name, data, **options)
    assert isinstance(found, Table)
    assert found.values.dtype == np.float64 and not found.values.flags.writeable
    assert found.values.shape == (len(found), len(found.columns))
    return found


def refused(name: str, content: str | bytes, **options) -> str:
    """The sentence that refuses a file."""
    data = content.encode() if isinstance(content, str) else content
    return refusals.refused(read, name, data, **options)


def npy(array, **options) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array, **options)
    return stream.getvalue()


def npz(**named) -> bytes:
    stream = io.BytesIO()
    np.savez_compressed(stream, **named)
    return stream.getvalue()


def parquet(content: pa.Table | dict, **options) -> bytes:
    stream = io.BytesIO()
    pq.write_table(
        content if isinstance(content, pa.Table) else pa.table(content), stream, **options
    )
    return stream.getvalue()
