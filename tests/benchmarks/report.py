"""One line of a benchmark, and the table they make."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One figure. goal: the number promised, to stay below (or, with at_least, above); None when
    nothing is promised and the figure is only good to know."""

    what: str
    value: float
    unit: str
    goal: float | None = None
    at_least: bool = False

    @property
    def kept(self) -> bool:
        if self.goal is None:
            return True
        return self.value >= self.goal if self.at_least else self.value <= self.goal

    @property
    def cells(self) -> tuple[str, str, str, str]:
        promise = ""
        if self.goal is not None:
            promise = f"{'at least' if self.at_least else 'at most'} {self.goal:,g}"
        verdict = "" if self.goal is None else "kept" if self.kept else "BROKEN"
        return self.what, f"{self.value:,.4g} {self.unit}".strip(), promise, verdict


def table(rows: Iterable[Row]) -> str:
    """Rows as a Markdown table."""
    cells = [("figure", "measured", "promised", ""), *(row.cells for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(4)]
    lines = [
        "| "
        + " | ".join(text.ljust(width) for text, width in zip(line, widths, strict=True))
        + " |"
        for line in cells
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)
