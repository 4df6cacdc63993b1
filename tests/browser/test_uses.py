"""Uses as a visitor uses it: types, draws, writes on, forces a word, opens Train and Explore."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import FilePayload, Page, expect
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
    expect(forced).to_have_value("les")
    expect(page.get_by_text(re.compile("^les "))).to_be_visible()
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
    # a browser that is kept waiting makes a hesitant hand of the mouse
    one = page.get_by_text(re.compile("^(It takes this for 1|Not sure: .*, 1 is the likeliest)"))
    expect(one).to_be_visible()
    press(page, "Clear")
    settle(page)
    expect(one).to_have_count(0)


def test_a_sound_is_recorded_and_heard_frame_by_frame(visit: Open) -> None:
    page = visit("uses?use=pitch")
    settle(page)
    before = prediction(page)
    page.get_by_role("button", name="Record", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text("00:01")
    page.get_by_role("button", name="Stop recording").click()
    expect(page.get_by_role("region", name="Prediction")).not_to_have_text(before)
    expect(page.get_by_text(re.compile("^(It takes this for|Not sure)"))).to_be_visible()
    settle(page)
    heard = prediction(page)
    page.reload()  # a link names the recording, and the server has it
    expect(page.get_by_role("region", name="Prediction")).to_have_text(heard, use_inner_text=True)


def test_a_column_is_uploaded_and_judged(visit: Open) -> None:
    page = visit("uses?use=forecast&series=own")
    press(page, "Upload a file")
    rows = "\n".join(str((7 * k) % 11) for k in range(60)).encode()
    file = FilePayload(name="week.csv", mimeType="text/csv", buffer=b"value\n" + rows)
    page.get_by_role("button", name="file upload").set_input_files([file])
    expect(page.get_by_text("“week.csv”, 60 steps")).to_be_visible()
    press(page, "Try it")
    expect(page.get_by_role("table").first).to_contain_text("repeating the last value")


def test_a_gesture_is_taught_with_the_mouse(visit: Open) -> None:
    page = visit("uses?use=handwriting")
    settle(page)
    page.get_by_role("img", name="Draw a sequence").scroll_into_view_if_needed()
    for k in range(6):
        zigzag(page, k)
        expect(page.get_by_text(re.compile("^(It takes this for|Not sure)"))).to_be_visible()
        if k < 5:
            press(page, "Teach it")
            counted = f"“star” {k + 1} of 5" if k < 4 else "“star” is learned"
            expect(page.get_by_text(counted)).to_be_visible()
            settle(page)
    star = re.compile("^(It takes this for star|Not sure: .*, star is the likeliest)")
    expect(page.get_by_text(star)).to_be_visible()


def zigzag(page: Page, k: int) -> None:
    """Up and down across the pad, a little elsewhere each time."""
    box = page.get_by_role("img", name="Draw a sequence").bounding_box()
    assert box is not None
    for n in range(7):
        up = 0.2 + 0.02 * k if n % 2 else 0.8 - 0.01 * k
        across = box["x"] + box["width"] / 2 + (n - 3) * 26 + 2 * k
        page.mouse.move(across, box["y"] + up * box["height"], steps=2)
        if not n:
            page.mouse.down()
    page.mouse.up()


def test_train_it_yourself_and_open_in_explore(visit: Open) -> None:
    page = visit("uses?use=forecast")
    settle(page)
    press(page, "Train it yourself")
    expect(page.get_by_role("button", name="Train", exact=True)).to_be_visible()
    page = visit("uses?use=forecast")
    settle(page)
    press(page, "Open in Explore")
    expect(page.get_by_text("The network has the weights of the file in Build.")).to_be_visible()
