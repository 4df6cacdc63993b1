"""Wires, boxes and words of a diagram as SVG: no scripts, no ids, no background."""

from __future__ import annotations

import math
from collections.abc import Iterator
from html import escape

from seqviz.figures.palette import BACKGROUND, GATE, INK, LINE, MUTED, NEGATIVE, POSITIVE

WIDEST = 13.0  # of the wire that carries the largest value
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif"
Point = tuple[float, float]


class SvgCanvas:
    """A picture in the making: wires lie under boxes, boxes under words.

    The widest wire stands for the largest value drawn. theme: "light" or "dark".
    """

    def __init__(self, width: int, height: int, theme: str) -> None:
        self.width, self.height = width, height
        self.theme = theme
        self._wires: list[tuple[str, float, bool]] = []
        self._boxes: list[str] = []
        self._words: list[str] = []

    def wire(self, path: str, value: float, gate: bool = False) -> None:
        """A line as wide as |value|, orange above 0 and blue below, teal for a gate in [0, 1].

        A thin grey line under it stays visible when value is 0.
        """
        self._wires.append((path, value, gate))

    @property
    def scale(self) -> float:
        """The value the widest wire stands for; finite and never 0."""
        sizes = [abs(value) for _, value, _ in self._wires if math.isfinite(value)]
        return max(sizes, default=0.0) or 1.0

    def box(self, at: Point, size: Point, accent: str | None = None) -> None:
        """A rounded rectangle centred on at."""
        (x, y), (width, height) = at, size
        place = (
            f'x="{x - width / 2:g}" y="{y - height / 2:g}" width="{width:g}" height="{height:g}"'
        )
        paint = f'fill="{BACKGROUND[self.theme]}" stroke="{accent or MUTED[self.theme]}"'
        self._boxes.append(f'<rect {place} rx="8" {paint} stroke-width="1.5"/>')

    def dot(self, at: Point, symbol: str, radius: float = 13) -> None:
        """A small circle that says what happens to what arrives: × + or Σ."""
        paint = f'fill="{BACKGROUND[self.theme]}" stroke="{INK[self.theme]}" stroke-width="1.5"'
        self._boxes.append(f'<circle cx="{at[0]:g}" cy="{at[1]:g}" r="{radius:g}" {paint}/>')
        self.words((at[0], at[1] + 0.38 * 18), symbol, size=18)

    def words(
        self,
        at: Point,
        text: str,
        sub: str = "",
        after: str = "",
        size: float = 15,
        quiet: bool = False,
        anchor: str = "middle",
        bold: bool = False,
    ) -> None:
        """text, then sub lowered, then after on the line again; at is the middle of its foot."""
        colour = (MUTED if quiet else INK)[self.theme]
        inner = escape(text)
        if sub:  # dy, since Firefox ignores baseline-shift
            inner += f'<tspan dy="4" font-size="{0.75 * size:g}">{escape(sub)}</tspan>'
            inner += f'<tspan dy="-4">{escape(after)}</tspan>' if after else ""
        style = f'font-size="{size:g}" text-anchor="{anchor}" fill="{colour}"'
        weight = ' font-weight="600"' if bold else ""
        place = f'x="{at[0]:g}" y="{at[1]:g}"'
        self._words.append(f"<text {place} {style}{weight}>{inner}</text>")

    def curve(self, points: list[Point], mark: Point) -> None:
        """A thin function graph with one place on it marked."""
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        stroke = f'stroke="{MUTED[self.theme]}" stroke-width="2"'
        self._words.append(f'<polyline points="{line}" fill="none" {stroke}/>')
        place = f'cx="{mark[0]:.1f}" cy="{mark[1]:.1f}"'
        self._words.append(f'<circle {place} r="5" fill="{INK[self.theme]}"/>')

    def axis(self, start: Point, end: Point) -> None:
        """A hairline."""
        (x1, y1), (x2, y2) = start, end
        ends = f'x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}"'
        self._words.append(f'<line {ends} stroke="{LINE[self.theme]}" stroke-width="1.5"/>')

    def legend(self, at: Point, gates: bool, text: str) -> None:
        """What width and colour mean, starting at the left end of its line."""
        kinds = [("positive", POSITIVE), ("negative", NEGATIVE), ("gate", GATE)]
        x, y = at
        for name, colour in kinds if gates else kinds[:2]:
            bar = f'x="{x:g}" y="{y - 9:g}" width="18" height="9" fill="{colour}"'
            self._boxes.append(f"<rect {bar}/>")
            self.words((x + 24, y), name, size=13, quiet=True, anchor="start")
            x += 92
        self.words((self.width - 12, y), text, size=13, quiet=True, anchor="end")

    def svg(self, title: str, description: str) -> str:
        """The picture as one element, named and described for those who cannot see it."""
        size = f'viewBox="0 0 {self.width} {self.height}" width="100%"'
        named = f'role="img" aria-label="{escape(title)}"'
        about = f"<title>{escape(title)}</title><desc>{escape(description)}</desc>"
        body = "".join((*self._drawn_wires(), *self._boxes, *self._words))
        opening = f'<svg xmlns="http://www.w3.org/2000/svg" {size} {named} font-family="{FONT}">'
        return f"{opening}{about}{body}</svg>"

    def _drawn_wires(self) -> Iterator[str]:
        scale = self.scale
        for path, value, gate in self._wires:
            thin = f'stroke="{MUTED[self.theme]}" stroke-width="1"'
            yield f'<path d="{path}" fill="none" {thin}/>'
            size = min(abs(value) / scale, 1.0)
            if size > 0:  # neither 0 nor NaN
                stroke = f'stroke="{_colour(value, gate)}"'
                width = f'stroke-width="{max(1.5, WIDEST * size):.2f}"'
                yield f'<path d="{path}" fill="none" {stroke} {width} stroke-linejoin="round"/>'


def line(*points: Point) -> str:
    """A path through the points with square corners."""
    return "M" + " L".join(f"{x:g},{y:g}" for x, y in points)


def rising(start: Point, end: Point) -> str:
    """A path that leaves upwards and arrives upwards."""
    middle = (start[1] + end[1]) / 2
    turns = f"{start[0]:g},{middle:g} {end[0]:g},{middle:g}"
    return f"M{start[0]:g},{start[1]:g} C{turns} {end[0]:g},{end[1]:g}"


def flowing(start: Point, end: Point) -> str:
    """A path that leaves to the right and arrives from the left."""
    middle = (start[0] + end[0]) / 2
    turns = f"{middle:g},{start[1]:g} {middle:g},{end[1]:g}"
    return f"M{start[0]:g},{start[1]:g} C{turns} {end[0]:g},{end[1]:g}"


def _colour(value: float, gate: bool) -> str:
    if gate:
        return GATE
    return POSITIVE if value > 0 else NEGATIVE
