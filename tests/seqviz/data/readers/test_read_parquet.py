"""Parquet: numbers and labels read, forged and damaged files refused before they cost memory."""

from __future__ import annotations

import io
from datetime import date, time
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from refusals import at_most
from thrift_numbers import length_of, varint
from uploads import parquet, refused, table

from seqviz.data.readers.parquet_layout import footer
from seqviz.limits import MAX_PARQUET_FOOTER

nan = np.nan


def test_parquet_is_read():
    frame = pd.DataFrame(
        {
            "name": ["a", "b", None],
            "when": pd.date_range("2024-01-01", periods=3),
            "x": [1.5, None, 3],
            "flag": [True, False, True],
            "nested": [[1], [2], [3]],
        }
    )
    stream = io.BytesIO()
    frame.to_parquet(stream)
    found = table("t.parquet", stream.getvalue())
    assert found.columns == ("x", "flag")
    assert found.labels == ("2024-01-01", "2024-01-02", "2024-01-03")
    np.testing.assert_array_equal(found.values, [[1.5, 1], [nan, 0], [3, 1]])
    assert found.description == (
        "2 numeric columns, 3 rows, dates taken as labels (column 'when'), 2 other columns left out"
    )


@pytest.mark.parametrize(
    ("column", "values"),
    [
        (pa.array([1, None], pa.int8()), [1, nan]),
        (pa.array([2**63, 0], pa.uint64()), [2.0**63, 0]),
        (pa.array([0.5, -2], pa.float16()), [0.5, -2]),
        (pa.array([Decimal("1.25"), None]), [1.25, nan]),
        (pa.array([True, None]), [1, nan]),
        (pa.array([7, 8]).dictionary_encode(), [7, 8]),
    ],
)
def test_parquet_numbers(column, values):
    np.testing.assert_array_equal(table("t.parquet", parquet({"x": column})).values[:, 0], values)


@pytest.mark.parametrize(
    ("column", "labels"),
    [
        (pa.array(["a", None]), ("a", "")),
        (pa.array(["a", "b"], pa.large_string()), ("a", "b")),
        (pa.array(["a", "a"]).dictionary_encode(), ("a", "a")),
        (pa.array([date(2024, 1, 1), None]), ("2024-01-01", "")),
        (pa.array([time(12, 30), time(1, 2, 3)]), ("12:30:00", "01:02:03")),
        (pa.array([0, 3600], pa.timestamp("s")), ("1970-01-01 00:00", "1970-01-01 01:00")),
        (
            pa.array([0, 90], pa.timestamp("s", "Europe/Rome")),
            ("1970-01-01 00:00:00 UTC", "1970-01-01 00:01:30 UTC"),
        ),
    ],
)
def test_parquet_labels(column, labels):
    assert table("t.parquet", parquet({"v": [1, 2], "l": column})).labels == labels


@pytest.mark.parametrize("version", ["1.0", "2.0"])
@pytest.mark.parametrize("compression", ["none", "snappy", "gzip", "zstd"])
def test_parquet_row_groups(version, compression):
    content = {"x": np.arange(5000.0), "s": [f"row {k}" for k in range(5000)]}
    options = {"row_group_size": 900, "data_page_version": version, "compression": compression}
    found = table("t.parquet", parquet(content, data_page_size=500, **options))
    np.testing.assert_array_equal(found.values[:, 0], np.arange(5000))
    assert found.labels is not None and found.labels[4999] == "row 4999"


def test_an_index_by_name_becomes_labels():
    stream = io.BytesIO()
    pd.DataFrame({"x": [1, 2]}, index=["p", "q"]).to_parquet(stream)
    found = table("t.parquet", stream.getvalue())
    assert found.labels == ("p", "q") and "(column 'index')" in found.description


GOOD_PARQUET = parquet({"x": np.arange(100.0), "s": ["word"] * 100})


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "is empty"),
        (b"PAR1PAR1", "is not a Parquet file"),
        (GOOD_PARQUET[:-9], "is not a Parquet file"),
        (GOOD_PARQUET[:40] + bytes(60) + GOOD_PARQUET[100:], "is damaged"),
        (parquet({"x": pa.array([], pa.int8())}), "has no rows"),
        (parquet({"s": ["a"]}), "has no column of numbers (it holds s (string))"),
        (parquet({f"c{k}": [1] for k in range(1001)}), "has 1,001 columns and at most 1,000"),
        (parquet({"x": np.zeros(9_000_000, "i1")}), "holds 9,000,000 values and at most 8,388,608"),
    ],
)
def test_bad_parquet_is_refused(data, sentence):
    assert sentence in refused("t.parquet", data)


def test_a_page_that_unpacks_beyond_its_footer_is_refused():
    rows = 9_000_000
    options = {"use_dictionary": False, "compression": "zstd", "data_page_size": 2**30}
    data = parquet({"x": np.zeros(rows)}, **options, row_group_size=rows, max_rows_per_page=rows)
    at = len(data) - 8 - int.from_bytes(data[-8:-4], "little")
    body, footer = data[:at], data[at:]
    footer = footer.replace(varint(rows), varint(1000, len(varint(rows))))
    assert "would unpack to 69 MB" in refused("t.parquet", body + footer)


def test_statistics_that_contradict_the_schema_do_not_end_the_process():
    # pyarrow's RowGroupMetaData.column(k) aborts here: nothing in Python could catch it
    data = parquet({"x": [1.0, 2.0], "b": pa.array([b"ab", b"c"])})
    at = len(data) - 8 - int.from_bytes(data[-8:-4], "little")
    type_of_b = data.index(b"\x15\x0c\x25", at) + 1  # BYTE_ARRAY, in the schema
    forged = data[:type_of_b] + b"\x00" + data[type_of_b + 1 :]  # BOOLEAN
    assert table("t.parquet", data).columns == ("x",)
    assert "is damaged" in refused("t.parquet", forged)


def test_a_long_text_that_repeats_stays_one():
    long = pa.DictionaryArray.from_arrays(np.zeros(50_000, "i4"), ["z" * 1_000_000])
    data = parquet({"x": np.zeros(50_000), "s": long})  # 50 GB as plain text
    found = table("t.parquet", data)
    assert found.labels is not None
    assert {len(label) for label in found.labels} == {60}


def test_texts_that_grow_from_each_other_are_not_unpacked():
    texts = ["z" * 100_000 + str(k) for k in range(100)]
    options = {"use_dictionary": False, "column_encoding": {"s": "DELTA_BYTE_ARRAY"}}
    found = table("t.parquet", parquet({"x": np.zeros(100), "s": texts}, **options))
    assert found.labels is None and "1 other column left out" in found.description


def with_footer(body: bytes, footer: bytes) -> bytes:
    return body + footer + len(footer).to_bytes(4, "little") + b"PAR1"


def parts(data: bytes) -> tuple[bytes, bytes]:
    """A Parquet file without its footer, and the footer."""
    at = len(data) - 8 - int.from_bytes(data[-8:-4], "little")
    return data[:at], data[at:-8]


def test_columns_that_claim_the_same_bytes_are_refused():
    content = {"x": np.arange(5000.0), "y": np.arange(5000.0)}
    data = parquet(content, use_dictionary=False, compression="none", write_statistics=False)
    (_, length), (_, same) = footer(data).groups[0].chunks
    assert length == same
    body, end = parts(data)
    forged = with_footer(body, end.replace(varint(length), varint(2 * length - 100)))
    assert "its columns claim 0.2 MB, more than the file holds" in refused("t.parquet", forged)


@pytest.mark.parametrize(
    ("end", "sentence"),
    [
        (bytes(MAX_PARQUET_FOOTER + 1), "fewer row groups and larger pages"),
        # 3,001 leaves of a schema, no rows, no row groups
        (
            b"\x29\xfc"
            + length_of(3002)
            + b"\x55\x02\0"
            + b"\x15\x0a\0" * 3001
            + b"\x16\0\x19\x0c\0",
            "has 3,001 columns and at most 1,000",
        ),
        (b"\x19\xf1" + length_of(900_000) + bytes(900_001), "fewer row groups and larger pages"),
    ],
)
def test_a_footer_is_refused_before_pyarrow_reads_it(monkeypatch, end, sentence):
    monkeypatch.delattr(pq, "read_metadata")
    assert sentence in refused("t.parquet", with_footer(b"PAR1", end))


@pytest.mark.parametrize(
    "column", [pa.array(np.zeros(200_001, "i8"), pa.timestamp("s")), pa.array(["a"] * 200_001)]
)
def test_dates_and_texts_of_too_many_rows_are_left_out(column):
    content = {"x": np.zeros(200_001, "i1"), "when": column, "other": column}
    found = table("t.parquet", parquet(content))
    assert found.labels is None and found.description == (
        "1 numeric column, 200,001 rows, 'when' left out since labels are read from at most "
        "200,000 rows and 32 MB, 1 other column left out"
    )
    within = {name: cells[:200_000] for name, cells in content.items()}
    assert table("t.parquet", parquet(within)).labels is not None


def test_texts_that_fill_the_memory_are_left_out():
    data = parquet({"x": [1.0, 2.0], "s": ["z" * (33 * 2**20), "b"]}, compression="zstd")
    found = table("t.parquet", data)
    assert found.labels is None and "'s' left out" in found.description


def test_a_dictionary_of_a_million_words_is_left_out():
    words = pa.array(range(1_000_001)).cast(pa.string())
    column = pa.DictionaryArray.from_arrays(pa.array([0, 1], pa.int32()), words)
    data = parquet({"x": [1.0, 2.0], "s": column}, dictionary_pagesize_limit=2**30)
    assert table("t.parquet", data).labels is None


def test_only_the_words_in_use_are_taken_from_a_dictionary():
    words = pa.array([f"{k:06x}" for k in range(100_000)])
    column = pa.DictionaryArray.from_arrays(pa.array([70_000, None, 5, 5], pa.int32()), words)
    data = parquet({"x": [1.0, 2, 3, 4], "s": column}, dictionary_pagesize_limit=2**30)
    with at_most(2):
        assert table("t.parquet", data).labels == ("011170", "", "000005", "000005")


def as_decimals(data: bytes) -> bytes:
    """Make the column of texts s one of decimals: its bytes stay, the schema is another."""
    body, end = parts(data)
    text = b"\x18\x01s\x25\x00\x4c\x1c\0\0\0"  # name, UTF8, the logical type STRING
    assert text in end
    return with_footer(body, end.replace(text, b"\x18\x01s\x25\x0a\x15\0\x15\x3c\0"))


@pytest.mark.parametrize(
    "options",
    [
        {"use_dictionary": False, "column_encoding": {"s": "DELTA_BYTE_ARRAY"}},
        {"compression": "zstd"},
    ],
)
def test_decimals_that_unpack_to_gigabytes_are_refused(options):
    content = {"x": np.zeros(400), "s": ["z" * 500_000] * 400}
    data = parquet(content, write_statistics=False, store_schema=False, **options)
    before, pool = pa.default_memory_pool(), pa.proxy_memory_pool(pa.default_memory_pool())
    pa.set_memory_pool(pool)
    try:
        assert "is damaged" in refused("t.parquet", as_decimals(data))
    finally:
        pa.set_memory_pool(before)
    assert pool.max_memory() < 100 * 2**20


@pytest.mark.parametrize("use_dictionary", [False, True])
def test_decimals_of_any_length_are_read_in_batches(monkeypatch, use_dictionary):
    monkeypatch.setattr("seqviz.data.readers.read_parquet._MAX_BATCH_BYTES", 20_000)
    content = {"x": np.zeros(3000), "s": [chr(k % 100) for k in range(3000)]}  # bytes 0 to 99
    data = parquet(content, use_dictionary=use_dictionary, store_schema=False, row_group_size=900)
    found = table("t.parquet", as_decimals(data))
    np.testing.assert_array_equal(found.values[:, 1], np.arange(3000) % 100)


def test_two_columns_of_one_name_are_said_to_be():
    twins = pa.Table.from_arrays([pa.array([1.0]), pa.array([2.0])], names=["x", "x"])
    assert "has two columns with the same name, 'x': rename" in refused("t.parquet", parquet(twins))
    inside = parquet({"a": [{"b": 1.5}], "a.b": [7.0]})
    assert "has two columns with the same name, 'a.b'" in refused("t.parquet", inside)


def test_a_dotted_name_does_not_read_what_is_nested():
    content = {"a": [{"b": {"c": "deep"}}], "a.b": [7.0], "a.b.d": [8.0]}
    assert table("t.parquet", parquet(content)).columns == ("a.b", "a.b.d")
