"""The player for slides: a PNG of one step, an animated GIF."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
from PIL import GifImagePlugin, Image

from seqviz.errors import SeqvizError
from seqviz.export.pillow_canvas import rgb
from seqviz.export.player_picture import FAINT, Picture, Pixels, draw_player
from seqviz.figures import palette
from seqviz.types import Trace

MAX_FRAMES = 120
HOLD = 1.5  # seconds the last frame stays before the GIF starts again


def png(
    trace: Trace,
    quantity: str = "h",
    step: int | None = None,
    theme: str = "light",
    width: int = 1280,
) -> bytes:
    """A picture of the player after `step` steps (0 to T; all when None), as PNG.

    On top the input as curves or characters, below it one heatmap for each layer and direction,
    the current column framed and later ones faint. width: 320 to 3840 pixels; the height is at
    most 9/16 of it.

    Raises SeqvizError when step, theme, width or quantity is out of range.
    """
    step = len(trace) if step is None else step
    if not 0 <= step <= len(trace):
        raise SeqvizError(f"step is {step}: choose one from 0 to {len(trace)}.")
    pixels = draw_player(trace, quantity, theme, width).at(step)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


def gif(
    trace: Trace,
    quantity: str = "h",
    theme: str = "light",
    seconds: float = 4,
    progress: Callable[[float], None] | None = None,
    width: int = 1280,
) -> bytes:
    """The player reading the whole sequence, as a GIF that repeats for ever.

    seconds: 0.5 to 60, from h_0 to the last step, which then stays for 1.5 s. At most MAX_FRAMES
    frames, so that long sequences move several steps a frame. progress: called with the part
    done, 0 to 1. Each frame stores only the columns of pixels that changed, in one palette.

    Raises SeqvizError when seconds, theme, width or quantity is out of range.
    """
    if not 0.5 <= seconds <= 60:
        raise SeqvizError(f"seconds is {seconds}: choose from 0.5 to 60.")
    picture = draw_player(trace, quantity, theme, width)
    colours = _Colours(picture, quantity)
    count = min(len(trace) + 1, MAX_FRAMES, int(seconds * 50))  # browsers slow down under 20 ms
    frame_steps = [int(t) for t in np.linspace(0, len(trace), count).round()]
    # GIF counts hundredths of a second: round the clock, not each frame, to keep the total
    clock = np.linspace(0, round(seconds * 100), count).round().astype(int)
    durations = [*np.diff(clock), round(HOLD * 100)]
    file = io.BytesIO()
    extent = (0, picture.lit.shape[1])
    for k, (t, hundredths) in enumerate(zip(frame_steps, durations, strict=True)):
        current = picture.extent(t)
        if k:  # what the last playhead covered and what this one covers
            before = picture.extent(frame_steps[k - 1])
            extent = min(before[0], current[0]), max(before[1], current[1])
        frame = colours.image(t, *extent)
        if k == 0:
            header, _ = GifImagePlugin.getheader(frame, info={"loop": 0})
            file.write(b"".join(header))
        # +0.5: Pillow divides by 10 and cuts
        for block in GifImagePlugin.getdata(
            frame, (extent[0], 0), duration=10 * int(hundredths) + 0.5, disposal=1
        ):
            file.write(block)
        if progress is not None:
            progress((k + 1) / count)
    file.write(b";")
    return file.getvalue()


class _Colours:
    """The GIF's one palette of up to 256 colours, and pictures in it.

    Made from the scale rather than from the pixels: the heatmap's colours are those that matter,
    then text, whose smooth edges lie between ink and background.
    """

    def __init__(self, picture: Picture, quantity: str) -> None:
        theme = picture.theme
        background = np.array(rgb(palette.BACKGROUND[theme]), float)
        ends = (0.0, 1.0) if palette.is_sequential(quantity) else (-1.0, 1.0)
        scale = palette.rgb(np.linspace(*ends, 121, dtype=np.float32), quantity, ends, theme)
        faint = background + FAINT * (scale[::2] - background)  # (61, 3)
        inks = {palette.INK[theme]: 20, palette.MUTED[theme]: 16, palette.LINE[theme]: 3}
        curves = (palette.POSITIVE, palette.NEGATIVE, palette.GATE, palette.ACCENT[theme])
        blends = [
            background + np.linspace(0, 1, count)[:, None] * (np.array(rgb(colour)) - background)
            for colour, count in (*inks.items(), *((colour, 6) for colour in curves))
        ]
        table = np.concatenate([scale, faint, *blends])[:256]  # (colours, 3)
        self.table = table.round().astype(np.int32)
        self.picture = picture
        self.nearest: dict[int, int] = {}
        # once, so that a frame only looks up what the playhead painted over
        self.lit, self.faint = self.index(picture.lit), self.index(picture.faint)

    def image(self, step: int, left: int, right: int) -> Image.Image:
        """Columns left to right of the picture at this step, with the palette."""
        picture = self.picture
        pixels = picture.strip(step, left, right)
        plain = picture.past_and_future(step, left, right, picture.lit, picture.faint)
        index = picture.past_and_future(step, left, right, self.lit, self.faint)
        painted = (pixels != plain).any(axis=-1)
        index[painted] = self.index(pixels[painted])
        image = Image.fromarray(index, "P")
        image.putpalette(self.table.astype(np.uint8).tobytes())
        return image

    def index(self, pixels: Pixels) -> Pixels:
        """For each colour (..., 3) the place of the nearest one in the palette."""
        wide = pixels.astype(np.int32)
        packed = (wide[..., 0] << 16) | (wide[..., 1] << 8) | wide[..., 2]
        keys, where = np.unique(packed, return_inverse=True)
        new = np.array([key for key in keys.tolist() if key not in self.nearest], np.int32)
        for part in np.array_split(new, 1 + len(new) // 4096):  # bounds the distances' memory
            channels = np.stack([part >> 16, (part >> 8) & 255, part & 255], axis=-1)
            apart = ((channels[:, None] - self.table[None]) ** 2).sum(axis=-1)
            self.nearest.update(zip(part.tolist(), apart.argmin(axis=1).tolist(), strict=True))
        index = np.array([self.nearest[key] for key in keys.tolist()], np.uint8)
        return index[where].reshape(pixels.shape[:-1])
