"""Learn as a student takes it: predicts, reveals, goes on, and sends the summary."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from screen import (
    TRAINED,
    Open,
    choose,
    click_cell,
    expect_step,
    known_misses_forgotten,
    main,
    player,
    settle,
    sidebar,
)

from pages.words.texts import texts
from seqviz.lessons.course import LESSONS

WORDS = texts("en")
HIGH = 800  # of the screen that a lesson has to fit
ROOMY = """([part, least]) => {
  const { top, height } = part.getBoundingClientRect()
  return top >= 0 && height > least
}"""


@pytest.fixture(autouse=True)
def a_page_with_an_address_of_its_own(misbehaviour: list[str]) -> Iterator[None]:
    yield
    known_misses_forgotten(misbehaviour)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def take(page: Page, option: str) -> None:
    """One of a lesson's choices."""
    choose(page, WORDS("page.your_prediction"), option)


def option(key: str, letter: str, **numbers: str) -> str:
    return WORDS(f"lessons.{key}.options.{letter}", **numbers)


def number(page: Page, name: str, value: str) -> None:
    box = page.get_by_role("spinbutton", name=name)
    box.fill(value)
    box.press("Tab")


def sketch(page: Page) -> None:
    """From the upper left corner to the middle line, which is nothing left."""
    pad = page.get_by_role("img", name="Draw a sequence")
    box = pad.bounding_box()
    assert box is not None
    for k in range(11):
        x = box["x"] + box["width"] * (0.02 + 0.096 * k)
        page.mouse.move(x, box["y"] + box["height"] * min(0.52, 0.04 + 0.2 * k))
        if not k:
            page.mouse.down()
    page.mouse.up()


def predict(page: Page, key: str) -> None:
    """What a student does before the button."""
    if key == "order":
        take(page, option(key, "a"))
    elif key == "one_step":
        number(page, WORDS("page.your_prediction"), "0.69")
    elif key == "shapes":
        take(page, "(5, 1, 20) and (1, 1, 20)")
    elif key == "starting_memory":
        number(page, WORDS("page.your_prediction"), "40")
    elif key == "sample_network":
        expect_step(page, 0)  # at the last one it would mark the answer
        expect(main(page)).to_contain_text(WORDS("page.clicked_none"))
        click_cell(page, "layer 1", 4, 2, steps=4, units=5)
    elif key == "forgetting":
        sketch(page)
    elif key == "in_use":
        take(page, option(key, "b"))
    else:
        take(page, option(key, {"gates": "b", "learning": "c"}[key]))


def expect_to_fit(page: Page) -> None:
    """The last button of the lesson is on the screen, with all that stands above it; until the page
    is at rest, what the lesson before it showed may stand there, too."""
    settle(page)
    box = page.get_by_role("button", name=WORDS("page.next"), exact=True).bounding_box()
    assert box is not None and box["y"] + box["height"] <= HIGH


RIGHT = {"one_step", "shapes", "sample_network", "forgetting", "gates", "learning", "in_use"}


def test_a_student_walks_the_whole_course(visit: Open) -> None:
    page = visit("learn")
    settle(page)
    for lesson in LESSONS:
        question = WORDS(f"lessons.{lesson.key}.question").replace("`", "")
        expect(page.get_by_role("heading", name=re.compile(re.escape(question)))).to_be_visible()
        expect_to_fit(page)
        predict(page, lesson.key)
        commit = page.get_by_role("button", name=WORDS("page.commit"), exact=True)
        expect(commit).to_be_enabled()
        commit.click()
        press(page, WORDS("page.reveal"))
        expect(page.get_by_text(f"{WORDS('page.what_happened')}.", exact=False)).to_be_visible(
            timeout=TRAINED
        )
        settle(page)
        how = "right" if lesson.key in RIGHT else "not_right"
        badge = re.compile(f"{WORDS(f'page.{how}')}$")  # an icon stands before it
        expect(main(page).get_by_text(badge).first).to_be_visible()
        expect(main(page).get_by_text(WORDS("page.your_prediction"))).to_be_visible()
        expect_to_fit(page)
        press(page, WORDS("page.next"))
    expect(page.get_by_role("heading", name=WORDS("page.summary_title"))).to_be_visible()
    expect(page.get_by_role("row")).to_have_count(1 + len(LESSONS))
    expect(page.get_by_text(f"9 of 9 · right: {len(RIGHT)}")).to_be_visible()
    settle(page)  # the address is the last to follow
    sent = page.url
    assert "answers=" in sent

    page.goto(page.url.split("?")[0])  # the browser knows where it was
    expect(page.get_by_text(f"9 of 9 · right: {len(RIGHT)}")).to_be_visible()
    press(page, WORDS("page.begin_again"))
    expect(page.get_by_role("heading", name=re.compile(r"^1 · "))).to_be_visible()
    page.goto(sent)  # and the link what was sent
    expect(page.get_by_text(f"9 of 9 · right: {len(RIGHT)}")).to_be_visible()


def test_what_is_answered_in_two_tabs_is_kept_by_both(visit: Open) -> None:
    tabs = {1: visit("learn?lesson=1"), 3: visit("learn?lesson=3")}
    for number, page in tabs.items():
        settle(page)
        predict(page, LESSONS[number - 1].key)
        press(page, WORDS("page.commit"))
        press(page, WORDS("page.reveal"))
        expect(page.get_by_text("1 of 9")).to_be_visible()
        settle(page)
    expect(visit("learn").get_by_text("2 of 9")).to_be_visible()


def test_the_code_is_changed_and_the_state_opened_on_explore(visit: Open) -> None:
    page = visit("learn?lesson=3&answers=3rb")
    settle(page)
    press(page, "Code")
    code = page.get_by_test_id("stPopoverBody")  # the answer says it too
    expect(code.get_by_text("hidden (1, 1, 20)")).to_be_visible()
    number(page, "num_layers", "3")
    expect(code.get_by_text("hidden (3, 1, 20)")).to_be_visible()
    page.keyboard.press("Escape")
    press(page, "Open in Explore")
    expect(sidebar(page).get_by_text("nn.RNN(10, 20, num_layers=3)")).to_be_visible()


def test_the_code_opens_where_there_is_room_for_it(visit: Open) -> None:
    page = visit("learn?lesson=5&answers=5r4", height=HIGH)
    settle(page)
    press(page, "Code")
    code = page.get_by_test_id("stPopoverBody")
    expect(code.get_by_text("hidden_size").first).to_be_in_viewport()
    page.wait_for_function(ROOMY, arg=[code.element_handle(), HIGH / 2])  # once it is laid out


def test_a_word_is_explained_and_what_one_looks_at_is_said_once(visit: Open) -> None:
    page = visit("memory")
    settle(page)
    press(page, WORDS("help.glossary"))
    words = page.get_by_role("dialog", name=WORDS("help.glossary"))
    expect(words.get_by_text(WORDS("glossary.rho.word"))).to_be_visible()
    expect(words.get_by_text(WORDS("glossary.clip.word"), exact=True)).to_have_count(0)
    assert words.locator("img").first.evaluate("image => image.decode().then(() => true)")
    page.keyboard.press("Escape")
    expect(words).to_have_count(0)
    looking = WORDS("help.looking")
    press(page, looking)
    expect(page.get_by_text(WORDS("looking.memory"))).to_be_visible()
    press(page, WORDS("help.got_it"))
    expect(page.get_by_role("button", name=looking)).to_have_count(0)
    page.reload()
    player(page).wait_for()
    expect(page.get_by_role("button", name=WORDS("help.glossary"))).to_be_visible()
    expect(page.get_by_role("button", name=looking)).to_have_count(0)


def test_a_handout_is_one_sheet(visit: Open) -> None:
    page = visit("learn?lesson=7&answers=7rb&language=de")
    settle(page)
    with page.expect_download() as begun:
        press(page, texts("de")("page.handout"))
    sheet = page.context.new_page()
    try:
        sheet.set_content(begun.value.path().read_text(encoding="utf-8"))
        expect(sheet.get_by_role("heading", level=1)).to_contain_text("LSTM")
        pdf = sheet.pdf(prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    finally:
        sheet.close()
