"""Footers and page headers: they agree with pyarrow's, and nothing forged is walked for long."""

from __future__ import annotations

import contextlib
import itertools

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from refusals import at_most
from thrift_numbers import length_of
from uploads import parquet

from seqviz.data.readers.parquet_layout import Allowance, TooManyValues, footer, pages

nan = np.nan


WHOLE = parquet({"x": np.arange(2000.0)}, data_page_size=1000, compression="gzip")
(CHUNK,) = footer(WHOLE).groups[0].chunks


@settings(max_examples=200)
@given(flips=st.lists(st.tuples(st.integers(0, 20_000), st.integers(1, 255)), max_size=2))
def test_damaged_page_headers_are_read_or_refused(flips):
    data = bytearray(WHOLE)
    for at, change in flips:
        data[at % len(data)] ^= change
    read = []
    with contextlib.suppress(ValueError):
        read += pages(bytes(data), *CHUNK)
    assert all(page.unpacked >= 0 and page.entries >= 0 for page in read)
    if not flips:
        assert len(read) > 2


@settings(max_examples=100)
@given(data=st.binary(max_size=60))
def test_random_bytes_raise_nothing_but_a_value_error(data):
    with contextlib.suppress(ValueError):
        assert all(page.unpacked >= 0 for page in pages(data, 0, len(data)))


def test_pages_agree_with_the_footer():
    content = {"x": np.random.default_rng(0).normal(size=5000), "s": [str(k) for k in range(5000)]}
    data = parquet(content, data_page_size=1000, compression="gzip")
    group = pq.read_metadata(pa.BufferReader(data)).row_group(0)
    announced = footer(data)
    groups = announced.groups
    assert announced.rows == groups[0].rows == 5000 and announced.columns == 2
    for k in range(2):
        chunk = group.column(k)
        start = min(chunk.data_page_offset, chunk.dictionary_page_offset)
        assert groups[0].chunks[k] == (start, chunk.total_compressed_size)
        found = list(pages(data, *groups[0].chunks[k]))
        unpacked = sum(page.unpacked for page in found)
        # the footer's total counts the headers too, some 20 to 60 bytes each
        assert 0 < chunk.total_uncompressed_size - unpacked < 100 * len(found)
        assert len(found) > 2


@pytest.mark.parametrize("kind", [1, 2, 3, 5, 7, 8, 9, 10, 12])
def test_a_list_longer_than_the_file_is_not_walked(kind):
    # in seconds and gigabytes, 2**22 stand for 2**40, which would never end
    header = bytes([0x19, 0xF0 | kind]) + length_of(2**22) + bytes(20)
    with at_most(0.1), pytest.raises(ValueError, match="longer than the file"):
        list(pages(header, 0, len(header)))


@pytest.mark.parametrize("value", [b"\x13", b"\x15", b"\x17" + bytes(7), b"\x18\x05abcd", b"\x19"])
def test_a_value_that_is_cut_short_is_refused(value):
    with pytest.raises(ValueError, match="cut short"):
        list(pages(value, 0, len(value)))


def test_lists_inside_of_lists_end():
    with pytest.raises(ValueError, match="nested too deeply"):
        list(pages(b"\x19" * 5000, 0, 5000))


TINY_PAGE = bytes([0x25, 0, 0x15, 0, 0])


def test_a_million_tiny_pages_are_refused():
    data = TINY_PAGE * 100_000
    with pytest.raises(TooManyValues):
        list(pages(data, 0, len(data)))


def test_columns_share_one_allowance():
    data, allowance = TINY_PAGE * 1000, Allowance()
    list(pages(data, 0, len(data), allowance))  # one alone is within it
    with pytest.raises(TooManyValues):
        list(itertools.chain.from_iterable(pages(data, 0, len(data), allowance) for _ in range(99)))
