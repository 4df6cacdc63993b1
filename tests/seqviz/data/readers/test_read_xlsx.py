"""XLSX: what spreadsheets hold is read, and a workbook that promises more than it holds is not."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from refusals import at_most
from uploads import refused, table
from workbooks import xlsx

from seqviz.data.readers.files import members, read
from seqviz.errors import SeqvizError

nan = np.nan
ROWS = [["day", "rain", "wet"], [date(2024, 1, 1), 1.5, True], [date(2024, 1, 2), 2, False]]
CELLS = "{}".join(['<row r="1"><c r="A1"><v>1</v></c></row>', "<row><c><v>2</v></c></row>"])


def test_a_sheet_is_read_with_its_dates_and_booleans():
    found = table("t.xlsx", xlsx({"Weather": ROWS}))
    assert found.columns == ("rain", "wet") and found.labels == ("2024-01-01", "2024-01-02")
    np.testing.assert_array_equal(found.values, [[1.5, 1], [2, 0]])
    assert found.description == (
        "2 numeric columns, 2 rows, dates taken as labels (column 'day'), first row is a header, "
        "sheet 'Weather'"
    )


@pytest.mark.parametrize(
    ("rows", "columns", "values", "said"),
    [
        ([[1, 2], [3.5, None], [5, 6]], ("column 1", "column 2"), [[1, 2], [3.5, nan], [5, 6]], ""),
        ([["a"], ["1,5"], ["2,5"]], ("a",), [[1.5], [2.5]], "'1,5' read as 1.5"),
        ([["a", "b"], ["$3", 1], ["$4", 2]], ("a", "b"), [[3, 1], [4, 2]], "'$3' read as 3"),
        ([["1960", "1961"], [1, 2], [3, 5]], ("1960", "1961"), [[1, 2], [3, 5]], "is a header"),
        ([["Land", 1960, 1961], ["A", 1, 5], ["B", 2, 7]], ("1960", "1961"), [[1, 5], [2, 7]], ""),
        (
            [["Rain 2024"], [], ["a", "b"], [1, 5], [2, 6]],
            ("a", "b"),
            [[1, 5], [2, 6]],
            "1 row wit",
        ),
        (
            [[None, "a"], [0, 5], [1, 6], [2, 7]],
            ("column 1", "a"),
            [[0, 5], [1, 6], [2, 7]],
            "as lab",
        ),
        (
            [[0, 1], [0.5, 2.5], [1.5, 3.5]],
            ("0", "1"),
            [[0.5, 2.5], [1.5, 3.5]],
            "may be otherwise",
        ),
        ([[], [None, None, "a"], [None, None, 5], [None, None, 6]], ("a",), [[5], [6]], ""),
    ],
)
def test_layouts_of_teachers_are_read(rows, columns, values, said):
    found = table("t.xlsx", xlsx({"S": rows}))
    assert found.columns == columns and said in found.description
    np.testing.assert_array_equal(found.values, values)


def test_an_open_header_can_be_chosen():
    data = xlsx({"S": [[0, 1], [0.5, 2.5], [1.5, 3.5]]})
    assert table("t.xlsx", data).header is True
    assert len(table("t.xlsx", data, header=False)) == 3


def test_the_sheet_can_be_chosen_and_an_empty_one_is_passed_over():
    data = xlsx({"Notes": [], "A & B": [["a"], [1], [2]], "Last": [["z"], [7], [8]]})
    assert members("t.xlsx", data) == {name: name for name in ("Notes", "A & B", "Last")}
    assert table("t.xlsx", data).columns == ("a",)
    assert "sheet 'A & B', one of 3" in table("t.xlsx", data).description
    assert table("t.xlsx", data, member="Last").columns == ("z",)
    with pytest.raises(SeqvizError, match="has no sheet 'Lost': choose from Notes, A & B, Last"):
        read("t.xlsx", data, "Lost")
    assert "has no rows of data" in refused("t.xlsx", xlsx({"S": []}))


def test_a_sheet_without_numbers_is_passed_over_unless_there_is_no_other():
    words, numbers = [["read me"], ["first"]], [["a", "b"], [1, 2], [3, 4]]
    data = xlsx({"About": words, "Data": numbers})
    assert table("t.xlsx", data).columns == ("a", "b")
    assert refused("t.xlsx", xlsx({"About": words})) == refused(
        "t.xlsx", xlsx({"About": words, "More": [["so"], ["on"]]})
    )


def test_a_shared_text_and_the_result_of_a_formula_are_read():
    rows = '<row><c t="s"><v>0</v></c></row><row><c><f>1+1</f><v>2</v></c></row>'
    shared = "<sst><si><r><t>no</t></r><r><t>te</t></r></si></sst>"
    found = table("t.xlsx", xlsx({"S": rows}, xl__sharedStrings=shared))
    assert found.columns == ("note",) and found.values.tolist() == [[2]]


def far(place: str) -> str:
    row = "".join(filter(str.isdigit, place))
    return (
        f'<row r="1"><c r="A1"><v>1</v></c></row><row r="{row}"><c r="{place}"><v>1</v></c></row>'
    )


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"PK\3\4nothing", "is not an XLSX workbook"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
            "protected by a password or an old XLS",
        ),
        (
            xlsx({"S": far("XFD1048576")}),
            "a sheet of 1,048,576 × 16,384 cells and at most 2,000,000",
        ),
        (xlsx({"S": far("A9999999")}), "a sheet of 9,999,999 × 1 cells"),
        (xlsx({"S": far("A99999999999")}), "a cell at '99999999999', which is no place"),
        (
            xlsx(
                {"S": '<row r="2000"/>' + "<row><c/></row>" * 2000 + f"<row>{'<c/>' * 999}</row>"}
            ),
            "a sheet of 4,001 × 500 cells",
        ),
        (xlsx({"S": '<row><c t="s"><v>9</v></c></row>'}), "is damaged or no XLSX workbook"),
        (xlsx({"S": "<row><c>"}), "is damaged or no XLSX workbook"),
        (
            xlsx({"S": CELLS}, xl__sharedStrings='<sst uniqueCount="99999999999"/>'),
            "99999999999 items",
        ),
        (xlsx({"S": CELLS}, xl__x='<!DOCTYPE x [<!ENTITY a "b">]><x/>'), "declares XML entities"),
        (
            xlsx(
                {"S": '<row><c t="s"><v>0</v></c></row>' * 3000},
                xl__sharedStrings=f"<sst><si><t>{'x' * 32_000}</t></si></sst>",
            ),
            "has 3,000 cells with texts of up to 32,000 characters",
        ),
    ],
)
def test_what_would_fill_the_memory_is_refused_before_it_is_read(data, sentence):
    with at_most(20):
        assert sentence in refused("t.xlsx", data)


def test_an_archive_that_unpacks_to_more_than_it_announces_is_refused():
    honest = xlsx({"S": [["a"], [1]]}, xl__more=f"<x>{' ' * 200_000}</x>")
    assert len(table("t.xlsx", honest)) == 1
    with zipfile.ZipFile(io.BytesIO(honest)) as archive:
        size = archive.getinfo("xl/more.xml").file_size.to_bytes(4, "little")
    forged = honest.replace(size, (100).to_bytes(4, "little"))
    assert "damaged" in refused("t.xlsx", forged)
    bomb = xlsx({"S": [["a"], [1]]}, xl__more=" " * 2**26)
    with at_most(10):
        assert "would unpack to 64 MB and at most 64 MB" in refused("t.xlsx", bomb)


def test_no_attribute_ends_the_process():
    """In a process of its own: calamine ends it where there is no room for what it is told."""
    script = """
import re, resource
from workbooks import xlsx
from seqviz.data.readers.files import read
from seqviz.errors import SeqvizError
resource.setrlimit(resource.RLIMIT_AS, (4 * 2**30,) * 2)
rows = '''<row r="1" spans="1:2" ht="15" s="1"><c r="A1" s="0" t="s"><v>0</v></c></row>
<row r="2"><c r="A2" s="1"><v>45000</v></c><c r="B2"><f t="shared" ref="B2:B3" si="0">A2</f><v>1</v>
</c></row></sheetData><dimension ref="A1:B3"/><cols><col min="1" max="2" style="1"/></cols>
<mergeCells count="1"><mergeCell ref="A1:B1"/></mergeCells><sheetData>'''
shared = '<sst count="1" uniqueCount="1"><si><t>date</t></si></sst>'
styles = '''<styleSheet><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy"/></numFmts>
<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="164" fontId="0"/></cellXfs></styleSheet>'''
tried = 0
for k, text in enumerate((rows, shared, styles)):
    for match in re.finditer('"([^"]*)"', text):
        for value in ("99999999999999999", "4294967295", "-1", "A1:XFD1048576", "ZZZ9999999", ""):
            parts = [rows, shared, styles]
            parts[k] = text[: match.start(1)] + value + text[match.end(1) :]
            others = {"xl__sharedStrings": parts[1], "xl__styles": parts[2]}
            try:
                read("t.xlsx", xlsx({"S": parts[0]}, **others))
            except SeqvizError:
                pass
            tried += 1
print("tried", tried > 100)
"""
    paths = ":".join(sys.path)
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env={"PYTHONPATH": paths}
    )
    assert done.stdout == "tried True\n", done.stderr


WHOLE = xlsx({"S": ROWS})


@settings(max_examples=150)
@given(
    flips=st.lists(st.tuples(st.integers(0, 5000), st.integers(1, 255)), max_size=5),
    cut=st.integers(1, 6000),
)
def test_a_damaged_workbook_is_read_or_refused(flips, cut):
    data = bytearray(WHOLE)
    for at, change in flips:
        data[at % len(data)] ^= change
    with at_most(40):
        try:
            assert read("t.xlsx", bytes(data[:cut])).description
        except SeqvizError as error:
            assert "\n" not in str(error)
