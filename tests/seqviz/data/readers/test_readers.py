"""Files people upload: every format read, every bad one refused in one sentence, memory bounded."""

from __future__ import annotations

import io
import json
import struct
import subprocess
import sys
import tracemalloc
import zipfile
from contextlib import contextmanager
from datetime import date, time
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import soundfile
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from seqviz.data.readers.files import (
    EXTENSIONS,
    MAX_BYTES,
    MAX_FEATURES,
    MAX_STEPS,
    Recording,
    Table,
    Text,
    arrays,
    fits,
    read,
    select,
    ways_to_fit,
)
from seqviz.data.readers.parquet_layout import (
    LARGEST_FOOTER,
    Allowance,
    TooManyValues,
    footer,
    pages,
)
from seqviz.errors import SeqvizError

nan = np.nan


def table(name: str, content: str | bytes, **options) -> Table:
    data = content.encode() if isinstance(content, str) else content
    found = read(name, data, **options)
    assert isinstance(found, Table)
    assert found.values.dtype == np.float64 and not found.values.flags.writeable
    assert found.values.shape == (len(found), len(found.columns))
    return found


def refused(name: str, content: str | bytes, **options) -> str:
    with pytest.raises(SeqvizError) as error:
        read(name, content.encode() if isinstance(content, str) else content, **options)
    assert "\n" not in str(error.value) and len(str(error.value)) < 400
    return str(error.value)


def numbers(*columns) -> Table:
    """A Table with columns x0, x1, ..."""
    values = np.array(columns, dtype=np.float64).T
    return Table(tuple(f"x{k}" for k in range(len(columns))), values, None, "t.csv", "")


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


@contextmanager
def at_most(megabytes: float):
    """Python and NumPy allocate no more than this inside."""
    tracemalloc.start()
    try:
        yield
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < megabytes * 2**20, f"{peak / 2**20:.1f} MB"


# CSV and TSV


@pytest.mark.parametrize(
    ("content", "columns", "values"),
    [
        ("a,b\n1,2\n3,4\n", ("a", "b"), [[1, 2], [3, 4]]),
        ("a,b\r\n1,2\r\n3,4", ("a", "b"), [[1, 2], [3, 4]]),
        ("a,b\r1,2\r3,4\r", ("a", "b"), [[1, 2], [3, 4]]),
        ("1,2\n3,4\n", ("column 1", "column 2"), [[1, 2], [3, 4]]),
        ("a;b\n1;2\n", ("a", "b"), [[1, 2]]),
        ("a;b\n1,5;2\n-1,25e1;3\n", ("a", "b"), [[1.5, 2], [-12.5, 3]]),
        ("1,5;2,5\n1,0;3,0\n", ("column 1", "column 2"), [[1.5, 2.5], [1, 3]]),
        ("a\tb\n1\t2,5\n", ("a", "b"), [[1, 2.5]]),
        ("a|b\n1|2\n", ("a", "b"), [[1, 2]]),
        ("0.5 1\n2 3\n", ("column 1", "column 2"), [[0.5, 1], [2, 3]]),
        ("x\n1\n2\n", ("x",), [[1], [2]]),
        ("a, b\n 1, 2\n", ("a", "b"), [[1, 2]]),
        ('"a,b",c\n1,2\n', ("a,b", "c"), [[1, 2]]),
        ('"two\nlines",c\n"1",2\n', ("two lines", "c"), [[1, 2]]),
        ("a,a,\n1,2,3\n", ("a", "a (2)", "column 3"), [[1, 2, 3]]),
        ("a,b,\n1,2,\n3,4,\n", ("a", "b"), [[1, 2], [3, 4]]),
        ("a,b\nTrue,1\nfalse,2\n", ("a", "b"), [[1, 1], [0, 2]]),
        ("a,b\nTrue,1\n,2\n", ("a", "b"), [[1, 1], [nan, 2]]),
        ("a,b\n1e3,-.5\n+2,NA\n", ("a", "b"), [[1000, -0.5], [2, nan]]),
        ("a\ninf\n-Infinity\nnan\n", ("a",), [[np.inf], [-np.inf], [nan]]),
        ("a\n123456789012345678901234567890\n1\n", ("a",), [[1.2345678901234568e29], [1]]),
        ("# made by hand\n\na,b\n\n1,2\n\n3,4\n", ("a", "b"), [[1, 2], [3, 4]]),
        ("flag\nTrue\nFalse\n", ("flag",), [[1], [0]]),
        ("TRUE,false\nFALSE,true\n", ("column 1", "column 2"), [[1, 0], [0, 1]]),
        ("a,b\n" + ",\n" * 25 + "1,2\n", ("a", "b"), [*[[nan, nan]] * 25, [1, 2]]),
        ("a\tb\n1\t2\n\t\n  \n3\t4\n", ("a", "b"), [[1, 2], [nan, nan], [3, 4]]),
        ("a\n\v\n1\n", ("a",), [[1]]),
        ("\f 1\n", ("column 1",), [[1]]),
        ("a,\u00a0b\n\u30001,2\u2003\n", ("a", "b"), [[1, 2]]),
    ],
)
def test_csv_is_read(content, columns, values):
    found = table("t.csv", content)
    assert found.columns == columns
    np.testing.assert_array_equal(found.values, values)
    assert found.labels is None


def test_csv_says_what_it_read():
    rows = "".join(f"2024-{1 + k % 12:02}-01,{k},{k / 2},{k % 2 == 0}\n" for k in range(1250))
    found = table("folder/rain.CSV", "Day,a,b,c\n" + rows)
    assert found.name == "rain.CSV"
    assert found.description == (
        "3 numeric columns, 1,250 rows, dates taken as labels (column 'Day')"
    )
    assert found.labels is not None
    assert found.labels[:2] == ("2024-01-01", "2024-02-01") and len(found.labels) == 1250
    assert table("t.csv", "5").description == "1 numeric column, 1 row"


@pytest.mark.parametrize(
    "moment",
    [
        *(
            "2024-03-01",
            "2024-03-01T12:00:00Z",
            "2024-03-01 12:00",
            "1.3.2024",
            "03/01/24",
            "2024-03",
        ),
        *("2024Q1", "2024-W09", "12:30", "12:30:15.25", "9:30 am", "Mar 2024", "1 March 2024"),
        "Mar 1, 2024",
    ],
)
def test_dates_become_labels_before_other_text(moment):
    found = table("t.csv", f'place;when;v\nhere;"{moment}";1\nthere;"{moment}";2\n')
    assert found.labels == (moment, moment)
    assert found.columns == ("v",)
    assert found.description.endswith(
        "dates taken as labels (column 'when'), 1 other text column left out, "
        "separated by semicolons"
    )


def test_text_becomes_labels():
    found = table("t.csv", "anna,1\nbob,2\n,3\n")
    assert found.labels == ("anna", "bob", "")
    assert "text taken as labels (column 'column 1')" in found.description
    assert select(found, found.columns).labels == ("anna", "bob", "3")


def test_a_spoilt_column_is_left_out_and_named():
    found = table("t.csv", "x,y\n1,1\nabc,2\n3,3\n")
    assert found.columns == ("y",) and found.labels is None
    assert "'x' left out since row 2 holds 'abc'" in found.description


@pytest.mark.parametrize(
    ("encoding", "note"),
    [
        *(("utf-8", ""), ("utf-8-sig", ""), ("utf-16", "read as UTF-16"), ("utf-32", "as UTF-32")),
        ("latin-1", "read as Latin-1 since it is not UTF-8"),
    ],
)
def test_encodings(encoding, note):
    found = table("t.csv", "Ort,Höhe\nKöln,5\nZürich,7\n".encode(encoding))
    assert found.columns == ("Höhe",) and found.labels == ("Köln", "Zürich")
    assert found.description.endswith(note)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("a,b\n1,2\n3\n", "Row 2 of t.csv (line 3) has 1 cell and the first line has 2:"),
        ("1,2\n3,4\n5,6,7\n", "Row 3 of t.csv (line 3) has 3 cells and the first line has 2:"),
        ('a,b\n"1\n",2\n\n3\n', "Row 2 of t.csv (line 5) has 1 cell and the first line has 2:"),
        ("# note\n1 2 3\n4 5\n", "Row 2 of t.csv (line 3) has 2 cells and the first line has 3:"),
        ("a,b\n", "t.csv has no rows of data"),
        ("", "t.csv is empty"),
        (" \n\t\n", "t.csv is empty"),
        ("# only a comment\n", "t.csv has no rows of data"),
        ("a,b\nx,y\n", "no column of numbers (column 'a' holds 'x' in row 1)"),
        ("a\n10%\n20%\n", "no column of numbers (column 'a' holds '10%' in row 1)"),
        ('a,b\n"1,234","2,345"\n', "no column of numbers (column 'a' holds '1,234' in row 1)"),
        ("a\tb\n1\t2\n\t\t\n", "Row 2 of t.csv (line 3) has 3 cells and the first line has 2:"),
        ('- "a,b"', "t.csv has no rows of data"),
        ('\v "a,b"', "t.csv has no rows of data"),
        ("v\n1\n2\nabc\n", "no column of numbers (column 'v' holds 'abc' in row 3)"),
        ("a\x00b", "t.csv holds binary data"),
        (b"\xff\xfea\x00,", "t.csv announces UTF-16 and is not"),
        (b"\xef\xbb\xbf", "t.csv is empty"),
        (b"\xef\xbb\xbfa,\xff", "t.csv announces UTF-8 and is not"),
        (b"\x89PNG\r\n\x1a\n\x01\x02\x03\x04\x05", "t.csv holds binary data"),
        (",".join("1" * 200_000), "t.csv has 200,000 columns and at most 1,000 are read"),
        ("9" * 10_000, "t.csv has no column of numbers"),
        ('"' + "x" * 200_000 + '"\n1', "t.csv cannot be cut into cells"),
        ('a,b\n1,"2\n3,4', "t.csv cannot be cut into cells: check that every quotation mark"),
    ],
)
def test_bad_csv_is_refused(content, sentence):
    assert sentence in refused("t.csv", content)


@pytest.mark.parametrize("space", ["\v", "\f", "\x85", "\xa0", "\u2007", "\u2028", "\u3000"])
@pytest.mark.parametrize("ending", ["csv", "txt"])
def test_every_space_parts_numbers(ending, space):
    content = f"{space}1{space}2\n{space}\n3 {space} 4{space}\n"
    np.testing.assert_array_equal(table(f"t.{ending}", content).values, [[1, 2], [3, 4]])


@settings(deadline=None, max_examples=200)
@given(
    ending=st.sampled_from(["csv", "tsv", "txt"]),
    data=st.text(alphabet='12a,;\t \n"\v\f\x85\xa0\u2028\u3000', min_size=1, max_size=30),
)
def test_no_text_is_called_damaged(ending, data):
    try:
        read(f"t.{ending}", data.encode())
    except SeqvizError as error:
        assert "may be damaged" not in str(error)


def test_a_wide_table_is_refused_before_it_is_parsed():
    data = (",".join(["1"] * 200_000) + "\n").encode() * 12
    with at_most(30):
        assert "200,000 columns" in refused("t.csv", data)


def test_the_largest_table_of_characters_stays_bounded():
    with at_most(250):
        assert len(table("t.csv", b"1\n" * (MAX_BYTES // 2))) == MAX_BYTES // 2


# TXT


@pytest.mark.parametrize(
    ("content", "values"),
    [
        ("1\n2\n3\n", [[1], [2], [3]]),
        ("1 2 3.5", [[1], [2], [3.5]]),
        ("1, 2,3;4\n", [[1], [2], [3], [4]]),
        ("1 2\n 3   4\n", [[1, 2], [3, 4]]),
        ("1,2\n3,4\n", [[1, 2], [3, 4]]),
        ("# t, x\n1 nan\n2 -inf\n", [[1, nan], [2, -np.inf]]),
        ("5", [[5]]),
    ],
)
def test_txt_of_numbers_is_a_table(content, values):
    np.testing.assert_array_equal(table("t.txt", content).values, values)


@pytest.mark.parametrize(
    "content", ["to be or not\nto be", "1\n2\nthree", "e", "🙂" * 10_000, "1_000"]
)
def test_txt_of_words_is_text(content):
    found = read("t.txt", content.encode())
    assert isinstance(found, Text)
    assert found.text == content and found.name == "t.txt"
    assert f"{len(content):,} character" in found.description


def test_txt_of_words_keeps_its_spaces():
    found = read("t.txt", "to\u00a0be\for\u3000not".encode())
    assert isinstance(found, Text) and found.text == "to\u00a0be\for\u3000not"


def test_numbers_on_one_line_stay_bounded():
    with at_most(40):
        found = table("t.txt", b"12, " * 400_000)
    assert len(found) == 400_000 and "one line read as steps" in found.description


def test_bad_txt_is_refused():
    assert "Row 2 of t.txt (line 2) has 2 cells" in refused("t.txt", "1 2 3\n4 5\n")
    assert "is empty" in refused("t.txt", "\n")
    assert "binary" in refused("t.txt", bytes(range(32)) * 9)


# JSON


@pytest.mark.parametrize(
    ("value", "columns", "values"),
    [
        ([1, 2.5, True, None], ("value",), [[1], [2.5], [1], [nan]]),
        ([[1, 2], [3, 4]], ("column 1", "column 2"), [[1, 2], [3, 4]]),
        ([{"a": 1, "b": 2}, {"b": 4, "a": 3}], ("a", "b"), [[1, 2], [3, 4]]),
        ([{"a": 1}, {"b": 2}], ("a", "b"), [[1, nan], [nan, 2]]),
        ({"a": [1, 2], "b": [3, 4]}, ("a", "b"), [[1, 3], [2, 4]]),
        ({"a": 1, "b": 2}, ("a", "b"), [[1, 2]]),
        (["1", "2e1"], ("value",), [[1], [20]]),
        ([10**400, -(10**400)], ("value",), [[np.inf], [-np.inf]]),
    ],
)
def test_json_is_read(value, columns, values):
    found = table("t.json", json.dumps(value))
    assert found.columns == columns
    np.testing.assert_array_equal(found.values, values)


@pytest.mark.parametrize("orient", ["columns", "index", "split", "records", "values", "table"])
def test_every_pandas_layout_is_read(orient):
    frame = pd.DataFrame({"a": [1.5, 2, 3], "b": [4, 5, 6]})
    found = table("t.json", frame.to_json(orient=orient))
    np.testing.assert_array_equal(found.values[:, -2:], frame.to_numpy())
    if orient != "values":
        assert found.columns[-2:] == ("a", "b")


@pytest.mark.parametrize("orient", ["columns", "split"])
def test_a_pandas_index_of_words_becomes_labels(orient):
    frame = pd.DataFrame({"a": [1.5, 2]}, index=["mon", "tue"])
    found = table("t.json", frame.to_json(orient=orient))
    assert found.labels == ("mon", "tue")
    assert "text taken as labels (column 'index')" in found.description


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "is empty"),
        ("{", "is not valid JSON (line 1)"),
        ("[1,\n2,,]", "is not valid JSON (line 2)"),
        ("[" * 100_000, "is not valid JSON"),
        ("[" + "1" * 5000 + "]", "is not valid JSON"),
        ("5", "holds no table"),
        ('"text"', "holds no table"),
        ("[]", "holds no table"),
        ("[1, [2]]", "holds no table"),
        ('{"a": [1], "b": 2}', "holds no table"),
        ("[[1, 2], [3]]", "Row 2 of t.json has 1 value and the table has 2 columns"),
        ("[[], []]", "has no columns"),
        ("[{}]", "has no rows"),
        ("[[[1]]]", "row 1 of 'column 1' holds another list"),
        ('{"a": [1, 2], "b": [1]}', "column 'b' has 1 value and 'a' has 2"),
        ('["x", "y"]', "column 'value' holds 'x' in row 1"),
        ('{"columns": ["a"], "data": [[1], 2]}', "Row 2 of t.json has no list"),
    ],
)
def test_bad_json_is_refused(content, sentence):
    assert sentence in refused("t.json", content)


def test_json_objects_with_keys_of_their_own_do_not_multiply():
    value = [{f"k{row}": row} for row in range(20_000)]  # as a table: 400 million cells
    with at_most(60):
        assert "20,000 columns" in refused("t.json", json.dumps(value))
    inner = {f"c{k}": {f"r{k}-{j}": 1 for j in range(20)} for k in range(900)}
    assert "18,000 × 900 values" in refused("t.json", json.dumps(inner))


# NPY and NPZ


@pytest.mark.parametrize("dtype", ["<f4", ">f8", "<f2", "|i1", ">i4", "<u8", "|b1", "longdouble"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_npy_is_read(dtype, order):
    array = np.array([[0, 1, 1], [1, 0, 0]], dtype=dtype, order=order)
    np.testing.assert_array_equal(table("t.npy", npy(array)).values, array.astype(float))


@pytest.mark.parametrize(
    ("shape", "read_as"),
    [((4,), (4, 1)), ((1, 3), (1, 3)), ((4, 1, 3), (4, 3)), ((1, 4, 3), (4, 3))],
)
def test_npy_shapes(shape, read_as):
    array = torch.randn(shape, generator=torch.Generator().manual_seed(0)).numpy()
    found = table("t.npy", npy(array))
    np.testing.assert_array_equal(found.values, array.reshape(read_as))
    assert (f"shape {shape} read as {read_as}" in found.description) == (len(shape) == 3)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "is empty"),
        (b"nonsense", "is not an NPY array"),
        (b"\x93NUMPY\x01\x00\xff\xff", "has a header of 65,535 bytes"),
        (npy(np.array(3.0)), "has shape ()"),
        (npy(np.ones((2, 2, 2))), "has shape (2, 2, 2)"),
        (npy(np.ones((0, 3))), "has shape (0, 3)"),
        (npy(np.array(["a"])), "holds no plain array of numbers"),
        (npy(np.array([1j])), "holds no plain array of numbers"),
        (npy(np.array([{}]), allow_pickle=True), "holds no plain array of numbers"),
        (npy(np.array(["2024-01-01"], "M8[D]")), "holds no plain array of numbers"),
        (npy(np.ones(100))[:-5], "announces shape (100,), 800 bytes, and holds 795"),
        (npy(np.ones((2, 200_000), "i1")), "has 200,000 columns"),
        (npy(np.ones(9)).replace(b"<f8", b"<f3"), "unknown type '<f3'"),
        (npy(np.ones(9)).replace(b"(9,)", b"(" + b"9," * 20 + b")"), "impossible shape"),
    ],
)
def test_bad_npy_is_refused(data, sentence):
    assert sentence in refused("t.npy", data)


@pytest.mark.parametrize(
    "shape", [b"(8000000000,)", b"(8000000,)", b"(80000, 100)", b"(999999, 0)"]
)
def test_a_forged_npy_shape_costs_no_memory(shape):
    with at_most(1):
        refused("t.npy", npy(np.ones(10)).replace(b"(10,)", shape))


def test_npz_offers_its_arrays():
    data = npz(words=np.array(["x"]), cube=np.ones((2, 2, 2)), a=np.arange(3), b=np.eye(2))
    assert arrays(data) == {"cube": (2, 2, 2), "a": (3,), "b": (2, 2)}
    first = table("t.npz", data)
    np.testing.assert_array_equal(first.values, [[0], [1], [2]])
    assert "array 'a', one of 3" in first.description
    np.testing.assert_array_equal(table("t.npz", data, member="b").values, np.eye(2))
    assert "has no array 'q': choose from cube, a, b." in refused("t.npz", data, member="q")
    assert "has shape (2, 2, 2)" in refused("t.npz", data, member="cube")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"PK", "is not an NPZ archive"),
        (npz(a=np.ones(3))[:-30], "is not an NPZ archive"),
        (npz(), "holds no array of numbers"),
        (npz(a=np.array(["x"])), "holds no array of numbers"),
        (npz(a=np.ones((2, 2, 2))), "No array of t.npz has the shape of a sequence (a)"),
    ],
)
def test_bad_npz_is_refused(data, sentence):
    assert sentence in refused("t.npz", data)


def _misplaced() -> bytes:
    """An NPZ whose end says that its list of members starts 1000 bytes further on."""
    data = bytearray(npz(a=np.ones(3)))
    data[-6:-2] = struct.pack("<I", struct.unpack("<I", data[-6:-2])[0] + 1000)
    return bytes(data)


@pytest.mark.parametrize(
    "data", [_misplaced(), npz(é=np.ones(3)).replace("é".encode(), b"\xc3(", 1)]
)
def test_a_damaged_npz_says_so_to_read_and_to_arrays(data):
    assert "damaged" in refused("t.npz", data)
    with pytest.raises(SeqvizError, match="damaged"):
        arrays(data)


@settings(deadline=None, max_examples=200)
@given(
    flips=st.lists(st.tuples(st.integers(0, 2000), st.integers(1, 255)), max_size=5),
    cut=st.integers(1, 3000),
)
def test_arrays_of_a_damaged_npz(flips, cut):
    data = bytearray(npz(é=np.eye(3), b=np.arange(4)))
    for at, change in flips:
        data[-1 - at % len(data)] ^= change
    with at_most(60):
        try:
            assert all(isinstance(name, str) for name in arrays(bytes(data[:cut])))
        except SeqvizError as error:
            assert "\n" not in str(error)


def test_npz_bombs_are_refused_unopened():
    honest = npz(a=np.zeros(9_000_000, np.float64))  # 69 MB
    forged = honest.replace(struct.pack("<Q", 72_000_128), struct.pack("<Q", 5000))
    forged = forged.replace(struct.pack("<I", 72_000_128), struct.pack("<I", 5000))
    assert forged != honest
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("a.npy", npy(np.zeros(9)))
    with at_most(5):
        assert "would unpack to 69 MB and at most 64 MB" in refused("t.npz", honest)
        refused("t.npz", forged)
        assert "packed in a way NumPy does not use" in refused("t.npz", stream.getvalue())
        assert "would unpack" in pytest.raises(SeqvizError, arrays, honest).value.args[0]


def test_an_archive_of_many_files_is_refused():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for k in range(1001):
            archive.writestr(f"{k}.npy", b"")
    assert "holds 1,001 files" in refused("t.npz", stream.getvalue())


# Parquet


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


def varint(value: int, length: int | None = None) -> bytes:
    """A zigzag number as Thrift writes it, padded to length."""
    value *= 2
    out = bytearray()
    while value >= 0x80 or (length and len(out) < length - 1):
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


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


@settings(deadline=None, max_examples=100)
@given(data=st.binary(max_size=60))
def test_page_headers_of_random_bytes(data):
    try:
        for page in pages(data, 0, len(data)):
            assert page.unpacked >= 0
    except ValueError:
        assert data


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


def length_of(even: int) -> bytes:
    """The length of a list as Thrift writes it: without a sign, so half of it as a number."""
    return varint(even // 2)


def with_footer(body: bytes, footer: bytes) -> bytes:
    return body + footer + len(footer).to_bytes(4, "little") + b"PAR1"


def parts(data: bytes) -> tuple[bytes, bytes]:
    """A Parquet file without its footer, and the footer."""
    at = len(data) - 8 - int.from_bytes(data[-8:-4], "little")
    return data[:at], data[at:-8]


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
    with pytest.raises(TooManyValues):
        for _ in range(100):
            list(pages(data, 0, len(data), allowance))


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
        (bytes(LARGEST_FOOTER + 1), "fewer row groups and larger pages"),
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


# What holds for every format


def test_sound_goes_to_audio():
    for ending in ("wav", "flac", "ogg"):
        stream = io.BytesIO()
        soundfile.write(stream, np.zeros(800), 8000, format=ending.upper())
        found = read(f"t.{ending}", stream.getvalue())
        assert isinstance(found, Recording) and found.seconds == 0.1


@pytest.mark.parametrize(
    "name", ["photo.jpg", "noending", "", ".csv", "t.csv.exe", "x" * 999 + ".q"]
)
def test_other_endings_are_refused(name):
    assert "upload one of CSV, TSV, JSON, PARQUET, NPY, NPZ, TXT, WAV" in refused(name, b"1")


@pytest.mark.parametrize("ending", EXTENSIONS)
def test_empty_and_large_files_are_refused(ending):
    assert "is empty" in refused(f"t.{ending}", b"")
    large = bytes(MAX_BYTES + 9999)
    with at_most(1):
        assert "is 5.01 MB and at most 5 MB" in refused(f"t.{ending}", large)


def test_names_are_shown_short_and_on_one_line():
    found = table("a\nb\u202e" + "c" * 300 + ".csv", "1")
    assert len(found.name) == 60 and "\n" not in found.name and "\u202e" not in found.name
    head = "x" * 500
    assert len(table("t.csv", f"{head},{head}\n1,2\n").columns[0]) == 60


def _wav() -> bytes:
    stream = io.BytesIO()
    soundfile.write(stream, np.linspace(-1, 1, 200), 8000, format="WAV")
    return stream.getvalue()


WHOLE = {
    "csv": b'day,x,y\n2024-01-01,1,"2"\n2024-01-02,3,4\n',
    "tsv": b"a\tb\n1,5\t2\n3\t4\n",
    "json": b'[{"a": 1, "b": "x"}, {"a": 2.5, "b": "y"}]',
    "txt": b"1 2 3\n4 5 6\n",
    "npy": npy(np.eye(3)),
    "npz": npz(a=np.eye(3), b=np.arange(4)),
    "parquet": GOOD_PARQUET,
    "wav": _wav(),
}


def survives(name: str, data: bytes) -> None:
    """Only a valid result or a SeqvizError of one line, within bounded memory."""
    with at_most(60):
        try:
            found = read(name, data)
        except SeqvizError as error:
            assert "\n" not in str(error)
            return
    if isinstance(found, Table):
        assert len(found) and found.columns and len(set(found.columns)) == len(found.columns)
        assert found.labels is None or len(found.labels) == len(found)
    assert found.description


@settings(deadline=None, max_examples=150)
@given(ending=st.sampled_from(EXTENSIONS), data=st.binary(max_size=300))
def test_random_bytes_under_any_ending(ending, data):
    survives(f"t.{ending}", data)


@settings(deadline=None, max_examples=150)
@given(
    ending=st.sampled_from(["csv", "tsv", "json", "txt"]),
    data=st.text(alphabet="0123456789.,;|\t \n\r\"'#[]{}:eE+-naifTrue/é🙂\u2028\x00", max_size=80),
)
def test_random_characters_under_any_ending(ending, data):
    survives(f"t.{ending}", data.encode())


@settings(deadline=None, max_examples=300)
@given(
    ending=st.sampled_from(sorted(WHOLE)),
    flips=st.lists(st.tuples(st.integers(0, 2000), st.integers(1, 255)), max_size=5),
    cut=st.integers(1, 3000),
)
def test_damaged_files(ending, flips, cut):
    data = bytearray(WHOLE[ending])
    for at, change in flips:
        data[at % len(data)] ^= change
    survives(f"t.{ending}", bytes(data[:cut]))


@settings(deadline=None, max_examples=30)
@given(
    values=st.lists(
        st.lists(st.floats(-(2.0**99), 2.0**99, width=32), min_size=2, max_size=2),
        min_size=2,
        max_size=9,
    )
)
def test_every_format_reads_back_what_was_saved(values):
    frame = pd.DataFrame(values, columns=["a", "b"])
    stream = io.BytesIO()
    frame.to_parquet(stream)
    saved = {
        "csv": frame.to_csv(index=False).encode(),
        "tsv": frame.to_csv(index=False, sep="\t", decimal=",").encode(),
        "json": json.dumps(frame.to_dict("list")).encode(),
        "txt": frame.to_csv(index=False, header=False, sep=" ").encode(),
        "npy": npy(frame.to_numpy()),
        "npz": npz(x=frame.to_numpy()),
        "parquet": stream.getvalue(),
    }
    for ending, data in saved.items():
        found = table(f"t.{ending}", data)
        np.testing.assert_allclose(found.values, frame.to_numpy(), rtol=1e-15)


# Choosing a sequence


def test_select_takes_rows_and_columns():
    found = table(
        "t.csv", "day,a,b,c\n" + "".join(f"2024-01-0{k},{k},{-k},7\n" for k in range(1, 9))
    )
    sequence = select(found, ["c", "a"], start=1, stop=7, stride=2)
    np.testing.assert_array_equal(sequence.x, [[7, 2], [7, 4], [7, 6]])
    assert sequence.labels == ("2024-01-02", "2024-01-04", "2024-01-06")
    assert sequence.feature_names == ("c", "a")
    assert sequence.kind == "curve" and sequence.name == "t.csv"
    unlabelled = select(numbers(range(9)), ["x0"], start=2, stride=3)
    assert unlabelled.labels == ("3", "6", "9")
    assert len(select(found, ["a"], stop=999)) == 8


def test_one_row_is_a_sequence_of_one_step():
    assert select(table("t.csv", "1,2,3"), ["column 1", "column 3"]).x.tolist() == [[1, 3]]


def test_standardise_equals_torch():
    x = (
        torch.randn(50, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(0)) * 7
        + 100
    )
    found = select(numbers(*x.T.numpy()), ["x0", "x1", "x2"], standardise=True)
    expected = (x - x.mean(0)) / x.std(0, unbiased=False)
    np.testing.assert_allclose(found.x, expected.numpy(), atol=1e-6)


@pytest.mark.parametrize("constant", [0.0, 0.1, -5.0, 1e300, 5e-324])
def test_constants_standardise_to_zero(constant):
    found = select(numbers([constant] * 7, range(7)), ["x0", "x1"], standardise=True)
    assert (found.x[:, 0] == 0).all()
    assert found.x[:, 1].std() == pytest.approx(1)
    assert (select(numbers([4.0]), ["x0"], standardise=True).x == 0).all()


@pytest.mark.parametrize("scale", [1e-300, 1e300])
def test_extreme_magnitudes_standardise(scale):
    found = select(numbers(scale * np.array([-1.0, 0, 1])), ["x0"], standardise=True)
    np.testing.assert_allclose(found.x[:, 0], [-(1.5**0.5), 0, 1.5**0.5], rtol=1e-6)


@pytest.mark.parametrize(
    ("value", "word"), [(nan, "is empty or not a number"), (np.inf, "infinity")]
)
def test_gaps_are_named_and_other_columns_stay_usable(value, word):
    found = numbers([1, 2, 3, 4], [1, 2, value, 4])
    with pytest.raises(SeqvizError, match=f"Column 'x1', row 3 of t.csv .*{word}.*choose other"):
        select(found, ["x0", "x1"])
    assert found.complete == ("x0",)
    assert len(select(found, found.complete)) == 4
    assert len(select(found, ["x1"], stop=2)) == 2


def test_numbers_beyond_float32_are_refused():
    found = numbers([1, 1e39, 3])
    with pytest.raises(SeqvizError, match=r"row 2 of t.csv holds 1e\+39, beyond float32"):
        select(found, ["x0"])
    assert select(found, ["x0"], standardise=True).x.max() > 1


def test_nothing_is_cut_in_silence():
    found = numbers(range(5000))
    with pytest.raises(SeqvizError) as error:
        select(found, ["x0"])
    assert str(error.value) == (
        "5,000 rows are chosen and a sequence can have at most 2,000 steps: use the first 2,000 "
        "rows or the last 2,000 rows or every 3rd row."
    )
    wide = numbers(*np.zeros((65, 2)))
    with pytest.raises(SeqvizError, match="65 columns are chosen and a step can have at most 64"):
        select(wide, wide.columns)
    assert not fits(found, ["x0"]) and not fits(wide, wide.columns)
    assert fits(found, ["x0"], stride=3) and fits(wide, wide.columns[:MAX_FEATURES])


@settings(deadline=None, max_examples=100)
@given(steps=st.integers(1, 10**7))
def test_every_way_fits(steps):
    ways = ways_to_fit(steps)
    assert bool(ways) == (steps > MAX_STEPS)
    for way in ways:
        taken = range(steps)[way.start : way.stop : way.stride]
        assert MAX_STEPS / 2 < len(taken) <= MAX_STEPS


@pytest.mark.parametrize(
    ("steps", "said"), [(4001, "3rd"), (3000, "2nd"), (22_000, "11th"), (42_000, "21st")]
)
def test_ways_are_said_in_english(steps, said):
    assert ways_to_fit(steps)[-1].label == f"every {said} row"


@pytest.mark.parametrize(
    ("choice", "sentence"),
    [
        ({"columns": []}, "Choose at least one column"),
        ({"columns": ["q"]}, "no numeric column 'q': choose from x0"),
        ({"stride": 0}, "stride is 0"),
        ({"start": 4}, "between the first, 5, and the last, 4"),
        ({"start": -1}, "No row lies between"),
        ({"start": 3, "stop": 2}, "between the first, 4, and the last, 2"),
        ({"stop": -5}, "No row lies between"),
    ],
)
def test_impossible_choices_are_refused(choice, sentence):
    with pytest.raises(SeqvizError, match=sentence):
        select(numbers(range(4)), **{"columns": ["x0"], **choice})


def test_importing_the_readers_stays_cheap():
    heavy = "{'pandas', 'pyarrow', 'soundfile', 'streamlit'}"
    code = f"import sys, seqviz.data.readers.files; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
