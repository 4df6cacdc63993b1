"""How the digits 0 to 9 are written: ideal strokes, in the ways that people were taught."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]


@dataclass(frozen=True)
class Way:
    """One way to write a digit.

    strokes: for each stroke its smooth pieces, (P, 2) arrays of x, y that meet in corners; y goes
    upwards from 0 to 1. any_order: whether people draw the strokes in any order. turns: whether
    a stroke may as well be drawn from its end, one flag a stroke. weight: how common it is.
    """

    strokes: tuple[tuple[Points, ...], ...]
    any_order: bool = False
    turns: tuple[bool, ...] = ()
    weight: float = 1.0

    @property
    def closed(self) -> bool:
        """One smooth stroke that ends where it began, so that it may begin elsewhere."""
        pieces = self.strokes[0]
        return (
            len(self.strokes) == 1
            and len(pieces) == 1
            and bool(np.hypot(*(pieces[0][0] - pieces[0][-1])) < 0.02)
        )


def _way(*strokes: str, weight: float = 1.0, any_order: bool = False, turns: str = "") -> Way:
    """Strokes in hundredths of the digit's height: "x y, x y; x y, x y", a corner at each ;

    turns: a letter a stroke, y where it may be drawn from its end.
    """
    return Way(
        tuple(tuple(_piece(piece) for piece in stroke.split(";")) for stroke in strokes),
        any_order,
        tuple(flag == "y" for flag in turns) or (False,) * len(strokes),
        weight,
    )


def _piece(text: str) -> Points:
    return np.array([[float(n) / 100 for n in point.split()] for point in text.split(",")])


DIGITS: Mapping[str, tuple[Way, ...]] = MappingProxyType(
    {
        "0": (
            _way("32 100, 10 84, 0 50, 10 15, 32 0, 54 15, 64 50, 54 85, 32 100", weight=3),
            _way("32 100, 54 85, 64 50, 54 15, 32 0, 10 15, 0 50, 10 84, 32 100"),
        ),
        "1": (
            _way("10 100, 10 0", weight=2),
            _way("0 72, 28 100; 28 100, 28 0", weight=2),
            _way("0 74, 27 100; 27 100, 26 0", "0 0, 52 1", turns="ny"),
            _way("24 100, 0 0", weight=0.7),
        ),
        "2": (
            _way("2 78, 14 96, 34 100, 57 86, 52 56, 28 28, 0 0; 0 0, 62 2", weight=2),
            _way("4 80, 26 100, 54 88, 50 56, 22 18, 5 3, 4 14, 20 16, 42 4, 66 4"),
            _way("2 86, 30 101, 58 84, 48 54, 0 0; 0 0, 34 6, 64 0"),
            _way("0 98, 40 101, 58 84, 44 50, 0 2; 0 2, 60 2"),
        ),
        "3": (
            _way("3 88, 26 100, 52 85, 46 62, 20 54; 20 54, 52 46, 58 20, 32 0, 0 12", weight=2),
            _way("2 100, 56 100; 56 100, 20 58; 20 58, 54 48, 58 18, 30 0, 0 12"),
            _way("4 86, 28 100, 50 82, 38 58, 22 52, 44 48, 58 24, 34 0, 0 10"),
        ),
        "4": (
            _way("22 100, 0 38; 0 38, 64 38", "46 72, 43 0", weight=1.5, turns="nn"),
            _way("22 100, 0 38; 0 38, 64 38", "48 100, 46 0", turns="nn"),
            _way("44 100, 0 34; 0 34, 66 34", "46 100, 46 0"),
            _way("66 34, 0 34; 0 34, 46 100; 46 100, 46 0", weight=0.8),
            _way("2 100, 1 66, 16 50, 36 48, 54 54", "55 100, 52 0", weight=0.8),
            _way("46 100, 0 34; 0 34, 48 34; 48 34, 46 100; 46 100, 45 0", weight=0.3),
        ),
        "5": (
            _way(
                "12 100, 8 58; 8 58, 36 66, 58 44, 48 10, 22 0, 0 10",
                "12 100, 60 100",
                weight=2,
                any_order=True,
                turns="ny",
            ),
            _way("58 100, 12 100; 12 100, 8 58; 8 58, 38 66, 60 40, 46 8, 22 0, 0 10"),
            _way("58 97, 30 99, 12 84, 20 62, 46 50, 56 26, 38 4, 16 1, 0 10"),
        ),
        "6": (
            _way("48 100, 20 74, 2 36, 12 6, 34 0, 57 18, 48 42, 26 46, 5 26", weight=2),
            _way("38 100, 14 62, 0 24, 16 1, 42 4, 50 26, 34 40, 10 32, 2 22"),
            _way("54 90, 38 100, 14 80, 0 40, 10 6, 34 0, 56 18, 48 44, 24 48, 4 28"),
        ),
        "7": (
            _way("0 100, 60 100; 60 100, 20 0", weight=2),
            _way("0 100, 60 100; 60 100, 20 0", "12 50, 54 52", turns="ny", weight=1.5),
            _way("0 84, 2 100; 2 100, 60 100; 60 100, 24 0", weight=0.8),
            _way("0 94, 30 98, 60 100; 60 100, 34 50, 26 0"),
        ),
        "8": (
            _way("52 84, 30 100, 8 84, 16 62, 44 44, 56 20, 30 0, 4 18, 16 44, 44 62, 52 84"),
            _way("8 84, 30 100, 52 84, 44 62, 16 44, 4 20, 30 0, 56 18, 44 44, 16 62, 8 84"),
            _way("50 92, 30 100, 8 84, 16 62, 44 44, 56 20, 30 0, 4 18, 18 44, 46 66, 56 90"),
            _way(
                "30 100, 8 90, 8 66, 30 54, 52 66, 52 88, 30 100",
                "30 54, 4 42, 2 12, 30 0, 58 12, 56 42, 30 54",
                weight=0.7,
            ),
            _way("30 52, 6 70, 12 94, 34 100, 54 84, 44 62, 16 42, 4 18, 30 0, 56 20, 30 52"),
        ),
        "9": (
            _way("54 82, 32 100, 4 80, 10 54, 36 52, 54 78; 54 82, 52 40, 44 0", weight=2),
            _way("54 82, 32 100, 4 80, 10 54, 36 52, 54 78; 54 82, 52 30, 34 0, 6 8"),
            _way("50 94, 30 100, 4 82, 8 58, 32 52, 52 74, 54 96; 54 96, 52 0"),
            _way(
                "30 100, 4 82, 12 54, 40 56, 53 80, 30 100, 50 84; 50 84, 44 30, 24 0", weight=0.6
            ),
        ),
    }
)
"""Every digit's ways to be written, by its name."""
