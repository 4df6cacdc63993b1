"""Train in a browser: loss and heatmap move by themselves, checkpoints are scrubbed."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect
from screen import (
    TRAINED,
    Open,
    heatmap,
    inspect,
    known_misses_forgotten,
    player,
    screenshot,
    settle,
    sidebar,
)

ADDING = "train?task=adding&cell=LSTM&hidden_size=16&num_layers=1&iterations={}&train_steps=20"
DONE = re.compile(r"iteration (\d[\d,]*) of \1\b")


@pytest.fixture(autouse=True)
def a_page_with_an_address_of_its_own(misbehaviour: list[str]) -> Iterator[None]:
    yield
    known_misses_forgotten(misbehaviour)


def panel(page: Page) -> Locator:
    """Loss, baseline, accuracy and time left."""
    return page.get_by_role("group", name="Training")


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def checkpoint(page: Page) -> Locator:
    return player(page).get_by_role("slider", name="Checkpoint")


def prediction(page: Page) -> Locator:
    return page.get_by_role("region", name="Prediction")


def opened(visit: Open, iterations: int = 100, **options: bool) -> Page:
    page = visit(ADDING.format(iterations), **options)
    settle(page)
    return page


def trained(visit: Open, iterations: int = 100) -> Page:
    page = opened(visit, iterations)
    press(page, "Train")
    expect(panel(page)).to_have_text(DONE)
    expect(page.get_by_role("button", name="Train longer")).to_be_visible()
    settle(page)
    return page


def test_loss_and_heatmap_change_while_it_trains(visit: Open) -> None:
    page = opened(visit)
    before = screenshot(page, heatmap(page))
    press(page, "Train")
    expect(panel(page)).to_have_text(re.compile(r"loss \d.*baseline 0\.167"))
    expect(page.get_by_role("progressbar", name="Training")).to_have_attribute(
        "aria-valuemax", "100"
    )
    expect(panel(page)).to_have_text(DONE)
    expect(page.get_by_role("button", name="Train longer")).to_be_visible()
    assert (screenshot(page, heatmap(page)) != before).any()
    expect(page.get_by_text("On sequences it has not seen its loss is")).to_be_visible()


def paused(visit: Open) -> Page:
    """A training that waits, somewhere on its way."""
    page = opened(visit, 20_000)
    press(page, "Train")
    expect(panel(page)).to_have_text(re.compile(r"loss \d"))
    press(page, "Pause")
    expect(page.get_by_role("button", name="Continue")).to_be_visible()
    settle(page)
    return page


def test_pause_continue_and_stop(visit: Open) -> None:
    page = paused(visit)
    here = panel(page).inner_text()
    press(page, "Continue")
    expect(panel(page)).not_to_have_text(here)
    press(page, "Stop")
    expect(page.get_by_role("button", name="Train longer")).to_be_visible()
    expect(page).to_have_url(re.compile(r"trained=[0-9a-f]{10}\.(?!20000)\d+"))


ONE_BY_ONE = """async buttons => {
  for (const button of buttons) {
    button.click()
    await new Promise(resolve => setTimeout(resolve)) // or the browser says all in one message
  }
}"""


def test_what_is_pressed_last_is_done_last(visit: Open) -> None:
    """Presses that wait together for one run."""
    page = paused(visit)
    pressed = [
        page.get_by_role("button", name=name, exact=True).element_handle()
        for name in ("Another example", "Continue", "Stop")  # the first is answered, two wait
    ]
    page.evaluate(ONE_BY_ONE, pressed)
    expect(page.get_by_role("button", name="Train longer")).to_be_visible()


def test_checkpoints_are_scrubbed_with_no_run_of_the_page(visit: Open) -> None:
    page = trained(visit)
    newest, said = screenshot(page, heatmap(page)), prediction(page).inner_text()
    sent: list[object] = []
    page.on("websocket", lambda socket: sent.append(socket))
    checkpoint(page).focus()
    for _ in range(3):
        page.keyboard.press("PageDown")
    expect(prediction(page)).not_to_have_text(said)
    assert (screenshot(page, heatmap(page)) != newest).any()
    page.keyboard.press("Home")
    expect(checkpoint(page)).to_have_attribute("aria-valuetext", "untrained")
    expect(page).to_have_url(re.compile("checkpoint=0"))  # at rest the link says it, too
    page.keyboard.press("End")
    expect(prediction(page)).to_have_text(said)
    expect(page).not_to_have_url(re.compile("checkpoint="))
    assert not sent


def test_play_training_runs_from_the_first_checkpoint_to_the_last(visit: Open) -> None:
    page = trained(visit)
    said = prediction(page).inner_text()
    press(page, "Play training")
    expect(prediction(page)).not_to_have_text(said)
    expect(page.get_by_role("button", name="Play training")).to_be_visible()
    expect(checkpoint(page)).to_have_attribute("aria-valuetext", re.compile("100 of 100"))
    expect(prediction(page)).to_have_text(said)


def circle(k: int) -> Iterator[tuple[float, float]]:
    for number in range(13):
        angle = 2 * math.pi * number / 12
        yield 0.5 + (0.1 + 0.01 * k) * math.cos(angle), 0.5 + (0.3 + 0.02 * k) * math.sin(angle)


def zigzag(k: int) -> Iterator[tuple[float, float]]:
    for number in range(13):
        side = 1 if number // 4 % 2 else -1
        yield 0.35 + 0.024 * number, 0.5 + side * (0.2 + 0.02 * k) * (number % 4) / 4


def draw(page: Page, points: Iterator[tuple[float, float]]) -> None:
    pad = page.get_by_role("img", name="Draw a sequence")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    for number, (x, y) in enumerate(points):
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
        if not number:
            page.mouse.down()
    page.mouse.up()
    settle(page)


def test_two_gestures_are_taught_and_a_third_drawing_is_recognised(visit: Open) -> None:
    page = visit("train?task=classify")
    settle(page)
    press(page, "Teach it")
    settle(page)
    for name, gesture in (("circle", circle), ("zigzag", zigzag)):
        box = page.get_by_role("textbox", name="Class")
        box.fill(name)
        box.press("Enter")
        for k in range(5):
            settle(page)
            draw(page, gesture(k))
            press(page, "Keep as example")
            expect(page.get_by_text(f"{name} {k + 1}")).to_be_visible()
    settle(page)
    press(page, "Train")
    expect(page.get_by_role("button", name="Train longer")).to_be_visible(timeout=TRAINED)
    for name, gesture in (("circle", circle), ("zigzag", zigzag)):
        settle(page)
        draw(page, gesture(6))
        expect(prediction(page)).to_have_text(re.compile(rf"{name} (1\.00|0\.[89])"))
        beside_the_pad = page.get_by_text(
            re.compile(rf"^It takes this for {name}, (1\.00|0\.[89])")
        )
        expect(beside_the_pad).to_be_visible()
        press(page, "Clear")
        expect(beside_the_pad).to_have_count(0)


def test_a_reload_in_the_middle_goes_on_and_another_browser_gets_the_same(visit: Open) -> None:
    page = opened(visit, 1000)
    press(page, "Train")
    expect(panel(page)).to_have_text(re.compile(r"loss \d"))
    expect(page).to_have_url(re.compile(r"trained=[0-9a-f]{10}\.1000"))
    page.reload()
    expect(panel(page)).to_have_text(DONE, timeout=TRAINED)
    expect(page.get_by_role("button", name="Train longer")).to_be_visible()
    settle(page)
    link = urlsplit(page.url)
    other = visit(f"{link.path.lstrip('/')}?{link.query}", stranger=True)
    expect(panel(other)).to_have_text(DONE, timeout=TRAINED)
    settle(other)
    assert prediction(other).inner_text() == prediction(page).inner_text()


def test_it_is_the_network_of_explore_until_another_is_chosen(visit: Open) -> None:
    page = visit("train?task=sine&cell=LSTM&hidden_size=8&num_layers=1&iterations=50")
    settle(page)
    press(page, "Train")
    expect(page.get_by_role("button", name="Train longer")).to_be_visible(timeout=TRAINED)
    settle(page)
    page.get_by_role("link", name="Explore").first.click()
    expect(
        page.get_by_text("This network is trained (Sine forecast, 50 iterations)")
    ).to_be_visible()
    expect(prediction(page)).to_be_visible()
    sidebar(page).get_by_role("button", name="New weights").click()
    expect(page.get_by_text("This network is untrained")).to_be_visible()
    expect(prediction(page)).to_have_count(0)


def test_a_cell_of_a_prediction_is_opened_by_a_click(visit: Open) -> None:
    page = visit("train?task=order&cell=LSTM&hidden_size=8&num_layers=1&iterations=40")
    settle(page)
    press(page, "Train")
    expect(page.get_by_role("button", name="Train longer")).to_be_visible(timeout=TRAINED)
    settle(page)
    page.get_by_role("link", name="Explore").first.click()
    expect(page.get_by_text("This network is trained (Temporal order, 40")).to_be_visible()
    settle(page)
    cells = player(page).get_by_role("img", name=re.compile("^Prediction"))
    box = cells.bounding_box()
    assert box is not None
    cells.click(position={"x": box["width"] / 2, "y": box["height"] / 8})
    expect(inspect(page)).to_contain_text(re.compile(r"prediction, step \d+: .+ = 0\.\d{4}"))
    expect(page).to_have_url(re.compile(r"selected=p\.0\.0"))
    expect(
        player(page).get_by_text(re.compile(r"softmax\(.* from h \+ .* bias; other"))
    ).to_be_visible()
    page.get_by_role("link", name="Memory").first.click()
    page.get_by_role("radio", name="of the answer").click()
    expect(page.get_by_text("The answer at step 25 depends").first).to_be_visible()
