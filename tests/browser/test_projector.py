"""On a large screen all text grows, so that the last row can read it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator
from screen import Open, main, player, sidebar

SIZE = "element => parseFloat(getComputedStyle(element).fontSize)"


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
    first, last = (cells.get_by_role("radio").nth(place).bounding_box() for place in (0, 3))
    assert first and last and first["y"] == last["y"]  # and no cell is on a second line


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
