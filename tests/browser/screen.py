"""The words browser tests speak: the parts of the screen by role and accessible name."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Locator, Page, expect

Open = Callable[..., Page]
"""The fixture `visit`: a query -> a page with the player on it."""


PATIENCE = 20_000  # ms until a wait gives up
TRAINED = 180_000  # ms until one for a training does: some seconds of work, on a busy machine
AT_REST = "document.querySelector('[data-test-script-state=notRunning]') !== null"
FRAMES_AT_REST = 6
_SETTLED = """frames => {
  const connected = "[data-test-script-state=notRunning][data-test-connection-state=CONNECTED]"
  const charts = [...document.querySelectorAll("[data-testid=stPlotlyChart]")]
  const coming = document.querySelector("[data-testid=stSkeleton]") // its code is on its way
  const drawn = !coming && charts.every(chart => chart.querySelector(".main-svg text"))
  const opening = [...document.querySelectorAll("details")].some(one => one.getAnimations().length)
  const atRest = drawn && !opening && document.querySelector(connected)
  window.framesAtRest = atRest ? (window.framesAtRest ?? 0) + 1 : 0
  return window.framesAtRest > frames
}"""

_ANCESTORS = """element => { // from the element outwards, and how each is displayed
  const around = []
  for (let at = element; at; at = at.parentNode ?? at.host) {
    const shown = at instanceof Element ? getComputedStyle(at).display : ""
    around.push(`${at.nodeName}.${at.className} ${shown}`)
  }
  return around.join(", ")
}"""


def settle(page: Page, timeout: float = 20) -> None:
    """Wait until the app has been connected and at rest for some frames on end, its charts drawn
    and its expanders open or shut; in seconds."""
    page.evaluate("window.framesAtRest = 0")
    page.wait_for_function(_SETTLED, arg=FRAMES_AT_REST, timeout=1000 * timeout)


def player(page: Page) -> Locator:
    return page.get_by_role("group", name="Player")


def button(page: Page, name: str) -> Locator:
    return player(page).get_by_role("button", name=name, exact=True)


def option(page: Page, name: str) -> Locator:
    """Speed, Future or Zoom."""
    return player(page).get_by_role("combobox", name=name, exact=True)


def slider(page: Page) -> Locator:
    return player(page).get_by_role("slider", name="Time step")


def inspect(page: Page) -> Locator:
    """Where the selected cell is announced."""
    return page.get_by_role("region", name="Inspect")


def tracks(page: Page) -> Locator:
    return player(page).get_by_role("application")


def heatmap(page: Page, name: str = "layer 1") -> Locator:
    return player(page).get_by_role("img", name=f"Heatmap of {name}", exact=True)


def sidebar(page: Page) -> Locator:
    return page.get_by_role("region", name="Sidebar")


def main(page: Page) -> Locator:
    return page.get_by_role("main")


def choose(page: Page, group: str, option: str) -> None:
    page.get_by_role("radiogroup", name=group).get_by_role("radio", name=option, exact=True).click()


def unfold(page: Page, expander: str) -> None:
    """Click an expander open, once nothing moves it from under the pointer: a click that begins on
    it and ends beside it is none."""
    settle(page)
    page.get_by_text(expander, exact=True).click()


def fill(page: Page, name: str, value: object) -> None:
    box = page.get_by_role("spinbutton", name=name)
    box.fill(str(value))
    box.press("Enter")


def expect_step(page: Page, step: int) -> None:
    expect(slider(page)).to_have_attribute("aria-valuenow", str(step))


def expect_length(page: Page, steps: int) -> None:
    expect(slider(page)).to_have_attribute("max", str(steps))


def step_now(page: Page) -> int:
    return int(slider(page).get_attribute("aria-valuenow") or "-1")


def click_cell(page: Page, name: str, step: int, unit: int, steps: int, units: int) -> None:
    """Click the middle of a cell of a heatmap that reads forwards, at zoom 1."""
    canvas = heatmap(page, name)
    canvas.click(position=cell(canvas, step, unit, steps, units))


def cell(canvas: Locator, step: int, unit: int, steps: int, units: int) -> dict[str, float]:
    """The middle of a cell in pixels from the canvas's corner; column 0 is h_0."""
    handle = canvas.element_handle()
    box = handle.bounding_box()
    assert box is not None, f"it has no place on the screen: {handle.evaluate(_ANCESTORS)}"
    x = (step + 0.5) / (steps + 1) * box["width"]
    return {"x": x, "y": (unit + 0.5) / units * box["height"]}


def painted_until(canvas: Locator) -> float:
    """Where a canvas's rightmost paint is, from 0 (no paint) to 1 (the right edge)."""
    return float(
        canvas.evaluate(
            """canvas => {
              const {width, height} = canvas
              const pixels = canvas.getContext("2d").getImageData(0, 0, width, height).data
              let last = -1
              for (let k = 0; k < width * height; k++) {
                if (pixels[4 * k + 3]) last = Math.max(last, k % width)
              }
              return (last + 1) / width
            }"""
        )
    )


def screenshot(page: Page, part: Locator) -> NDArray[np.int64]:
    """What stands on the screen where part is, once the page is at rest: what stands above may
    still move it by part of a pixel. (height, width, 3), 0 to 255."""
    if page.locator("[data-test-script-state]").count():  # a page of Streamlit's
        settle(page)
    box = part.bounding_box()
    assert box is not None
    clip = {"x": box["x"], "y": box["y"], "width": box["width"], "height": box["height"]}
    image = Image.open(io.BytesIO(page.screenshot(clip=clip))).convert("RGB")
    return np.asarray(image).astype(np.int64)


def colours(pixels: NDArray[np.int64]) -> int:
    """How many different colours there are in (height, width, 3)."""
    return len(np.unique(pixels.reshape(-1, 3), axis=0))


def known_misses_forgotten(misbehaviour: list[str]) -> None:
    """Streamlit looks for its server under a page's own address first, and the console says so."""
    forget(misbehaviour, "404")


def forget(misbehaviour: list[str], *known: str) -> None:
    """Take out the lines that hold one of these words."""
    misbehaviour[:] = [line for line in misbehaviour if not any(word in line for word in known)]


def watch(page: Page, url: str, misbehaviour: list[str]) -> Callable[[], None]:
    """Note what a page does wrong, until the function that is returned is called."""
    host = urlsplit(url).netloc

    def check(address: str) -> None:
        parts = urlsplit(address.removeprefix("blob:"))
        if parts.scheme != "data" and parts.netloc != host:
            misbehaviour.append(f"asked another host: {address}")

    def console(message: Any) -> None:
        if message.type == "error":
            misbehaviour.append(f"console: {message.text}")

    heard: dict[Any, Callable[[Any], None]] = {
        "console": console,
        "pageerror": lambda error: misbehaviour.append(f"page error: {error}"),
        "request": lambda request: check(request.url),
        "websocket": lambda socket: check(socket.url),
    }
    for event, hear in heard.items():
        page.on(event, hear)

    def unwatch() -> None:
        for event, hear in heard.items():
            page.remove_listener(event, hear)

    return unwatch
