"""CSV, TSV and TXT: every layout read, every bad one refused in one sentence, memory bounded."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from refusals import at_most
from uploads import refused, table

from seqviz.data.readers.files import read
from seqviz.data.table import Text
from seqviz.data.table_selection import select
from seqviz.errors import SeqvizError
from seqviz.limits import MAX_FILE_BYTES

nan = np.nan


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
        assert len(table("t.csv", b"1\n" * (MAX_FILE_BYTES // 2))) == MAX_FILE_BYTES // 2


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
