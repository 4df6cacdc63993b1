"""A first visit stays small: on a classroom's network thirty of them begin at once."""

from __future__ import annotations

import browsers
from loaded_bytes import count
from playwright.sync_api import Browser

LARGEST = 1_500_000  # bytes, of all that a browser with an empty cache loads


def test_a_first_visit_loads_no_more_than_promised(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport=browsers.VIEWPORT, reduced_motion="reduce")
    page = context.new_page()
    loaded = count(page)
    page.goto(address)
    page.get_by_role("slider", name="Time step").wait_for()
    page.wait_for_load_state("networkidle")
    context.close()
    assert 1_000_000 < loaded.total <= LARGEST
