"""Whether a first row names the columns: each kind of file people bring, and what stays open."""

from __future__ import annotations

import pytest

from seqviz.data.readers.header import Cell, Header, decide, runs, told

NAMES, OPEN_NAMES = Header(True), Header(True, open=True)
DATA, OPEN_DATA = Header(False), Header(False, open=True)


def decided(rows: str) -> Header:
    first, *rest = [
        [Cell(cell.strip('"'), cell.startswith('"')) for cell in row.split(",")]
        for row in rows.split(" / ")
    ]
    return decide(first, rest)


@pytest.mark.parametrize(
    ("rows", "header"),
    [
        # words above numbers, dates, or numbers that look otherwise
        ("a,b / 1,2", NAMES),
        ("a,b / x,2 / y,3", NAMES),
        ("when / 2024-01-01", NAMES),
        ("price / $3 / $4", NAMES),
        ("flag / true", NAMES),
        # no numbers anywhere, or nothing below
        ("a,b / x,y", NAMES),
        ("a, / x,y", DATA),
        ("a,b", NAMES),
        ("1,2", DATA),
        # quoted cells above unquoted ones
        ('"0","1" / 1.5,2', NAMES),
        ('"",1 / 0,5', NAMES),
        ('"0","1" / "1","1" / "0","0"', OPEN_DATA),
        # an unnamed cell above an index, as pandas writes
        (",0 / 0,1.5 / 1,2.5", NAMES),
        (",0,1 / 0,5,6", NAMES),
        (",0 / 2024-01-01,1.5", NAMES),
        (",0 / up,1.5 / down,2", NAMES),
        (",0 / 0.0,1.5 / 0.1,2.5", OPEN_NAMES),
        (",5 / ,4", DATA),
        ("1.5,2 / ,3", DATA),
        # years beside words, as the World Bank writes
        ("Country,Code,1960,1961 / Germany,DEU,72.1,73 / France,FRA,1,2", NAMES),
        ('"Country","1960","1961" / "Germany","72","73"', NAMES),
        ("Country,1960 / Germany,72", OPEN_NAMES),
        ("Country,1960,1961 / Germany,1970,5", OPEN_NAMES),
        ("up,1960,1961 / down,2,3 / up,3,4", DATA),
        ("1960,1961,1962 / 3,4,5 / 5,6,8", OPEN_NAMES),
        # numbers that count up above others
        ("0,1 / 0.3,2.5 / 0.1,0.2", OPEN_NAMES),
        ("0,1 / 1,0 / 1,1", OPEN_DATA),
        ("0,1,2 / 5,6,1 / 2,2,2", OPEN_NAMES),
        ("0,1,2 / 1,2,3 / 3,4,5", DATA),
        ("0 / 0.5 / 0.8", OPEN_DATA),
        ("0 / 1 / 2", DATA),
        ("0 / 5 / 3 / 8", OPEN_DATA),
        ("1,2 / 0.5,1.5 / 2.25,3.5", OPEN_NAMES),
        # an index that begins only below, or goes on from the first row
        ("0,1 / 0,1.5 / 1,2.5 / 2,4", OPEN_NAMES),
        ("0,1 / 1,.5 / 2,.25 / 3,.125", OPEN_DATA),
        ("0,5 / 1,6 / 2,9", DATA),
        # plain data
        ("1,2 / 3,4", DATA),
        ("1,2 / 3,5", DATA),
        ("anna,1 / bob,2 / ,3", DATA),
        ("1.5 / 2.5", DATA),
        ("0,0 / 0,1", DATA),
    ],
)
def test_what_the_first_row_is(rows, header):
    assert decided(rows) == header


def test_what_is_chosen_counts_only_where_it_is_open():
    assert told(NAMES, False) == (True, None, "first row is a header")
    assert told(DATA, True) == (False, None, "no header")
    assert told(OPEN_NAMES, None)[:2] == told(OPEN_NAMES, True)[:2] == (True, True)
    assert told(OPEN_NAMES, False)[:2] == (False, True)
    assert told(OPEN_DATA, True) == (True, False, "first row read as a header")
    assert "may be otherwise" in told(OPEN_DATA, None)[2]


@pytest.mark.parametrize("texts", [["0", "1"], ["1960", "1961", "1962"], ["7"]])
def test_running_numbers(texts):
    assert runs(texts)


@pytest.mark.parametrize("texts", [[], ["0", "2"], ["0", "1.0"], ["00", "1"], ["٠", "١"], ["a"]])
def test_no_running_numbers(texts):
    assert not runs(texts)
