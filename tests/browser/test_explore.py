"""Explore as a person meets it: the network, the player, the URL. Feeds are next door."""

from __future__ import annotations

import re
import time
from urllib.parse import urlsplit

import numpy as np
import pytest
from first_visit import STEPS, UNITS, first_visit
from person import pad
from playwright.sync_api import Browser, BrowserContext, Page, expect
from screen import (
    Open,
    button,
    cell,
    choose,
    click_cell,
    colours,
    expect_length,
    expect_step,
    fill,
    heatmap,
    inspect,
    main,
    option,
    player,
    screenshot,
    settle,
    sidebar,
    slider,
    step_now,
    tracks,
    unfold,
    watch,
)

import seqviz
from seqviz.labels import number

PLAYER_BUTTONS = ("First step", "Step back", "Play", "Step forward", "Last step")


def reads(trace: seqviz.Trace, quantity: str, layer: int, unit: int, step: int) -> str:
    """What is announced of one cell, computed here."""
    value = float(trace.quantity(quantity)[layer, 0, step - 1, unit])
    return f"layer {layer + 1}, unit {unit}, step {step}: {quantity} = {number(value)}"


# ---- the frame -----------------------------------------------------------------------------------


def test_what_pages_do_wrong_is_noticed(
    cached: BrowserContext, address: str, misbehaviour: list[str]
) -> None:
    page = cached.new_page()
    watch(page, address, misbehaviour)
    page.goto(f"{address}/favicon.png")
    page.evaluate(
        """() => {
          console.error("spilled")
          setTimeout(() => { throw new Error("thrown") })
          fetch("http://127.0.0.2:1/").catch(() => 0)
        }"""
    )
    with page.expect_event("requestfailed"):
        pass
    page.close()
    everything = " ".join(misbehaviour)
    assert all(word in everything for word in ("spilled", "thrown", "http://127.0.0.2:1/"))
    misbehaviour.clear()


def test_facts_and_words_follow_the_network(visit: Open) -> None:
    page = visit()
    facts = sidebar(page)
    for fact in ("nn.RNN(1, 16, num_layers=2)", "848 parameters", "torch.Size([60, 1, 1])"):
        expect(facts).to_contain_text(fact)
    expect(main(page)).to_contain_text("True, all 16 values")
    unfold(page, "In words and numbers")
    expect(main(page)).to_contain_text("60 steps through 2 layers of 16 units.")
    expect(page.get_by_role("combobox", name="Values of")).to_be_visible()
    page.get_by_role("switch", name="bidirectional").press("Space")
    expect(facts).to_contain_text("bidirectional=True")
    expect(facts).to_contain_text("torch.Size([4, 1, 16])")
    # the lesson's last line says why it does not hold with two directions
    expect(main(page)).to_contain_text("shapes differ: forward ends at the last step")
    expect(main(page)).to_contain_text("layers of 16 units in two directions.")
    expect(heatmap(page, "layer 2 ← reverse")).to_be_visible()


def test_a_phone_shows_everything_in_both_themes(visit: Open) -> None:
    page = visit(width=390, height=844)
    assert page.evaluate("stMain.scrollWidth <= innerWidth")
    expect(slider(page)).to_be_in_viewport()
    expect(button(page, "Play")).to_be_in_viewport()
    button(page, "Options").click()
    for name in PLAYER_BUTTONS:
        control = button(page, name)
        control.scroll_into_view_if_needed()
        box = control.bounding_box()
        assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= 390
        assert min(box["width"], box["height"]) >= 40  # a thumb
    assert mostly_painted(page, (255, 255, 255))
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    expect(page.get_by_role("application").first).to_have_css("color", "rgb(232, 233, 240)")
    assert mostly_painted(page, (15, 17, 23))
    button(page, "First step").click()
    expect_step(page, 0)


def test_a_phone_closes_the_sidebar_where_it_opened_it(visit: Open) -> None:
    page = visit(width=390, height=844)
    page.get_by_test_id("stExpandSidebarButton").click()
    build = page.get_by_role("heading", name="Build")
    expect(build).to_be_in_viewport()
    page.get_by_test_id("stSidebarCollapseButton").get_by_role("button").click()
    expect(build).not_to_be_in_viewport()
    page.get_by_role(
        "button", name="Glossary"
    ).click()  # which had stood over the button that closes
    expect(page.get_by_role("dialog", name="Glossary")).to_be_visible()


PHONE, ZOOMED = (390, 844), (640, 400)  # a laptop's screen at 200 %
BESIDE = """() => [...stMain.querySelectorAll("[role=radio], input[type=radio]")].filter((one) => {
  const { left, right, width } = one.getBoundingClientRect()
  return !width || left < 0 || right > innerWidth
}).length"""


def test_a_small_screen_reaches_each_page_in_one_press_and_nothing_is_beside_it(
    visit: Open,
) -> None:
    page = visit("?hidden_size=7", width=PHONE[0], height=PHONE[1])
    screens = [PHONE, ZOOMED]
    for name in ("Compare", "Memory", "Uses", "Learn", "Train", "Explore"):
        links = main(page).get_by_role("navigation", name="Pages").get_by_role("link")
        links.get_by_text(name, exact=True).click()
        path = "" if name == "Explore" else name.lower()
        page.wait_for_url(lambda url, path=path: urlsplit(url).path == f"/{path}")
        expect(links.get_by_text(name, exact=True)).to_have_attribute("aria-current", "page")
        expect(player(page).first).to_be_visible()
        for width, height in screens:
            page.set_viewport_size({"width": width, "height": height})
            settle(page)
            assert page.evaluate("stMain.scrollWidth <= innerWidth")
            assert page.evaluate(BESIDE) == 0
        screens.reverse()  # the next page is pressed on the other
    page.wait_for_url(re.compile("hidden_size=7"))


def test_a_finger_reads_a_value(visit: Open, browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    page = context.new_page()
    page.goto(f"{address}/?cell=GRU")
    canvas = heatmap(page)
    canvas.wait_for()
    settle(page)
    button(page, "Play").scroll_into_view_if_needed()
    canvas.tap(position={"x": 100, "y": 20})
    expect(inspect(page)).to_contain_text("layer 1, unit")  # which the page answers
    settle(page)
    expect(player(page).get_by_text(re.compile(r"^h = -?[\d.]+ · layer 1, unit"))).to_be_visible()
    context.close()


def test_the_open_cell_is_read_below_the_player(visit: Open) -> None:
    page = visit("?cell=GRU&step=20")
    click_cell(page, "layer 2", 20, 3, 60, 16)
    line = player(page).get_by_text(re.compile(r"^layer 2, unit 3, step 20: h = \(1 − z\)"))
    expect(line).to_be_in_viewport()
    value = line.inner_text().rsplit("= ", 1)[1]
    expect(inspect(page)).to_contain_text(f"layer 2, unit 3, step 20: h = {value}")
    expect(page.get_by_role("radiogroup", name="View")).not_to_be_in_viewport(ratio=1)
    button(page, "Inspect ↓").click()
    expect(page.get_by_role("radiogroup", name="View")).to_be_in_viewport(ratio=1)


def test_the_hand_is_above_its_column(visit: Open) -> None:
    page = visit("?cell=GRU")
    for name in ("layer 1", "layer 1 forward →"):
        expect(heatmap(page, name)).to_be_visible()
        settle(page)
        columns, drawing = heatmap(page, name).bounding_box(), pad(page).bounding_box()
        assert columns is not None and drawing is not None
        assert columns["x"] == pytest.approx(drawing["x"], abs=1)
        assert columns["width"] == pytest.approx(drawing["width"], abs=1)
        page.get_by_role("switch", name="bidirectional").press("Space")


def test_the_sidebar_covers_nothing_of_the_player(visit: Open) -> None:
    page = visit(width=1100, height=768)
    for width in (1100, 1024, 900, 820):
        page.set_viewport_size({"width": width, "height": 768})
        settle(page)
        group = player(page).bounding_box()
        assert group is not None
        folded = button(page, "Options")  # where there is little room
        if folded.is_visible() and folded.get_attribute("aria-expanded") != "true":
            folded.click()
        parts = [option(page, name) for name in ("Speed", "Future", "Zoom")]
        said = [player(page).get_by_text(text) for text in ("drawn curve", "60 / 60")]
        for part in (*parts, *said):
            box = part.bounding_box()
            assert box is not None and box["width"] > 20
            assert group["x"] <= box["x"] and box["x"] + box["width"] <= group["x"] + group["width"]


def mostly_painted(page: Page, background: tuple[int, int, int]) -> bool:
    """The first heatmap shows many colours, most of them near neither end: cells on background."""
    pixels = screenshot(page, heatmap(page))
    differs = np.abs(pixels - np.array(background)).max(axis=-1)
    return colours(pixels) > 50 and (differs > 20).mean() > 0.3 and (differs == 0).any()


# ---- playing -------------------------------------------------------------------------------------


def seconds_until(page: Page, step: int) -> float:
    start = time.monotonic()
    expect_step(page, step)
    return time.monotonic() - start


HEIGHTS = """() => {
  window.heights = []
  const look = () => {
    const place = document.querySelector(".st-key-player")
    if (place && location.pathname === "/memory") heights.push(place.offsetHeight)
    requestAnimationFrame(look)
  }
  look()
}"""


def test_what_stands_below_a_player_does_not_move_when_it_comes(visit: Open) -> None:
    page = visit("?cell=LSTM")
    settle(page)
    page.evaluate(HEIGHTS)
    page.get_by_role("link", name="Memory").first.click()
    page.get_by_role("radiogroup", name="Measure").wait_for()
    expect(player(page)).to_be_visible()
    settle(page)
    assert len(page.evaluate("[...new Set(heights)]")) == 1


def test_a_new_sequence_plays_once_by_itself(visit: Open) -> None:
    page = visit("?feed=generate")
    page.emulate_media(reduced_motion="no-preference")
    fill(page, "Period", 11)
    expect(button(page, "Pause")).to_be_visible()
    assert step_now(page) < STEPS / 2
    assert 2 < seconds_until(page, STEPS) < 5
    expect(button(page, "Play")).to_be_visible()
    # another network reads the same sequence: nothing plays, nothing jumps
    slider(page).fill("18")
    option(page, "Speed").select_option("2")
    option(page, "Zoom").select_option("4")
    choose(page, "Cell", "GRU")
    expect(sidebar(page)).to_contain_text("nn.GRU(1, 16, num_layers=2)")
    expect(page.get_by_role("radiogroup", name="Quantity")).to_contain_text("update")
    expect(button(page, "Play")).to_be_visible()
    expect_step(page, 18)
    expect(option(page, "Speed")).to_have_value("2")
    expect(option(page, "Zoom")).to_have_value("4")


def test_nothing_plays_by_itself_when_motion_is_reduced(visit: Open) -> None:
    page = visit("?feed=generate")
    expect_step(page, STEPS)
    expect(button(page, "Play")).to_be_visible()
    fill(page, "Steps", 12)
    expect_length(page, 12)
    expect_step(page, 12)
    expect(button(page, "Play")).to_be_visible()
    button(page, "Play").click()  # it still plays when asked
    expect(button(page, "Pause")).to_be_visible()
    expect_step(page, 12)


def test_buttons_and_slider_move_the_step(visit: Open) -> None:
    page = visit()
    for name, step in (
        ("First step", 0),
        ("Step back", 0),
        ("Step forward", 1),
        ("Last step", STEPS),
        ("Step forward", STEPS),
        ("Step back", STEPS - 1),
    ):
        button(page, name).click()
        expect_step(page, step)
    slider(page).fill("18")
    expect_step(page, 18)
    expect(player(page)).to_contain_text("18 / 60")
    button(page, "Play").click()
    button(page, "Pause").click()
    expect(button(page, "Play")).to_be_visible()
    paused = step_now(page)
    assert 18 <= paused < STEPS
    frames = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
    page.evaluate(frames)
    assert step_now(page) == paused


def test_keys_work_in_the_player_and_only_there(visit: Open) -> None:
    page = visit()
    tracks(page).focus()
    for key, step in (
        ("Home", 0),
        ("ArrowRight", 1),
        ("Shift+ArrowRight", 11),
        ("ArrowLeft", 10),
        ("Shift+ArrowLeft", 0),
        ("End", STEPS),
    ):
        page.keyboard.press(key)
        expect_step(page, step)
    page.keyboard.press("Home")
    page.keyboard.press("Space")
    expect(button(page, "Pause")).to_be_visible()
    page.keyboard.press("Space")
    expect(button(page, "Play")).to_be_visible()

    button(page, "First step").focus()
    page.keyboard.press("Tab")
    expect(button(page, "Step back")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(button(page, "First step")).to_be_focused()
    slider(page).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    expect(player(page).locator(":focus")).to_have_count(0)

    before = step_now(page)
    page.get_by_role("spinbutton", name="seed").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("End")
    assert step_now(page) == before


PLAY_TO_24 = """([play, slider]) => new Promise(done => {
  const began = performance.now()
  const look = () => Number(slider.getAttribute("aria-valuenow")) >= 24
    ? done(performance.now() - began) : requestAnimationFrame(look)
  play.click()
  look()
})"""


def test_speed_and_loop(visit: Open) -> None:
    page = visit()
    parts = [button(page, "Play").element_handle(), slider(page).element_handle()]
    took = {}
    for speed in ("4", "1"):
        option(page, "Speed").select_option(speed)
        button(page, "First step").click()
        expect_step(page, 0)
        took[speed] = page.evaluate(PLAY_TO_24, parts)
        button(page, "Pause").click()
    assert took["1"] > 2 * took["4"]
    option(page, "Speed").select_option("4")
    loop = player(page).get_by_role("checkbox", name="Loop")
    loop.check()
    slider(page).fill("50")
    button(page, "Play").click()
    began_again = "slider => Number(slider.getAttribute('aria-valuenow')) < 40"
    page.wait_for_function(began_again, arg=parts[1])
    expect(button(page, "Pause")).to_be_visible()
    loop.uncheck()
    expect_step(page, STEPS)
    expect(button(page, "Play")).to_be_visible()


def test_the_future_is_faint_or_hidden(visit: Open) -> None:
    page = visit()
    settle(page)  # or the player still moves between two looks
    right = slice(-200, None)  # columns of pixels, far right of step 20
    seen = screenshot(page, heatmap(page))[:, right]
    slider(page).fill("20")
    expect_step(page, 20)
    faint = screenshot(page, heatmap(page))[:, right]
    option(page, "Future").select_option("hidden")
    hidden = screenshot(page, heatmap(page))
    assert (hidden[:, right] == 255).all()
    assert colours(hidden[:, :200]) > 20  # what has been read stays
    first = heatmap(page)
    first.hover(position=cell(first, 50, 3, STEPS, UNITS))
    expect(player(page).get_by_text("not read yet")).to_be_visible()
    first.hover(position=cell(first, 2, 3, STEPS, UNITS))
    expect(player(page).get_by_text("layer 1, unit 3, step 2")).to_be_visible()
    assert 0 < np.abs(faint - 255).mean() < 0.5 * np.abs(seen - 255).mean()


# ---- reading -------------------------------------------------------------------------------------


def test_every_quantity_shows_its_own_values(visit: Open) -> None:
    page = visit("?cell=LSTM&step=18&selected=0.0.7&inspect=data+flow")
    pills = page.get_by_role("radiogroup", name="Quantity").get_by_role("radio")
    for mode in ("LSTM", "GRU"):
        trace = first_visit(mode=mode)
        choose(page, "Cell", mode)
        expect(pills).to_have_text([re.compile(rf"^{q}\b") for q in trace.spec.quantities])
        seen = set()
        for index, quantity in enumerate(trace.spec.quantities):
            pills.nth(index).click()
            expect(inspect(page)).to_contain_text(reads(trace, quantity, 0, 7, 18))
            seen.add(screenshot(page, heatmap(page)).tobytes())
        assert len(seen) == len(trace.spec.quantities)
        expect_step(page, 18)


def test_hover_reads_and_click_selects(visit: Open) -> None:
    trace = first_visit()
    page = visit("?inspect=data+flow")
    canvas = heatmap(page)
    canvas.hover(position=cell(canvas, 10, 3, STEPS, UNITS))
    where, what = reads(trace, "h", 0, 3, 10).split(": ")
    tip = player(page).get_by_text(re.compile(f"(?=.*{where})(?=.*{what})"))
    expect(tip).to_be_visible()
    click_cell(page, "layer 1", 18, 7, STEPS, UNITS)
    expect_step(page, 18)
    expect(inspect(page)).to_contain_text(reads(trace, "h", 0, 7, 18))
    click_cell(page, "layer 2", 30, 0, STEPS, UNITS)
    expect(inspect(page)).to_contain_text(reads(trace, "h", 1, 0, 30))
    tracks(page).focus()
    page.keyboard.press("ArrowDown")
    expect(inspect(page)).to_contain_text(reads(trace, "h", 1, 1, 30))
    page.mouse.move(5, 5)
    expect(tip).to_be_hidden()


# ---- the URL -------------------------------------------------------------------------------------


def test_the_url_carries_everything(visit: Open) -> None:
    page = visit("?inspect=data+flow")
    choose(page, "Cell", "GRU")
    choose(page, "Feed", "Type")
    page.get_by_role("textbox", name="Text").fill("abcabc")
    expect_length(page, 6)
    choose(page, "Quantity", "z update")
    click_cell(page, "layer 2", 4, 5, 6, UNITS)
    said = re.compile(r"layer 2, unit 5, step 4: z = 0\.\d{4}")
    expect(inspect(page)).to_contain_text(said)
    expect(page).to_have_url(re.compile(r"selected=1\.0\.5"))
    text = said.search(inspect(page).inner_text())[0]
    page.reload()
    expect(inspect(page)).to_contain_text(text)
    other = visit("?" + page.url.partition("?")[2], stranger=True)
    expect(inspect(other)).to_contain_text(text)
    expect(sidebar(other)).to_contain_text("nn.GRU(3, 16, num_layers=2)")
    expect_step(other, 4)
    expect(other).to_have_url(page.url)


def test_back_undoes_and_forward_redoes(visit: Open) -> None:
    page = visit()
    choose(page, "Cell", "GRU")
    expect(sidebar(page)).to_contain_text("nn.GRU(1, 16, num_layers=2)")
    expect(page).to_have_url(re.compile("cell=GRU"))
    page.go_back()
    expect(sidebar(page)).to_contain_text("nn.RNN(1, 16, num_layers=2)")
    settle(page)  # until then a control may stand beside the one it follows
    expect(page.get_by_role("radio", name="RNN (tanh)")).to_be_checked()
    page.go_forward()
    expect(sidebar(page)).to_contain_text("nn.GRU(1, 16, num_layers=2)")


def test_a_forged_link_falls_back_and_says_so(visit: Open) -> None:
    page = visit("?hidden_size=1e9&cell=LSTM&curve=%00%00&nonsense=1")
    expect(page.get_by_role("alert")).to_contain_text("hidden_size")
    expect(page.get_by_role("alert")).to_contain_text("nonsense")
    expect(sidebar(page)).to_contain_text("nn.LSTM(1, 16, num_layers=2)")
    expect_length(page, STEPS)
