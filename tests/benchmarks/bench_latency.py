"""From a hand on a control to the heatmap's next frame, and how often it repaints while drawing.

Both clocks run in the page: the time of the browser's own event, and the first animation frame
after the player painted a heatmap. So Playwright's own time is not in the figures.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable

from playwright.sync_api import Locator, Page
from report import Row
from stage import stage, visit

REPEATS = 30
WATCH = """
  window.paints = []
  window.touched = 0
  let waiting = false
  const draw = CanvasRenderingContext2D.prototype.drawImage
  CanvasRenderingContext2D.prototype.drawImage = function (...arguments_) {
    if (this.canvas.getAttribute("aria-label")?.startsWith("Heatmap") && !waiting) {
      waiting = true
      requestAnimationFrame(() => { waiting = false; window.paints.push(performance.now()) })
    }
    return draw.apply(this, arguments_)
  }
  for (const kind of ["click", "keydown"]) {
    addEventListener(kind, event => {
      window.touched = event.timeStamp
      window.paints.length = 0
    }, true)
  }
"""
AT_REST = "document.querySelector('[data-test-script-state=notRunning]') !== null"


def measure() -> list[Row]:
    with stage() as (page, url):
        page.add_init_script(WATCH)
        visit(page, f"{url}/?cell=LSTM")
        rows = [
            Row("new weights → heatmap repainted", latency(page, new_weights(page)), "ms", 80),
            Row("cell → heatmap repainted", latency(page, radios(page, "Cell")), "ms", 80),
            Row("quantity → heatmap repainted", latency(page, radios(page, "Quantity")), "ms", 80),
            Row("hidden_size by key → repainted", latency(page, hidden_size(page)), "ms", 80),
            Row("repaints while drawing", drawing(page), "/s", 10, at_least=True),
        ]
    return rows


def latency(page: Page, move: Callable[[int], None]) -> float:
    """The median in milliseconds."""
    took = []
    for repeat in range(REPEATS + 2):
        move(repeat)
        page.wait_for_function("window.paints.length > 0")
        milliseconds = page.evaluate("window.paints[0] - window.touched")
        page.wait_for_function(AT_REST)
        if repeat >= 2:
            took.append(milliseconds)
    return statistics.median(took)


def new_weights(page: Page) -> Callable[[int], None]:
    button = page.get_by_role("button", name="New weights")
    return lambda _: button.click()


def radios(page: Page, group: str) -> Callable[[int], None]:
    choices: Locator = page.get_by_role("radiogroup", name=group).get_by_role("radio")

    def move(repeat: int) -> None:
        # two neighbours in turn, the first of them not the one chosen now
        choices.nth(1 + repeat % 2).click()

    return move


def hidden_size(page: Page) -> Callable[[int], None]:
    slider = page.get_by_role("slider", name="hidden_size")
    slider.focus()
    return lambda _: slider.press("ArrowRight")


STEPS = 2 / 3  # of the pad's width; in the rest the network goes on, and no hand draws
DRAW = """async (pad, [seconds, across]) => {
  const box = pad.getBoundingClientRect()
  const began = performance.now()
  window.paints.length = 0
  let share = 0
  while (share < 1) {
    share = (await new Promise(requestAnimationFrame) - began) / 1000 / seconds
    const clientX = box.left + share * across * box.width
    const clientY = box.top + box.height * (0.5 + 0.4 * Math.sin(20 * share))
    pad.dispatchEvent(new PointerEvent("pointermove", {clientX, clientY, bubbles: true}))
  }
  return window.paints.length / seconds
}"""


def drawing(page: Page) -> float:
    """Repaints a second while a pointer that moves in every frame draws all steps in 3 seconds."""
    pad = page.get_by_role("img", name="Draw a sequence")
    page.get_by_role("button", name="Clear").click()
    page.get_by_text("Draw a curve here").wait_for()  # a point set before that is cleared too
    box = pad.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.wait_for_function("window.paints.length > 0")
    rate = pad.evaluate(DRAW, [3, STEPS])
    page.mouse.up()
    return float(rate)
