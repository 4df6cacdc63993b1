"""Film the real app for the README: `.venv/bin/python tests/make_demo.py` -> tests/demo/.

A hand clears the pad, draws a curve, plays it, switches to LSTM and opens a cell. A frame is taken
when the app has come to rest and, while it plays, by a clock that stands still in between: so the
film runs at the same speed whichever machine makes it, and shows nothing half loaded.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from browser.browsers import find
from browser.screen import button, expect_length, expect_step, heatmap, option, player
from browser.server import serve
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect, sync_playwright

GIF = Path(__file__).parent / "demo" / "explore.gif"
SCREEN = {"width": 1280, "height": 720}
WIDTH = 900  # pixels of the film
SHARP = 2  # each film pixel is averaged from SHARP x SHARP of the screen's
FRAME = 80  # ms
COLOURS = 255  # one stays free: Pillow marks with it what did not change since the last frame
AREAS = 48  # colours kept exactly
STEPS, UNITS = 60, 16  # what a first visit shows
COLUMNS_A_FRAME = 2
OPENED = (42, 2)  # step and unit of the cell that is clicked
INSPECT_AT = 360  # pixels from the top of the page, where layer 1 is still to be seen above it

Point = tuple[float, float]
Ints = NDArray[np.int32]

ASIDE: Point = (1248.0, 480.0)  # where the hand hides nothing; the film begins and ends there


class Film:
    """The page, a hand that moves on it, and the frames taken so far."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.hand = ASIDE
        self.pressed = False
        self.frames: list[Image.Image] = []
        self.durations: list[int] = []
        page.mouse.move(*self.hand)

    def take(self, milliseconds: int = FRAME) -> None:
        """One frame of what stands on the screen now, with the hand on it."""
        image = shot(self.page)
        draw_hand(image, self.hand, self.pressed)
        self.frames.append(image.resize((WIDTH, round(WIDTH * 9 / 16)), Image.Resampling.BOX))
        self.durations.append(milliseconds)

    def rest(self, milliseconds: int) -> None:
        """Wait until nothing moves any more, then show that."""
        expect(self.page.get_by_test_id("stApp")).to_have_attribute(
            "data-test-script-state", "notRunning"
        )
        before = None
        while before != (now := self.page.screenshot()):
            before = now
            self.page.wait_for_timeout(150)  # between two looks, as long as they differ
        self.take(milliseconds)

    def glide(self, to: Point, frames: int) -> None:
        """Move the hand there, starting and stopping softly."""
        start = self.hand
        for share in eased(frames):
            self.hand = between(start, to, share)
            self.page.mouse.move(*self.hand)
            self.take()

    def click(self, hold: int = 120) -> None:
        self.pressed = True
        self.take(hold)
        self.page.mouse.down()
        self.page.mouse.up()
        self.pressed = False

    def scroll(self, distance: float, frames: int) -> None:
        before = 0.0
        main = self.page.get_by_test_id("stMain")
        for share in eased(frames):
            main.evaluate("(main, by) => main.scrollBy(0, by)", (share - before) * distance)
            before = share
            self.take()

    def save(self, path: Path) -> None:
        """One palette for all frames, so that what stands still has the same colour throughout."""
        first, *others = in_one_palette(self.frames)
        path.parent.mkdir(exist_ok=True)
        first.save(
            path, save_all=True, append_images=others, duration=self.durations, loop=0, disposal=1
        )


def shot(page: Page) -> Image.Image:
    return Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")


def draw_hand(image: Image.Image, at: Point, pressed: bool) -> None:
    """An arrow with its tip at `at`, in pixels of the page; a ring around it while pressed."""
    unit = image.width / SCREEN["width"]
    x, y = at[0] * unit, at[1] * unit
    if pressed:
        layer = Image.new("RGBA", image.size, (0, 0, 0, 0))
        r = 17 * unit
        ring = ImageDraw.Draw(layer)
        ring.ellipse((x - r, y - r, x + r, y + r), fill=(79, 70, 229, 70))
        image.paste(Image.alpha_composite(image.convert("RGBA"), layer).convert("RGB"))
    arrow = [(0, 0), (0, 22), (5, 17.5), (8.5, 26), (12.5, 24.3), (9, 16), (16, 16)]
    outline = [(x + a * unit, y + b * unit) for a, b in arrow]
    ImageDraw.Draw(image).polygon(
        outline, fill="#1a1c2b", outline="white", width=max(1, round(1.6 * unit))
    )


def in_one_palette(frames: list[Image.Image]) -> list[Image.Image]:
    """Each pixel the nearest of COLOURS: dots of two colours would flicker, and pack badly."""
    packed = [np.asarray(frame).astype(np.int32) @ (65536, 256, 1) for frame in frames]  # (Y, X)
    keys, counts = np.unique(np.stack(packed), return_counts=True)
    table = palette_of(keys, counts)  # (COLOURS, 3)
    nearest = np.zeros(2**24, np.uint8)
    for some in np.array_split(keys, 1 + len(keys) // 4096):
        apart = ((channels(some)[:, None] - table) ** 2).sum(axis=-1)
        nearest[some] = apart.argmin(axis=1)
    images = [Image.fromarray(nearest[frame], "P") for frame in packed]
    for image in images:
        image.putpalette(table.astype(np.uint8).tobytes())
    return images


def palette_of(keys: Ints, counts: Ints) -> Ints:
    """The commonest colours exactly, for they fill areas, and the best few for all the others."""
    common = channels(keys[np.argsort(counts)[-AREAS:]])
    # each colour once: text and edges matter as much as the large plain areas
    sheet = Image.fromarray(channels(keys)[None].astype(np.uint8))
    others = sheet.quantize(COLOURS - AREAS, Image.Quantize.MAXCOVERAGE).getpalette()
    return np.concatenate([common, np.array(others).reshape(-1, 3)])


def channels(keys: Ints) -> Ints:
    """0xRRGGBB -> (..., 3)."""
    return np.stack([keys >> 16, keys >> 8 & 255, keys & 255], axis=-1)


def eased(frames: int) -> Iterator[float]:
    """From just above 0 to 1, slow at both ends."""
    for k in range(1, frames + 1):
        yield (1 - math.cos(math.pi * k / frames)) / 2


def between(start: Point, end: Point, share: float) -> Point:
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def middle_of(part: object) -> Point:
    box = part.bounding_box()  # type: ignore[attr-defined]
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drawn(share: float) -> float:
    """The curve's height in [-1, 1]: waves that get quicker, as a hand draws them."""
    swing = 0.86 - 0.3 * share
    return swing * math.sin(2 * math.pi * (0.9 * share + 2.3 * share**2.2))


def draw_curve(film: Film) -> None:
    """Across the pad from left to right, waiting each time until the heatmap has followed."""
    page = film.page
    box = page.get_by_role("img", name="Draw a sequence").bounding_box()
    assert box is not None

    def place(share: float) -> Point:
        height = 0.5 - 0.44 * drawn(share)
        return box["x"] + share * box["width"], box["y"] + height * box["height"]

    film.glide(place(0.5 / STEPS), 5)
    page.mouse.down()
    film.pressed = True
    for column in range(STEPS):
        film.hand = place((column + 0.5) / STEPS)
        page.mouse.move(*film.hand)
        if (column + 1) % COLUMNS_A_FRAME == 0:
            expect_length(page, column + 1)
            film.take()
    page.mouse.up()
    film.pressed = False
    film.rest(200)


def play(film: Film) -> None:
    """Press Play and let the page's clock run a frame at a time until the last step."""
    page = film.page
    x, y = middle_of(button(page, "Play"))
    film.glide((x + 16, y + 8), 5)  # beside its picture, which turns into that of Pause
    page.clock.pause_at(page.evaluate("Date.now() + 50"))
    film.click()
    while player(page).get_by_role("button", name="Pause").count():
        page.clock.run_for(FRAME)
        film.take()
    page.clock.resume()
    expect_step(page, STEPS)


def open_cell(film: Film) -> None:
    """Click a cell of the first layer and look at how its value came about."""
    page = film.page
    box = heatmap(page).bounding_box()
    assert box is not None
    step, unit = OPENED
    x = box["x"] + (step + 0.5) / (STEPS + 1) * box["width"]
    film.glide((x, box["y"] + (unit + 0.5) / UNITS * box["height"]), 6)
    film.click()
    film.rest(520)
    film.glide(ASIDE, 4)
    inspect = page.get_by_role("region", name="Inspect").bounding_box()
    assert inspect is not None
    film.scroll(inspect["y"] - INSPECT_AT, 7)
    film.rest(1900)


def record(page: Page) -> Film:
    option(page, "Speed").select_option("2")
    film = Film(page)
    film.rest(320)
    film.glide(middle_of(page.get_by_role("button", name="Clear")), 5)
    film.click()
    film.rest(200)
    draw_curve(film)
    play(film)
    lstm = page.get_by_role("radiogroup", name="Cell").get_by_role("radio", name="LSTM")
    film.glide(middle_of(lstm), 6)
    film.click()
    expect(page.get_by_role("radiogroup", name="Quantity")).to_contain_text("forget")
    film.rest(720)
    open_cell(film)
    return film


def main() -> None:
    with serve() as (address, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find(), args=["--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
        )
        page = browser.new_page(
            viewport=SCREEN,
            device_scale_factor=SHARP * WIDTH / SCREEN["width"],
            color_scheme="light",
            reduced_motion="reduce",
        )
        expect.set_options(timeout=30_000)
        page.clock.install()
        page.goto(address)
        expect_step(page, STEPS)
        film = record(page)
        browser.close()
    film.save(GIF)
    seconds = sum(film.durations) / 1000
    print(f"{GIF}: {len(film.frames)} frames, {seconds:.1f} s, {GIF.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
