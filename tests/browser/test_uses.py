"""Uses as a visitor uses it: types, draws, writes on, forces a word, opens Train and Explore."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from screen import Open, choose, known_misses_forgotten, settle


@pytest.fixture(autouse=True)
def a_page_with_an_address_of_its_own(misbehaviour: list[str]) -> Iterator[None]:
    yield
    known_misses_forgotten(misbehaviour)


def prediction(page: Page) -> str:
    return page.get_by_role("region", name="Prediction").inner_text()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_a_story_is_typed_and_written_on(visit: Open) -> None:
    page = visit("uses")
    settle(page)
    before = prediction(page)
    box = page.get_by_role("textbox", name="Story")
    box.fill("mia went to the river")
    box.press("Control+Enter")
    expect(page.get_by_role("region", name="Prediction")).not_to_have_text(before)
    press(page, "Write on")
    expect(page.get_by_text("It writes on:")).to_be_visible()


def test_a_phrase_is_translated_and_goes_on_from_a_forced_word(visit: Open) -> None:
    page = visit("uses")
    settle(page)
    choose(page, "Use", "Translation")
    box = page.get_by_role("textbox", name="English")
    box.fill("the cat sleeps")
    box.press("Enter")
    expect(page.get_by_text("le chat dort", exact=True).first).to_be_visible()
    press(page, "Force a word")
    forced = page.get_by_role("textbox", name="French words to begin with")
    expect(forced).to_have_value("le")
    forced.fill("un")
    forced.press("Enter")
    expect(page.get_by_text(re.compile("^un "))).to_be_visible()


def test_a_digit_is_drawn_and_recognised_while_the_pen_moves(visit: Open) -> None:
    page = visit("uses?use=handwriting")
    settle(page)
    pad = page.get_by_role("img", name="Draw a sequence")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    middle = box["x"] + box["width"] / 2
    for k in range(16):
        page.mouse.move(middle - 0.2 * k, box["y"] + box["height"] * (0.1 + 0.05 * k))
        if not k:
            page.mouse.down()
    page.mouse.up()
    expect(page.get_by_text(re.compile("^It takes this for 1"))).to_be_visible()
    press(page, "Clear")
    settle(page)
    expect(page.get_by_text(re.compile("^It takes this for 1"))).to_have_count(0)


def test_train_it_yourself_and_open_in_explore(visit: Open) -> None:
    page = visit("uses?use=forecast")
    settle(page)
    press(page, "Train it yourself")
    expect(page.get_by_role("button", name="Train", exact=True)).to_be_visible()
    page = visit("uses?use=forecast")
    settle(page)
    press(page, "Open in Explore")
    expect(page.get_by_text("The network has the weights of your file.")).to_be_visible()
