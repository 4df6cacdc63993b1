"""CSV, TSV and TXT: every layout read, every bad one refused in one sentence, memory bounded."""

from __future__ import annotations

import numpy as np
import pandas as pd
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
        "3 numeric columns, 1,250 rows, dates taken as labels (column 'Day'), first row is a header"
    )
    assert found.labels is not None
    assert found.labels[:2] == ("2024-01-01", "2024-02-01") and len(found.labels) == 1250
    assert table("t.csv", "5").description == "1 numeric column, 1 row, no header"


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
        "first row is a header, separated by semicolons"
    )


@pytest.mark.parametrize(
    ("content", "columns", "values", "said"),
    [
        ("a;b\n1.234,5;2\n-0,5;3\n", "ab", [[1234.5, 2], [-0.5, 3]], "'1.234,5' read as 1234.5"),
        ("a;b\n1.234;2,5\n2.345;3,5\n", "ab", [[1234, 2.5], [2345, 3.5]], "'1.234' read as 1234"),
        ("a;b\n1.5;2,5\n2.5;3,5\n", "ab", [[1.5, 2.5], [2.5, 3.5]], "'1.5' read as 1.5"),
        ("a;b\n1,234;2.5\n2,345;3.5\n", "ab", [[1234, 2.5], [2345, 3.5]], "'1,234' read as 1234"),
        ('a,b\n"1,234",5\n"2,345",6\n', "ab", [[1234, 5], [2345, 6]], "'1,234' read as 1234"),
        ('a,b\n"1,5",5\n"2,345",6\n', "ab", [[1.5, 5], [2.345, 6]], "commas read as decimal"),
        ("a\n12%\n3.5 %\n\n", "a", [[12], [3.5]], "'3.5 %' read as 3.5 (column 'a')"),
        (
            "a,b\n$3,-$4\n$5,$-6\n",
            "ab",
            [[3, -4], [5, -6]],
            "'$3' read as 3 (column 'a' and 1 more)",
        ),
        ("a;b\n3,50 €;1\n;2\n", "ab", [[3.5, 1], [nan, 2]], "'3,50 €' read as 3.5"),
        ("a\n1\u00a0234,5\n12,5\n", "a", [[1234.5], [12.5]], "commas read as decimal points"),
        ("x\n0,5\n1,5\n", "x", [[0.5], [1.5]], "commas read as decimal points"),
        (
            "a;b\n100.000;1\n2.500;2\n",
            "ab",
            [[100, 1], [2.5, 2]],
            "'100.000' read as 100 (may be 100000)",
        ),
        ("sep=;\na;b\n1,5;2\n", "ab", [[1.5, 2]], "separated by semicolons"),
        ('\ufeff"sep=,"\n"a","b"\n1,2\n', "ab", [[1, 2]], "2 numeric columns, 1 row"),
        ("sep=|\na|b\n1,2|5\n3,4|6\n", "ab", [[1.2, 5], [3.4, 6]], "separated by bars"),
    ],
)
def test_numbers_that_look_otherwise_are_read(content, columns, values, said):
    found = table("t.csv", content)
    assert found.columns == tuple(columns)
    np.testing.assert_array_equal(found.values, values)
    assert said in found.description


def test_a_line_after_sep_is_named_by_its_number():
    assert "Row 2 of t.csv (line 4)" in refused("t.csv", "sep=;\na;b\n1;2\n3\n")


def test_a_column_whose_units_disagree_is_left_out_and_named():
    content = "price,n\n" + "$3,1\n" * 9 + "€3,2\n€4,2\n"
    found = table("t.csv", content)
    assert found.columns == ("n",) and found.labels is None
    said = "column 'price' left out: 2 texts such as '€3' are not numbers like those with '$'"
    assert said in found.description


def _country(row):
    return f'"Land {row}","L{row:02}","{row * 1.5}","{row * 2}"\n'


WORLD_BANK = '"Country Name","Country Code","1960","1961"\n' + "".join(map(_country, range(30)))


@pytest.mark.parametrize(
    ("content", "columns", "first", "labels"),
    [
        (pd.Series([1.5, 2.5]).to_csv(), ("column 1", "0"), [0, 1.5], "0"),
        (pd.DataFrame([[1, 2], [3, 4]]).to_csv(), ("column 1", "0", "1"), [0, 1, 2], "0"),
        (pd.DataFrame({"v": [5, 6]}, ["x", "y"]).to_csv(), ("v",), [5], "x"),
        (WORLD_BANK, ("1960", "1961"), [0, 0], "Land 0"),
        (WORLD_BANK.replace('"', ""), ("1960", "1961"), [0, 0], "Land 0"),
        ('"0","1"\n1.5,2.5\n3,4\n', ("0", "1"), [1.5, 2.5], None),
        ('"","a"\n"0",5\n"1",7\n', ("column 1", "a"), [0, 5], "0"),
        ("year,rain\n1960,5\n1961,7\n1962,4\n", ("year", "rain"), [1960, 5], "1960"),
    ],
)
def test_a_header_of_numbers_is_no_step(content, columns, first, labels):
    found = table("t.csv", content)
    assert found.columns == columns and found.header is None
    np.testing.assert_array_equal(found.values[0], first)
    assert "first row is a header" in found.description
    assert (found.labels[0] if found.labels else None) == labels


def test_lines_above_the_table_are_passed_over_and_said():
    above = '"Data Source","World Development Indicators",\n\n"Last Updated Date","2024-06-28",\n\n'
    ends = WORLD_BANK.replace('"\n', '",\n')
    found = table("t.csv", "\ufeff" + above + ends)
    assert found.columns == ("1960", "1961") and found.labels and found.labels[1] == "Land 1"
    assert "first row is a header, 2 lines above the table passed over" in found.description
    ragged = above + ends + '"Land","L",1,\n'
    assert "Row 31 of t.csv (line 36) has 4 cells" in refused("t.csv", ragged)
    assert "Row 3 of t.csv (line 3)" in refused("t.csv", "1,2\n3,4\n5,6,7\n8,9,1\n2,3,4\n")


@pytest.mark.parametrize("quote", ["", '"'])
def test_empty_lines_between_rows_are_left_out_and_counted(quote):
    rows = ["" if k % 7 == 3 else f"{k}.5" for k in range(80)]
    lines = ["", f"{quote}value{quote}", *rows, "", ""]
    found = table("t.csv", "\n".join(lines).encode())
    assert len(found) == 69 and "11 empty lines left out" in found.description
    wholes = {"t.txt": "1,\t2, 3\n", "a.csv": "value\n1\n2\n3\n\n", "q.csv": '"a","b"\n"1","2"\n'}
    for name, content in wholes.items():
        assert "empty line" not in table(name, content).description


def test_an_index_is_offered_and_taken_as_labels():
    found = table("t.csv", pd.DataFrame({"v": [5.5, 6.5]}).to_csv())
    assert found.index == "column 1" and found.columns == ("column 1", "v")
    assert found.description.startswith(
        "1 numeric column, 2 rows, running numbers taken as labels (column 'column 1')"
    )
    assert select(found, ["v"]).labels == ("0", "1")
    dated = table("t.csv", "n,day,v\n0,2024-01-01,5\n1,2024-01-02,5\n2,2024-01-03,6\n")
    assert dated.index == "n" and dated.labels and dated.labels[0] == "2024-01-01"
    for content in ("1\n2\n3\n", "a,b\n1,2\n2,3\n", "a,b\n1,2\n2,3\n4,5\n"):
        assert table("t.csv", content).index is None


def test_an_index_of_some_rows_only_or_of_shuffled_ones_is_no_feature_either():
    frame = pd.DataFrame({"v": [5.5, 6.5, 7.0, 8.0], "w": [1.0, 2.5, 0.5, 3.0]})
    for kept in (frame[frame.v != 6.5], frame.iloc[[2, 0, 3, 1]]):
        for content in (kept.to_csv(), kept.to_csv(index_label="Unnamed: 0")):
            found = table("t.csv", content)
            assert found.index == found.columns[0] and found.columns[1:] == ("v", "w")
            assert "running numbers taken as labels" in found.description
    for content in (",v,w\n2,1,1\n2,3,4\n5,1,2\n", ",v,w\n0.5,1,1\n2,3,4\n5,1,2\n"):
        assert table("t.csv", content).index is None


def test_an_open_header_is_said_and_can_be_chosen():
    content = "0,1\n0.5,2.5\n0.25,3.5\n"
    found = table("t.csv", content)
    assert found.header is True and found.columns == ("0", "1") and len(found) == 2
    assert "first row read as a header (may be otherwise)" in found.description
    data = table("t.csv", content, header=False)
    assert data.header is True and data.columns == ("column 1", "column 2") and len(data) == 3
    assert "first row read as data, not as a header" in data.description
    bits = table("t.csv", "0,1\n1,1\n0,0\n")
    assert bits.header is False and len(bits) == 3
    assert len(table("t.csv", "0,1\n1,1\n0,0\n", header=True)) == 2
    certain = table("t.csv", "a,b\n1,2\n", header=False)  # a choice made for another file
    assert certain.columns == ("a", "b") and len(certain) == 1


def test_text_becomes_labels():
    found = table("t.csv", "anna,1\nbob,2\n,3\n")
    assert found.labels == ("anna", "bob", "")
    assert "text taken as labels (column 'column 1')" in found.description
    assert select(found, found.columns).labels == ("anna", "bob", "3")


def test_a_spoilt_column_is_left_out_and_named():
    found = table("t.csv", "x,y\n1,1\nabc,2\n3,3\n")
    assert found.columns == ("y",) and found.labels is None
    assert "column 'x' left out: 1 text such as 'abc' is not a number," in found.description


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
        ("a\n10%\n€5\n20%\n", "no column of numbers (column 'a' holds '€5' in row 2)"),
        ('a\n"1,23"\n"1,234.5"\n', "no column of numbers (column 'a' holds '1,23"),
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


@settings(max_examples=200)
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


@pytest.mark.parametrize("text", ["Jahr;Preis\n2001;{}\n2002;200.000\n", "Preis\n{}\n200.000\n"])
def test_thousands_alone_are_read_as_fractions_and_it_is_said(text):
    found = table("a.csv", text.format("100.000"))
    assert found.decimal == "." and found.values[:, -1].tolist() == [100, 200]
    assert "'100.000' read as 100 (may be 100000)" in found.description
    other = table("a.csv", text.format("100.000"), decimal=",")
    assert other.decimal == "." and other.values[:, -1].tolist() == [100_000, 200_000]
    assert "may be" not in other.description
    decided = table("a.csv", text.format("0.500"), decimal=",")
    assert decided.decimal is None and decided.values[0, -1] == 0.5


def test_decimal_commas_alone_may_be_thousands():
    found = table("a.csv", "a;b\n1,234;5\n2,345;6\n")
    assert found.decimal == "," and "'1,234' read as 1.234 (may be 1234)" in found.description
    assert table("a.csv", "a;b\n1,234;5\n2,345;6\n", decimal=".").values[0, 0] == 1234
    assert table("a.csv", "a,b\n1.234,2.345\n3.456,4.567\n").decimal is None


def test_a_row_far_below_says_which_mark_is_the_decimal_one():
    found = table("a.csv", "a;b\n1.234;5\n" + "2.345;6\n" * 40 + "1,5;7\n")
    assert found.decimal is None and found.values[0, 0] == 1234 and found.values[-1, 0] == 1.5
