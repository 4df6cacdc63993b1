"""Numbers as people write them: each is read, and what is none is left alone."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqviz.data.numerals import (
    decimal_mark,
    disagreeing,
    numeral,
    read_column,
    resembles_number,
    undecided,
)


@pytest.mark.parametrize(
    ("cell", "decimal", "value", "unit"),
    [
        *(("1,234", ".", 1234, ""), ("1,234.5", ".", 1234.5, ""), ("1,234,567", ".", 1234567, "")),
        *(("1.234", ",", 1234, ""), ("1.234,5", ",", 1234.5, ""), ("1,234", ",", 1.234, "")),
        *(
            ("1 234,5", ",", 1234.5, ""),
            ("1'234.5", ".", 1234.5, ""),
            ("1\u202f234", ".", 1234, ""),
        ),
        *(("12%", ".", 12, "%"), ("12 %", ",", 12, "%"), ("-0,5 %", ",", -0.5, "%")),
        *(("$3", ".", 3, "$"), ("-$3", ".", -3, "$"), ("$-3", ".", -3, "$"), ("3 €", ",", 3, "€")),
        *((" +5. ", ".", 5, ""), (".5", ".", 0.5, ""), ("\u22125", ".", -5, "")),
        *(("1e5", ".", 1e5, ""), ("1,5E-3", ",", 1.5e-3, ""), ("₹1,000", ".", 1000, "₹")),
    ],
)
def test_a_number_is_read(cell, decimal, value, unit):
    assert numeral(cell, decimal) == (value, unit)


@pytest.mark.parametrize(
    "cell",
    ["", " ", "-", "%", "$", "1,23.4.5", "12,34,567", "1,234 567", "--3", "-$-3", "$3€", "3 m",
     "1.3.2024", "12:30", "١٢", "1_000", "(3)", "nan", "1" * 61],
)  # fmt: skip
def test_what_is_no_number_is_none(cell):
    assert not resembles_number(cell)


@given(st.floats(-1e15, 1e15).map(lambda value: round(value, 3)))
def test_grouped_numbers_come_back(value):
    english = f"{value:,.3f}"
    continental = english.translate(str.maketrans(",.", ".,"))
    assert numeral(english) == (float(f"{value:.3f}"), "")
    assert numeral(continental, ",") == numeral(english)


@pytest.mark.parametrize(
    ("cells", "mark"),
    [
        *((["1,5"], ","), (["1.234,5", "2.000"], ","), (["1.5", "1,234"], "."), (["1,234.5"], ".")),
        *((["0.123", "1.234"], "."), (["1.234.567", "1.234"], ",")),
        *((["1,234"], "?"), (["1,5", "1.5"], "?"), (["a,b", "5"], "?"), ([], "?")),
    ],
)
def test_the_decimal_mark_is_what_cells_speak_for(cells, mark):
    assert decimal_mark(cells, "?") == mark


@pytest.mark.parametrize(
    ("cells", "cell"),
    [
        *(
            (["5", "1.234", "100.000", "x"], "100.000"),
            (["-$1,234"], "-$1,234"),
            (["5", "x"], None),
        ),
        *((["1.234", "0.5"], None), (["1.234", "1.234.567"], None), (["1.234", "0.123"], None)),
    ],
)
def test_thousands_alone_may_be_fractions(cells, cell):
    assert undecided(cells) == cell


def test_a_column_is_read_where_it_agrees():
    found = read_column(["$3", "", "$1,250.5", "$3"])
    assert found is not None and found.unit == "$" and found.example == "$1,250.5"
    np.testing.assert_array_equal(found.values, [3, math.nan, 1250.5, 3])
    assert read_column(["1,5", "1,25"]).values.tolist() == [1.5, 1.25]
    for cells in (["$3", "€3"], ["$3", "3"], ["5%", "0.5"], ["1,5", "1.5"], ["5", "x"], ["", " "]):
        assert read_column(cells) is None
    assert read_column(["5"] * 2000 + ["x"]) is None


def test_the_cells_that_disagree_are_counted():
    assert disagreeing(["$3", "€4", "", "$5", "x"]) == (2, "€4", "$")
    assert disagreeing(["1,5", "2,25", "abc"]) == (1, "abc", "")
