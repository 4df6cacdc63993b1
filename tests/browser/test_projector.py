"""On a large screen all text grows, so that the last row can read it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator
from screen import Open, main, player, sidebar

SIZE = "element => parseFloat(getComputedStyle(element).fontSize)"
ON_ONE_LINE = """group => new Promise((done, fail) => {
  const end = performance.now() + 15_000
  const look = () => {
    const cells = [...group.querySelectorAll("[role=radio]")]
    const lines = new Set(cells.map(cell => cell.getBoundingClientRect().y))
    if (cells.length === 4 && lines.size === 1) done()
    else if (performance.now() > end) fail(Error(`cells on ${lines.size} lines`))
    else requestAnimationFrame(look)
  }
  look()
})"""


def size(element: Locator) -> float:
    """Of its text, in pixels."""
    return float(element.evaluate(SIZE))


@pytest.mark.parametrize(
    "width, height, root",
    [(1280, 800, 15), (1920, 1080, 17.28), (2560, 1440, 20), (1920, 700, 15)],
)
def test_text_grows_with_the_screen(visit: Open, width: int, height: int, root: float) -> None:
    page = visit(first=True, width=width, height=height)
    cells = page.get_by_role("radiogroup", name="Cell")
    assert size(main(page).get_by_text("its prediction misses")) == pytest.approx(0.875 * root)
    assert size(cells.get_by_text("LSTM", exact=True)) == pytest.approx(0.875 * root)
    assert size(player(page).get_by_text("layer 1")) == (14 if width == 1280 else 16)
    cells.evaluate(ON_ONE_LINE)  # no cell stays on a second line


def test_it_keeps_its_size_on_the_way_to_another_page(visit: Open) -> None:
    page = visit(width=1920, height=1080)
    page.evaluate(
        """() => {
          window.sizes = new Set()
          const look = () => {
            window.sizes.add(getComputedStyle(document.documentElement).fontSize)
            requestAnimationFrame(look)
          }
          look()
        }"""
    )
    page.get_by_role("link", name="Memory").click()
    page.get_by_role("radiogroup", name="Measure").wait_for()
    assert page.evaluate("[...window.sizes].length") == 1
    assert size(sidebar(page).get_by_text("Build", exact=True)) > 17
