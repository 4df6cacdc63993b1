"""What the player's picture is painted with: text, a colour scale, heatmaps and the input.

Sizes are given for a picture 1280 pixels wide and scaled to its real width.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from seqviz.export.pytorch_script import one_hot_index
from seqviz.figures import palette
from seqviz.types import FloatArray, Trace

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont
Box = tuple[int, int, int, int]  # left, top, right, bottom

GAP_FROM = 6  # cells at least this wide and high are set apart by a line
CURVES = 6  # more features than this are drawn as a heatmap
SPACES = str.maketrans({" ": "␣", "\n": "↵", "\t": "→", "\r": "↵"})


class PillowCanvas:
    """An image with the house's colours; open() gives it its height before anything is drawn."""

    def __init__(self, theme: str, scale: float, width: int) -> None:
        self.theme, self.scale, self.width = theme, scale, width
        self.ink, self.muted = palette.INK[theme], palette.MUTED[theme]
        self.line, self.background = palette.LINE[theme], palette.BACKGROUND[theme]

    def px(self, length: float) -> int:
        return round(length * self.scale)

    def open(self, height: int) -> None:
        self.image = Image.new("RGB", (self.width, height), self.background)
        self.draw = ImageDraw.Draw(self.image)

    def text(
        self, x: float, y: float, words: str, size: float, colour: str, anchor: str = "la"
    ) -> None:
        self.draw.text((x, y), words, colour, font(size * self.scale), anchor=anchor)

    def title(self, words: str, left: int) -> None:
        room = self.width - left - self.px(440)
        size = 24.0
        while size > 12 and text_width(words, font(size * self.scale)) > room:
            size -= 1
        self.text(left, self.px(40), words, size, self.ink, "lm")

    def colour_scale(self, quantity: str, ends: tuple[float, float], right: int) -> None:
        """Quantity, low end, ramp and high end, set from the right edge leftwards."""
        middle, height, used = self.px(40), self.px(18), font(18 * self.scale)
        low, high = (number(end, quantity) for end in ends)
        self.text(right, middle, high, 18, self.ink, "rm")
        end = right - text_width(high, used) - self.px(10)
        start = end - self.px(180)
        ramp = np.linspace(0 if palette.is_sequential(quantity) else -1, 1, end - start)[None]
        unit = float(ramp[0, 0]), 1.0
        colours = palette.rgb(ramp.astype(np.float32), quantity, unit, self.theme)
        strip = Image.fromarray(np.repeat(colours, height, axis=0))
        self.image.paste(strip, (start, middle - height // 2))
        frame = (start - 1, middle - height // 2 - 1, end, middle + height - height // 2)
        self.draw.rectangle(frame, outline=self.line)
        self.text(start - self.px(10), middle, low, 18, self.ink, "rm")
        letter = start - self.px(10) - text_width(low, used) - self.px(18)
        self.text(letter, middle, quantity, 24, self.ink, "rm")

    def panel_label(self, layer: int, direction: int | None, box: Box, hidden: int) -> None:
        left, top, _, bottom = box
        x, middle = self.px(32), (top + bottom) // 2
        name = f"layer {layer + 1}"
        if direction is None:
            self.text(x, middle, name, 20, self.ink, "lm")
        else:
            size = min(19.0, (bottom - top) / self.scale / 2.2)
            self.text(x, middle - self.px(1), name, size, self.ink, "ld")
            way = ("forward", "reverse")[direction]
            self.text(x, middle + self.px(1), way, size - 1, self.muted, "la")
        if bottom - top >= self.px(90):
            self.text(left - self.px(8), top, "0", 15, self.muted, "ra")
            if hidden > 1:
                self.text(left - self.px(8), bottom, str(hidden - 1), 15, self.muted, "rd")

    def heatmap(
        self,
        values: FloatArray,
        quantity: str,
        ends: tuple[float, float],
        box: Box,
        edges: NDArray[np.intp],
    ) -> None:
        """values (T, H): unit 0 on top, steps to the right."""
        left, top, right, bottom = box
        # divided first: the 1e38s of an overflowing ReLU leave float32 when they are subtracted
        inside = np.clip(np.nan_to_num(values), *ends) / ends[1]
        unit = (ends[0] / ends[1], 1.0)
        colours = palette.rgb(inside, quantity, unit, self.theme)  # (T, H, 3)
        image = Image.fromarray(np.ascontiguousarray(colours.transpose(1, 0, 2)))
        steps, hidden = values.shape
        size = (right - left, bottom - top)
        # steps or units that share a pixel are averaged, not dropped
        shrunk = (min(steps, size[0]), min(hidden, size[1]))
        image = image.resize(shrunk, Image.Resampling.BOX).resize(size, Image.Resampling.NEAREST)
        self.image.paste(image, (left, top))
        rows = np.ceil(np.linspace(0, bottom - top, hidden + 1) - 0.5).astype(int) + top
        if np.diff(edges).min() >= GAP_FROM and np.diff(rows).min() >= GAP_FROM:
            for x in edges[1:-1]:
                self.draw.line((int(x), top, int(x), bottom), self.background)
            for y in rows[1:-1]:
                self.draw.line((left, int(y), right, int(y)), self.background)

    def ticks(self, labels: tuple[str, ...], edges: NDArray[np.intp], bottom: int) -> None:
        """As many labels as fit: step 1, then round steps (10, 20, ...)."""
        used = font(18 * self.scale)
        widest = max(text_width(label, used) for label in labels) + self.px(16)
        column = max(1.0, (int(edges[-1]) - int(edges[0])) / len(labels))
        every = round_up(widest / column)
        for t in sorted({0, *range(every - 1, len(labels), every)}):
            if t > 0 and t * column < widest:  # too near step 1
                continue
            x = (int(edges[t]) + int(edges[t + 1])) / 2
            half = text_width(labels[t], used) / 2
            x = min(max(x, edges[0] + half), self.width - half)
            self.text(x, bottom + self.px(10), labels[t], 18, self.muted, "ma")

    def track(self, trace: Trace, box: Box, edges: NDArray[np.intp]) -> bool:
        """Draw the input; True when it names the steps itself (characters)."""
        left, top, right, bottom = box
        self.text(self.px(32), (top + bottom) // 2, "x", 20, self.ink, "lm")
        hot = one_hot_index(trace.x)
        if hot is not None and self.characters(trace.labels, box, edges):
            return True
        if hot is not None or trace.x.shape[1] > CURVES:
            ends = palette.scale("x", trace.x)
            self.heatmap(trace.x, "x", ends, box, edges)
        else:
            self.curves(trace.x, box, edges)
        return False

    def characters(self, labels: tuple[str, ...], box: Box, edges: NDArray[np.intp]) -> bool:
        """Each step's label over its column, if all fit; False otherwise."""
        words = [shortened(label) for label in labels]
        narrowest = int(np.diff(edges).min()) - 2
        size = 34.0
        while max(text_width(word, font(size * self.scale)) for word in words) > narrowest:
            size -= 2
            if size < 12:
                return False
        for t, word in enumerate(words):
            x = (int(edges[t]) + int(edges[t + 1])) / 2
            self.text(x, (box[1] + box[3]) / 2, word, size, self.ink, "mm")
        return True

    def curves(self, x: FloatArray, box: Box, edges: NDArray[np.intp]) -> None:
        """x (T, I): one line a feature, drawn 4 times as large and reduced to have even edges."""
        left, top, right, bottom = box
        fine, pad = 4, self.px(8)
        low, high = min(0.0, float(x.min())), max(0.0, float(x.max()))
        span = (high - low) or 1.0
        height, width = bottom - top, right - left
        layer = Image.new("RGB", (width * fine, height * fine), self.background)
        draw = ImageDraw.Draw(layer)
        y = pad + (high - x.astype(np.float64)) / span * (height - 2 * pad)  # (T, I)
        centres = (edges[:-1] + edges[1:]) / 2 - left
        zero = (pad + high / span * (height - 2 * pad)) * fine
        draw.line((0, zero, width * fine, zero), self.line, fine)
        colours = (self.ink, palette.POSITIVE, palette.NEGATIVE, palette.GATE)
        thick = max(1, round(2.5 * self.scale * fine))
        for k in range(x.shape[1]):
            colour = (*colours, palette.ACCENT[self.theme], self.muted)[k]
            points = [
                (float(a) * fine, float(b) * fine) for a, b in zip(centres, y[:, k], strict=True)
            ]
            if len(points) > 1:
                draw.line(points, colour, thick, joint="curve")
            if width / len(points) >= 24 * self.scale:
                for point in points:
                    draw.circle(point, 1.6 * thick, colour)
        self.image.paste(layer.resize((width, height), Image.Resampling.BOX), (left, top))
        for value, at, anchor in ((high, top, "ra"), (low, bottom, "rd")):
            self.text(left - self.px(8), at, number(value, "x"), 15, self.muted, anchor)


def number(value: float, quantity: str) -> str:
    """Three digits and a sign for what is signed; 0 and 1 for gates."""
    if value == 0 or palette.is_sequential(quantity):
        return f"{value:.0f}"
    return f"{value:+.3g}"


def round_up(ratio: float) -> int:
    """The smallest of 1, 2, 5, 10, 20, 50, ... that is at least ratio."""
    power = 1
    while True:
        for digit in (1, 2, 5):
            if digit * power >= ratio:
                return digit * power
        power *= 10


@lru_cache(maxsize=64)
def font(size: float) -> Font:
    """DejaVu where it is installed, for its Greek and Cyrillic; else Pillow's own."""
    try:
        return ImageFont.truetype("DejaVuSans.ttf", max(8, round(size)))
    except OSError:
        return ImageFont.load_default(size=max(8, round(size)))


def text_width(text: str, used: Font) -> int:
    """Pixels from the start of text to its end."""
    return int(np.ceil(used.getlength(text)))


def shortened(label: str, length: int = 12) -> str:
    """A step's name in one line of at most `length` characters; a blank is drawn as its sign."""
    drawn = label.encode("utf-8", "replace").decode("utf-8")
    line = " ".join(drawn.split()) or drawn[:1].translate(SPACES)
    line = "".join(sign if sign.isprintable() else "·" for sign in line[: length + 1])
    return line if len(line) <= length else f"{line[: length - 1]}…"


def rgb(colour: str) -> tuple[int, int, int]:
    """ "#ff8000" -> (255, 128, 0)."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
