"""Pictures of words: what is a table of values."""

from __future__ import annotations

import math

from seqviz.figures.glossary.shapes import Values, cells, shares
from seqviz.figures.glossary.states import some_states


def near_diagonal(size: int, width: float) -> list[list[float]]:
    """Large on the diagonal, small away from it."""
    return [[math.exp(-(((k - t) / width) ** 2)) for t in range(size)] for k in range(size)]


def square(theme: str, values: Values) -> str:
    return shares(theme, values, (35, 0, 80, 80))


def alike(theme: str) -> str:
    """Distances of steps, of a sequence that comes back to where it was."""
    return cells(
        theme,
        [[0.5 - 0.5 * math.cos((k - t) * 1.05) for t in range(12)] for k in range(12)],
        (35, 0, 80, 80),
    )


def jacobian(theme: str) -> str:
    values = [[math.sin(2.3 * k + 1.1 * t * k + t) for t in range(5)] for k in range(5)]
    return cells(theme, values, (35, 0, 80, 80))


def same_states(theme: str) -> str:
    """Two networks with the same states in another order of units."""
    left, right = (0, 8, 68, 64), (82, 8, 68, 64)
    return cells(theme, some_states(), left) + cells(theme, some_states((2, 0, 3, 1)), right)


def bands(theme: str) -> str:
    """A pitch that rises, and its overtone."""
    return shares(
        theme,
        [
            [max(math.exp(-((6 - k - t / 4) ** 2)), 0.5 * math.exp(-((3 - k - t / 4) ** 2)))
             for t in range(15)]
            for k in range(8)
        ],
    )  # fmt: skip


def symbols(theme: str) -> str:
    """A row of its own for each symbol."""
    return shares(theme, [[float(k == t) for t in range(8)] for k in range(5)])
