"""Present: on a projector the class sees the player, large, and the keys are all it takes."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from samples import SAMPLES
from screen import (
    Open,
    button,
    expect_step,
    heatmap,
    known_misses_forgotten,
    main,
    player,
    settle,
    sidebar,
    slider,
    step_now,
)

SCREEN = {"width": 1280, "height": 720}


def switch(page: Page) -> None:
    page.get_by_role("switch", name="Present").press("Space")


def fits(page: Page) -> None:
    """The player is as wide and high as the screen, and nothing of it is below."""
    settle(page)
    box = player(page).bounding_box()
    assert box is not None and box["width"] > 1100
    bottom = box["y"] + box["height"]
    assert 600 < bottom <= SCREEN["height"], bottom
    assert page.evaluate("stMain.scrollHeight <= stMain.clientHeight")


def test_one_switch_folds_the_controls_away_and_brings_them_back(visit: Open) -> None:
    page = visit("?cell=LSTM&hidden_size=7&step=20", **SCREEN)
    switch(page)
    page.wait_for_url(re.compile("present=1"))
    expect(sidebar(page)).to_have_count(0)
    expect(page.get_by_role("radiogroup", name="Feed")).to_have_count(0)
    expect(page.get_by_role("region", name="Inspect")).to_have_count(0)
    expect(player(page)).to_contain_text("step 20 of 60")
    fits(page)
    high = heatmap(page).bounding_box()
    assert high is not None and high["height"] > 150
    switch(page)
    page.wait_for_url(lambda url: "present" not in url)
    expect(sidebar(page)).to_contain_text("nn.LSTM(1, 7, num_layers=2)")
    settle(page)  # until then a control may stand beside the one it follows
    expect(page.get_by_role("slider", name="hidden_size")).to_have_value("7")
    expect_step(page, 20)


def test_keys_work_wherever_the_focus_is(visit: Open) -> None:
    page = visit("?step=20", **SCREEN)
    page.get_by_role("switch", name="Present").click(force=True)
    page.wait_for_url(re.compile("present=1"))
    settle(page)
    for key, step in (
        ("ArrowRight", 21),
        ("PageDown", 22),
        ("PageUp", 21),
        ("Home", 0),
        ("End", 60),
        ("Shift+ArrowLeft", 50),
    ):
        page.keyboard.press(key)
        expect_step(page, step)
    page.keyboard.press("Home")
    page.keyboard.press("Space")
    expect(button(page, "Pause")).to_have_count(1)
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile("present=1"))
    page.get_by_role("button", name="Notes").click()
    notes = page.get_by_role("textbox", name="Teacher's notes")
    before = step_now(page)
    notes.press_sequentially("what is orange at the end?")
    page.keyboard.press("Home")
    assert step_now(page) == before
    notes.press("Control+Enter")
    page.wait_for_url(re.compile("notes=what"))


def test_who_tabs_to_the_controls_sees_them(visit: Open) -> None:
    page = visit("?present=1", **SCREEN)
    play = button(page, "Play")
    assert (play.bounding_box() or {"height": 0})["y"] and not seen(page)
    play.focus()
    assert seen(page)


def seen(page: Page) -> bool:
    """Whether the slider has its width on screen."""
    holder = slider(page).locator("..")
    box = holder.bounding_box()
    return box is not None and box["width"] > 400


def test_four_bidirectional_layers_fit(visit: Open) -> None:
    page = visit("?cell=LSTM&num_layers=4&bidirectional=1&present=1", scheme="dark", **SCREEN)
    fits(page)
    for layer in range(1, 5):
        for note in ("forward →", "← reverse"):
            box = heatmap(page, f"layer {layer} {note}").bounding_box()
            assert box is not None and box["height"] >= 40


def test_an_uploaded_table_fits(visit: Open) -> None:
    page = visit("?feed=upload&cell=GRU&num_layers=4&bidirectional=1", **SCREEN)
    sample = SAMPLES["csv"]
    page.locator("input[type=file]").first.set_input_files(sample.payload)
    expect(sidebar(page)).to_contain_text(f"torch.Size([{sample.steps}, 1,")
    switch(page)
    page.wait_for_url(re.compile("present=1"))
    fits(page)


def test_it_follows_a_window_that_grows(visit: Open) -> None:
    page = visit("?present=1", **SCREEN)
    fits(page)
    before = heatmap(page).bounding_box()
    page.set_viewport_size({"width": 1280, "height": 900})
    page.wait_for_function(
        "before => document.querySelector('main').clientHeight === 900 && before > 0",
        arg=before["height"] if before else 0,
    )
    expect(heatmap(page)).not_to_have_css("height", f"{before and before['height']}px")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("train?task=adding", "Prediction"),
        ("compare?compare=order", "still differ by"),
        ("compare?cell=GRU", "Steps that B tells apart"),
        ("memory?cell=GRU&measure=horizon", "forgets half of an input"),
        ("learn?lesson=7&answers=7rb", "Next lesson"),
    ],
)
def test_every_page_has_it(visit: Open, misbehaviour: list[str], path: str, said: str) -> None:
    """said: words that stand at the end of what the class has to see."""
    page = visit(path, **SCREEN)
    switch(page)
    page.wait_for_url(re.compile("present=1"))
    expect(sidebar(page)).to_have_count(0)
    settle(page)
    for part in (player(page), main(page).get_by_text(said).last):
        box = part.bounding_box()
        assert box is not None and box["y"] + box["height"] <= SCREEN["height"]
    known_misses_forgotten(misbehaviour)


@pytest.mark.parametrize(
    ("measure", "first"),
    [*((name, False) for name in ("influence", "nudge", "horizon", "spectrum", "trajectory")),
     ("influence", True), ("trajectory", True)],
)  # fmt: skip
def test_a_measures_picture_fits(
    visit: Open, misbehaviour: list[str], measure: str, first: bool
) -> None:
    page = visit(f"memory?present=1&measure={measure}", first=first, **SCREEN)
    settle(page)
    figures = main(page).get_by_role("figure")
    expect(figures.first).to_be_visible()
    for figure in figures.all():
        box = figure.bounding_box()
        assert box is not None and box["y"] + box["height"] <= SCREEN["height"], box
    known_misses_forgotten(misbehaviour)


# ---- Class link ----------------------------------------------------------------------------------


def test_a_class_lands_on_the_same_screen_without_what_it_shall_not_see(visit: Open) -> None:
    page = visit("?cell=GRU&step=20&notes=mine&seed=5")
    page.get_by_role("button", name="Class link", exact=True).click()
    region = page.get_by_role("region", name="Class link")
    for part in ("Build", "Export", "The future, until the class has predicted"):
        region.get_by_role("button", name=part, exact=True).or_(
            region.get_by_role("checkbox", name=part, exact=True)
        ).click()
    box = region.get_by_role("textbox", name="Class link")
    expect(box).to_have_value(re.compile("hide=build%2Cexport%2Cclassroom%2Cfuture"))
    expect(region.get_by_role("img", name="QR code")).to_be_visible()
    link = box.input_value()
    assert "notes" not in link and "present" not in link

    student = visit("?" + link.partition("?")[2], stranger=True)
    expect_step(student, 20)
    for role, name in (("button", "Export"), ("button", "Class link"), ("switch", "Present")):
        expect(student.get_by_role(role, name=name)).to_have_count(0)  # type: ignore[arg-type]
    expect(sidebar(student)).to_have_count(0)
    expect(student.get_by_role("radiogroup", name="Feed")).to_be_visible()

    button(student, "Last step").click()
    expect_step(student, 20)
    button(student, "Step back").click()
    expect_step(student, 19)
    expect(student.get_by_text("True, all 16 values")).to_have_count(0)
    predicted = student.get_by_role("button", name="I have predicted")
    settle(student)
    predicted.click()
    expect(predicted).to_have_count(0)
    settle(student)
    button(student, "Last step").click()
    expect_step(student, 60)


def test_a_broken_hide_is_one_clear_sentence_and_the_rest_of_it_counts(visit: Open) -> None:
    page = visit("?hide=bild,export")
    alert = page.get_by_role("alert")
    expect(alert).to_have_count(1)
    expect(alert).to_have_text(
        re.compile("hide, “bild” means nothing and was left out: it may name build, .* and future")
    )
    expect(page.get_by_role("button", name="Share")).to_be_visible()
    expect(page.get_by_role("button", name="Export")).to_have_count(0)
