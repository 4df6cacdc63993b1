"""Numbers as people write them: 1,234.5 or 1.234,5 or 1 234,5, with a unit such as $ or %."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_CURRENCY = "[$¢£¤¥\u20a0-\u20cf]"
_MINUS = "\u2212"
_LONGEST = 60  # characters: float64 keeps 17 digits
_FEW = 1000  # cells looked at before all are


def _written(decimal: str, groups: str) -> re.Pattern[str]:
    """A number with this decimal mark, its thousands grouped by one of `groups` or not at all."""
    return re.compile(
        rf"(?P<minus>[+\-{_MINUS}]?) ?(?P<before>{_CURRENCY}?) ?(?P<later>[+\-{_MINUS}]?)"
        rf"(?P<whole>[1-9]\d{{0,2}}(?P<group>[{groups}])\d{{3}}(?:(?P=group)\d{{3}})*|\d*)"
        rf"(?P<fraction>(?:{re.escape(decimal)}\d*)?)(?P<power>(?:[eE][+-]?\d+)?)"
        rf"\s?(?P<after>%|{_CURRENCY}|)",
        re.ASCII,
    )


_SPACES = " \u00a0\u2009\u202f'\u2019"  # French and Swiss
_WRITTEN = {".": _written(".", f",{_SPACES}"), ",": _written(",", rf".{_SPACES}")}
_GROUPED = re.compile(r"\D*[1-9]\d{0,2}[.,]\d{3}\D*", re.ASCII)  # or with three decimals


class Numeral(NamedTuple):
    """A cell that reads as a number. unit: "$", "%", … or ""."""

    value: float
    unit: str


class Numerals(NamedTuple):
    """A column that reads as numbers throughout. example: the longest as written."""

    values: NDArray[np.float64]
    unit: str
    example: str
    example_value: float


def numeral(cell: str, decimal: str = ".") -> Numeral | None:
    """The number a cell holds when its decimal mark is `decimal` ("." or ","), or None.

    A percent sign or a currency's is taken off: 12% is 12. Thousands may be grouped in threes by
    the other mark, a space or an apostrophe; 1,23,456 and 1234,567 with decimal "." are none.
    """
    match = _WRITTEN[decimal].fullmatch(cell.strip()) if len(cell) <= _LONGEST else None
    if match is None or not any(map(str.isdigit, match["whole"] + match["fraction"])):
        return None
    if (match["minus"] and match["later"]) or (match["before"] and match["after"]):
        return None
    whole = match["whole"].replace(match["group"], "") if match["group"] else match["whole"]
    sign = "-" if (match["minus"] or match["later"]) in ("-", _MINUS) else ""
    plain = f"{sign}{whole}{match['fraction'].replace(decimal, '.')}{match['power']}"
    return Numeral(float(plain), match["before"] or match["after"])


def resembles_number(cell: str) -> bool:
    """Whether a cell reads as a number with either decimal mark."""
    return numeral(cell) is not None or numeral(cell, ",") is not None


def decimal_mark(cells: Iterable[str], undecided: str) -> str:
    """The decimal mark the numbers among cells are written with.

    1,5 and 1.234,5 speak for a comma, 1.5 and 0.123 for a point; 1,234 and 1.234 for neither.
    undecided: the answer when none or both are spoken for.
    """
    votes = {"." if numeral(cell) else "," for cell in cells if _speaks(cell)}
    return votes.pop() if len(votes) == 1 else undecided


def undecided(cells: Iterable[str]) -> str | None:
    """A number that is thousands with one decimal mark and has a fraction with the other: 1.234.

    None where there is none, or where a cell speaks for a mark. The first of the longest.
    """
    longest = ""
    for cell in cells:
        if _speaks(cell):
            return None
        if len(cell) > len(longest) and _GROUPED.fullmatch(cell) and resembles_number(cell):
            longest = cell
    return longest or None


def _speaks(cell: str) -> bool:
    marks = "." in cell or "," in cell
    return (
        marks
        and not _GROUPED.fullmatch(cell)
        and (numeral(cell) is None) != (numeral(cell, ",") is None)
    )


def read_column(cells: Sequence[str], decimal: str = ".") -> Numerals | None:
    """A column whose cells all read as numbers with one decimal mark and one unit, or None.

    decimal is tried first. Empty cells are NaN. None, too, when all are empty.
    """
    for mark in (decimal, "," if decimal == "." else "."):
        known = None if _agree(cells[:_FEW], mark) is None else _agree(cells, mark)
        if known:
            example = max(known, key=len)  # its groups and decimals show most
            value = {cell: number.value for cell, number in known.items()}
            return Numerals(
                np.array([value.get(cell, np.nan) for cell in cells], dtype=np.float64),
                known[example].unit,
                example,
                value[example],
            )
    return None


def _agree(cells: Sequence[str], decimal: str) -> dict[str, Numeral] | None:
    """Every different cell that is not empty and its number, None when they do not agree."""
    known: dict[str, Numeral] = {}
    units: set[str] = set()
    for cell in dict.fromkeys(cells):
        if not cell.strip():
            continue
        number = numeral(cell, decimal)
        if number is None:
            return None
        units.add(number.unit)
        if len(units) > 1:
            return None
        known[cell] = number
    return known


def disagreeing(cells: Sequence[str]) -> tuple[int, str, str]:
    """How many cells do not read as most numbers of their column do, the first, and the unit."""
    return min((_disagreeing(cells, mark) for mark in _WRITTEN), key=lambda found: found[0])


def _disagreeing(cells: Sequence[str], decimal: str) -> tuple[int, str, str]:
    numbers = [(cell, numeral(cell, decimal)) for cell in cells if cell.strip()]
    units = Counter(number.unit for _, number in numbers if number is not None)
    unit = units.most_common(1)[0][0] if units else ""
    others = [cell for cell, number in numbers if number is None or number.unit != unit]
    return len(others), others[0] if others else "", unit
