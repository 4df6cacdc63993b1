"""How smoothly the player plays 1000 steps x 256 units in headless Chromium.

Frames are those requestAnimationFrame gives; a step counts when it stands on the slider in a frame
of its own. At 1x a pass takes 4 s, 250 steps a second, so no more than one step in four can have
its own frame at 60 frames a second.
"""

from __future__ import annotations

from playwright.sync_api import Page
from report import Row
from stage import stage, visit

NETWORK = "feed=generate&source=randn&randn_steps=1000&hidden_size=256&num_layers=1"
COUNT = """async ([play, slider, seconds]) => {
  const next = () => new Promise(requestAnimationFrame)
  play.click()
  await next(); await next()
  const steps = new Set(), gaps = []
  const began = performance.now()
  let now = began, before = began
  while (now - began < seconds * 1000) {
    now = await next()
    gaps.push(now - before)
    before = now
    steps.add(slider.getAttribute("aria-valuenow"))
  }
  play.click()
  const took = (now - began) / 1000
  gaps.sort((a, b) => a - b)
  const slow = gaps[Math.floor(gaps.length * 0.99)]
  return {frames: gaps.length / took, steps: steps.size / took, slow}
}"""


def measure() -> list[Row]:
    with stage() as (page, url):
        visit(page, f"{url}/?{NETWORK}")
        fit = play(page)
        page.get_by_role("combobox", name="Zoom").select_option("8")
        zoomed = play(page)
    return [
        Row("player, 1000 steps × 256 units", fit["frames"], "frames/s", 58, at_least=True),
        Row("  steps painted", fit["steps"], "/s", 58, at_least=True),
        Row("  99 % of frames within", fit["slow"], "ms"),
        Row("player, zoomed 8×", zoomed["frames"], "frames/s", 58, at_least=True),
        Row("  99 % of frames within", zoomed["slow"], "ms"),
    ]


def play(page: Page, seconds: float = 3.0) -> dict[str, float]:
    player = page.get_by_role("group", name="Player")
    player.get_by_role("button", name="First step").click()
    parts = [
        player.get_by_role("button", name="Play", exact=True).element_handle(),
        player.get_by_role("slider", name="Time step").element_handle(),
        seconds,
    ]
    counted: dict[str, float] = page.evaluate(COUNT, parts)
    return counted
