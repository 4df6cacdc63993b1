"""axe-core finds nothing to object to, on any page, wide and narrow, light and dark.

Source of the rules: https://github.com/dequelabs/axe-core/blob/develop/doc/rule-descriptions.md
"""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from screen import Open, known_misses_forgotten, player, settle

WIDE, NARROW = (1280, 800), (390, 844)
LINKS = {
    "Explore": "?cell=LSTM&selected=1.0.3&step=20",
    "Hands on": "?cell=GRU&selected=1.0.3&step=20&inspect=hands on&changes=c_0_0_z_a_1.0",
    "Over time": "?inspect=over time&selected=0.0.3&feed=type&text=to be or not",
    "Compare": "compare?cell=GRU",
    "Memory": "memory?cell=GRU&hidden_size=8",
    "Train": "train?task=classify",
    "Uses": "uses?use=translation",
    "Learn": "learn?lesson=6&answers=6rs9981503018090502",
    "Learn, asked": "learn?lesson=6",
}


RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OF_COLOURS = ["color-contrast", "link-in-text-block"]
"""All others find the same in either theme."""


CHARTS_DRAWN = """() =>
  [...document.querySelectorAll("[data-testid=stElementContainer]")].every((place) =>
    !place.querySelector("[data-testid=stSkeleton]") &&
    (!place.querySelector(".main-svg") || place.scrollHeight <= place.clientHeight))"""
"""Plotly draws a chart of its own height first, in a place that scrolls for these few frames."""


def objections(page: Page, rules: list[str]) -> list[str]:
    found = Axe().run(page, options={"runOnly": rules}).response["violations"]
    return [f"{each['id']}: {node['html'][:200]}" for each in found for node in each["nodes"]]


@pytest.mark.parametrize("name", LINKS)
def test_axe_has_no_objection(visit: Open, misbehaviour: list[str], name: str) -> None:
    page = visit(LINKS[name])
    said = {}
    for (width, height), scheme, rules in (
        (WIDE, "light", RULES),
        (WIDE, "dark", OF_COLOURS),
        (NARROW, "dark", RULES),
        (NARROW, "light", OF_COLOURS),
    ):
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        player(page).first.wait_for()
        settle(page)
        page.wait_for_function(CHARTS_DRAWN)
        if found := objections(page, rules):
            said[f"{width} {scheme}"] = found
    assert said == {}
    known_misses_forgotten(misbehaviour)
