"""A poll: a teacher asks, three students answer, one of them on a phone, and all see what came."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import browsers
import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from screen import Open, button, expect_step, known_misses_forgotten, main, player, settle, watch

PHONE = {"width": 390, "height": 844}
PROJECTOR = {"width": 1280, "height": 720}
Enter = Callable[..., Page]


@pytest.fixture
def enter(browser: Browser, address: str, misbehaviour: list[str]) -> Iterator[Enter]:
    """enter(query) -> a student's page, in a browser context of its own that keeps what it is told.

    A teacher's is a `visit`, in the browser that all tests share."""
    contexts = []

    def go(query: str = "", url: str = address, **options: object) -> Page:
        context = browser.new_context(
            **{"viewport": browsers.VIEWPORT, "reduced_motion": "reduce", **options}  # type: ignore[arg-type]
        )
        contexts.append(context)
        page = context.new_page()
        watch(page, url, misbehaviour)
        page.goto(f"{url}/{query}")
        player(page).wait_for()
        return page

    yield go
    for context in contexts:
        context.close()


def poll(page: Page) -> Locator:
    return page.get_by_role("region", name="Poll", exact=True)


def open_panel(page: Page) -> Locator:
    settle(page)
    page.get_by_test_id("stMain").evaluate("page => page.scrollTo(0, 0)")  # there the controls are
    page.get_by_role("button", name="Class poll", exact=True).click()
    region = page.get_by_role("region", name="Class poll")
    expect(region).to_be_visible()
    return region


def ask(page: Page, question: str = "Up or down at the next step?") -> str:
    """Open a question: the room's code."""
    region = open_panel(page)
    region.get_by_role("radio", name=question).check(force=True)
    region.get_by_role("button", name="Ask", exact=True).click()
    expect(poll(page).get_by_role("button", name="Reveal")).to_be_visible()
    room = re.compile(r"room=([A-Z2-9]{6})")
    page.wait_for_url(room, wait_until="commit")  # which the end of a run writes
    found = room.search(page.url)
    assert found
    return found[1]


def answers(page: Page, choice: str) -> None:
    made = poll(page).get_by_role("button", name=choice, exact=True)
    made.click()
    expect(made).to_have_attribute("aria-pressed", "true")
    expect(poll(page).get_by_role("status")).to_contain_text("Your answer counts")


def histogram(page: Page) -> list[str]:
    rows = poll(page).get_by_role("table", name="Answers").get_by_role("row")
    rows.first.wait_for()
    return [re.sub(r"\s+", " ", text) for text in rows.all_inner_texts()]


def stands_beside_the_player(page: Page) -> None:
    """The poll, with nothing of the page below the screen."""
    settle(page)
    asked, played = poll(page).bounding_box(), player(page).bounding_box()
    assert asked is not None and played is not None
    assert asked["x"] + asked["width"] < played["x"]
    assert asked["y"] + asked["height"] <= PROJECTOR["height"]
    assert page.get_by_role("main").evaluate("page => page.scrollHeight <= page.clientHeight")


def test_a_class_is_asked_answers_and_sees_what_the_network_does(
    visit: Open, enter: Enter, misbehaviour: list[str]
) -> None:
    teacher = visit("?cell=GRU&hidden_size=7&step=20&selected=0.0.3&notes=mine")
    code = ask(teacher)
    expect(poll(teacher)).to_contain_text("0 answered")
    expect(poll(teacher).get_by_role("img", name="QR code")).to_be_visible()
    button(teacher, "Last step").click()
    expect_step(teacher, 20)

    phone = enter(f"?room={code}", viewport=PHONE, has_touch=True)
    students = [enter(f"?room={code}"), enter(f"?room={code.lower()}"), phone]
    for student, choice in zip(students, ("Up", "Down", "Down"), strict=True):
        expect_step(student, 20)
        settle(student)
        assert "hidden_size=7" in student.url and "notes" not in student.url
        expect(student.get_by_role("button", name="Class poll")).to_have_count(0)
        answers(student, choice)
    expect(poll(teacher)).to_contain_text("3 answered")
    answers(students[0], "Down")
    answers(students[0], "Up")
    assert phone.evaluate("stMain.scrollWidth <= innerWidth")
    for choice in poll(phone).get_by_role("button").all():
        box = choice.bounding_box()
        assert box is not None and box["height"] >= 44
    expect(poll(teacher)).to_contain_text("3 answered")
    expect(poll(teacher).get_by_role("table")).to_have_count(0)

    poll(teacher).get_by_role("button", name="Reveal").click()
    up, down = histogram(teacher)
    assert "1 · 33 %" in up and "2 · 67 %" in down
    assert ("the network" in up) != ("the network" in down)
    said = poll(teacher).get_by_text(re.compile(r"^It goes (up|down), from"))
    expect(said).to_be_visible()
    assert ("goes up" in said.inner_text()) == ("the network" in up)
    assert "your answer" in histogram(students[0])[0]
    expect(poll(students[0]).get_by_role("button")).to_have_count(0)
    settle(students[0])
    button(students[0], "Last step").click()  # the future is open now
    expect_step(students[0], 60)

    button(teacher, "Last step").click()
    expect_step(teacher, 60)
    again = ask(teacher, "How many steps until it has forgotten?")
    assert again == code
    for student in students:
        expect(poll(student)).to_contain_text("How many steps until the network has forgotten")
    answers(phone, "3 to 5")
    expect(poll(teacher)).to_contain_text("1 answered")

    open_panel(teacher).get_by_role("button", name="End the poll").click()
    expect(poll(teacher)).to_have_count(0)
    for student in students:
        expect(student.get_by_role("alert")).to_contain_text(f"There is no room {code} any more")
        expect(poll(student)).to_have_count(0)
    known_misses_forgotten(misbehaviour)  # who looks for a room that has ended


def test_a_class_is_asked_a_lesson_and_sees_it_unfold(
    visit: Open, enter: Enter, misbehaviour: list[str]
) -> None:
    teacher = visit("learn?lesson=1&answers=1ra&present=1", **PROJECTOR)
    code = ask(teacher, "Does the network notice the order?")
    student = enter(f"?room={code}", viewport=PHONE, has_touch=True)
    student.wait_for_url(re.compile("/learn"))
    for page in (teacher, student):
        expect(main(page)).to_contain_text("The class predicts")
        expect(button(page, "Open in Explore")).to_have_count(0)
    answers(student, "It differs in most units")
    expect(poll(teacher)).to_contain_text("1 answered")
    poll(teacher).get_by_role("button", name="Reveal").click()
    assert "the network" in histogram(teacher)[2]
    for page in (teacher, student):
        expect(main(page)).to_contain_text("The last states differ by")
        expect(main(page).get_by_text("A sum or a mean would not notice")).to_be_visible()
    stands_beside_the_player(teacher)
    teacher.set_viewport_size({"width": 1280, "height": 400})
    settle(teacher)
    scrolled = teacher.get_by_role("main")
    scrolled.evaluate("page => page.scrollTo(0, page.scrollHeight)")
    teacher.get_by_role("button", name="Next lesson").click()
    expect(poll(teacher)).to_have_count(0)
    settle(teacher)
    assert scrolled.evaluate("page => page.scrollTop") == 0
    known_misses_forgotten(misbehaviour)


def test_who_reloads_stays_what_they_were(visit: Open, enter: Enter) -> None:
    teacher = visit("?step=20")
    code = ask(teacher)
    student = enter(f"?room={code}")
    answers(student, "Up")
    for page in (teacher, student):
        page.reload()
        player(page).wait_for()
    expect(poll(teacher).get_by_role("button", name="Reveal")).to_be_visible()
    expect(poll(teacher)).to_contain_text("1 answered")
    up = poll(student).get_by_role("button", name="Up", exact=True)
    expect(up).to_have_attribute("aria-pressed", "true")
    answers(student, "Down")
    expect(poll(teacher)).to_contain_text("1 answered")
    # what a student can copy makes nobody a teacher
    other = enter(student.url.partition("/")[2].partition("/")[2].partition("/")[2])
    expect(poll(other).get_by_role("button", name="Up", exact=True)).to_be_visible()
    expect(poll(other).get_by_role("button", name="Reveal")).to_have_count(0)


def test_own_words_are_words(visit: Open) -> None:
    teacher = visit("?cell=GRU")
    region = open_panel(teacher)
    region.get_by_role("radio", name="Your own words").check(force=True)
    evil = "<img src=x onerror=alert(1)> **who**?"
    for name, words in (("Question", evil), ("Choices, one on each line", "<b>a</b>\n:smile:")):
        box = region.get_by_role("textbox", name=name)
        box.fill(words)
        box.press("Control+Enter")
        settle(teacher)
    region.get_by_role("button", name="Ask", exact=True).click()
    expect(poll(teacher)).to_contain_text(evil)
    expect(poll(teacher)).to_contain_text("<b>a</b>")
    poll(teacher).get_by_role("button", name="Reveal").click()
    assert [row.split(" 0")[0] for row in histogram(teacher)] == ["<b>a</b>", ":smile:"]
