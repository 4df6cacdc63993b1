"""The player as a picture: where everything stands, painted with Pillow.

Two complete pictures are painted once, every step lit and every step faint; the picture at step t
is the first one left of the playhead and the second right of it, so a frame costs a copy.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from seqviz.errors import SeqvizError
from seqviz.export.pillow_canvas import PillowCanvas, font, rgb, shortened, text_width
from seqviz.figures import palette
from seqviz.rnn.model import constructor
from seqviz.types import Trace

Pixels = NDArray[np.uint8]

FAINT = 0.16  # how much of its colour a step not yet reached keeps
MAX_CELL = 44  # a network of few units gets a lower picture, not giant cells


@dataclass(frozen=True)
class Picture:
    """What is needed to show the player at any step.

    lit, faint: (height, width, 3), all steps shown and all steps yet to come. edges: T + 1 columns
    of pixels, where steps begin and end. top, bottom: the playhead's ends; flag_top: where its
    label stands. labels: what the flag says beside each step's number.
    """

    lit: Pixels
    faint: Pixels
    edges: NDArray[np.intp]
    top: int
    bottom: int
    flag_top: int
    labels: tuple[str, ...]
    theme: str
    scale: float

    def at(self, step: int) -> Pixels:
        """The picture after `step` steps, 0 to T: (height, width, 3)."""
        return self.strip(step, 0, self.lit.shape[1])

    def extent(self, step: int) -> tuple[int, int]:
        """The columns of pixels that belong to the playhead at this step, its label included."""
        left, right = self._column(step)
        text, width = self._flag(step)
        return min(left, text) - 2, max(right, text + width) + 2

    def strip(self, step: int, left: int, right: int) -> Pixels:
        """Columns left to right of the picture at this step."""
        image = Image.fromarray(self.past_and_future(step, left, right, self.lit, self.faint))
        draw = ImageDraw.Draw(image)
        start, end = self._column(step)
        ink = palette.INK[self.theme]
        thick = max(2, round(2 * self.scale))
        box = (start - left, self.top, end - left, self.bottom)
        draw.rectangle(box, outline=ink, width=thick)
        text, _ = self._flag(step)
        draw.text((text - left, self.flag_top), self._says(step), ink, font(18 * self.scale))
        return np.asarray(image)

    def past_and_future(
        self, step: int, left: int, right: int, past: Pixels, future: Pixels
    ) -> Pixels:
        """Columns left to right: past up to the end of this step, future from there."""
        middle = min(max(int(self.edges[step]), left), right)
        return np.concatenate([past[:, left:middle], future[:, middle:right]], axis=1)

    def _column(self, step: int) -> tuple[int, int]:
        """Left and right of the playhead, around the current column and never thinner than it."""
        if step == 0:  # h_0: nothing is read yet
            return int(self.edges[0]) - 3, int(self.edges[0]) - 1
        return int(self.edges[step - 1]) - 2, int(self.edges[step]) + 1

    def _says(self, step: int) -> str:
        if step == 0:
            return "h_0"
        label = self.labels[step - 1]
        return f"step {step}" if label == str(step) else f"step {step} · {label}"

    def _flag(self, step: int) -> tuple[int, int]:
        """Left and width of the text over the playhead, kept inside the picture."""
        width = text_width(self._says(step), font(18 * self.scale))
        left, right = self._column(step)
        first, last = int(self.edges[0]), int(self.edges[-1])
        middle = (left + right - width) // 2
        return max(first, min(middle, last - width)), width


def draw_player(trace: Trace, quantity: str, theme: str, width: int) -> Picture:
    """Paint the whole player: input on top, a heatmap for each layer and direction below."""
    if theme not in palette.BACKGROUND:
        raise SeqvizError(f"Unknown theme {theme!r}: choose light or dark.")
    if not 320 <= width <= 3840:
        raise SeqvizError(f"width is {width}: set it between 320 and 3840 pixels.")
    values = trace.quantity(quantity)  # (L, D, T, H)
    ends = palette.scale(quantity, values)
    scale = width / 1280
    layers, directions, steps, hidden = values.shape
    canvas = PillowCanvas(theme, scale, width)
    margin = canvas.px(32)
    left, right = canvas.px(148), width - margin
    edges = np.ceil(np.linspace(0, right - left, steps + 1) - 0.5).astype(np.intp) + left
    flag_top, track_top = canvas.px(72), canvas.px(104)
    first = canvas.px(208)
    gap, room = canvas.px(12), canvas.px(664) - first
    count = layers * directions
    height = max(4, min((room - gap * (count - 1)) // count, canvas.px(MAX_CELL) * hidden))
    bottom = first + count * (height + gap) - gap
    canvas.open(bottom + canvas.px(56))

    canvas.title(constructor(trace.spec), margin)
    canvas.colour_scale(quantity, ends, right)
    named = canvas.track(trace, (left, track_top, right, canvas.px(192)), edges)
    top = first
    for layer in range(layers):
        for direction in range(directions):
            box = (left, top, right, top + height)
            canvas.heatmap(values[layer, direction], quantity, ends, box, edges)
            canvas.panel_label(layer, direction if directions == 2 else None, box, hidden)
            top += height + gap
    numbers = tuple(str(t + 1) for t in range(steps))
    labels = tuple(shortened(label) for label in trace.labels)
    canvas.ticks(numbers if named else labels, edges, bottom)

    lit = np.asarray(canvas.image)
    faint = lit.copy()
    area = (slice(track_top, bottom), slice(left, right))
    background = np.array(rgb(palette.BACKGROUND[theme]))
    mixed = background + FAINT * (lit[area] - background.astype(float))
    faint[area] = mixed.round().astype(np.uint8)
    return Picture(lit, faint, edges, track_top, bottom, flag_top, labels, theme, scale)
