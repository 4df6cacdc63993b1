"""Compare as a person meets it: a click a preset, one player for all runs, a chart that follows."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect
from screen import (
    Open,
    button,
    choose,
    colours,
    expect_step,
    fill,
    heatmap,
    known_misses_forgotten,
    main,
    player,
    screenshot,
    settle,
    sidebar,
    slider,
)

import seqviz
from pages.state import schema
from seqviz.analysis.trace_difference import difference
from seqviz.data import drawing, drawing_payload
from seqviz.data.order import reversed_order

STEPS = 60  # of the curve a first visit shows


def compare(visit: Open, query: str = "", **options: object) -> Page:
    """A visit to Explore with this link, then a click on Compare."""
    page = visit(query, **options)
    if page.viewport_size and page.viewport_size["width"] < 600:
        page.goto(page.url.replace("/?", "/compare?"))
    else:
        page.get_by_role("link", name="Compare").click()
    expect(page.get_by_role("radiogroup", name="Compare")).to_be_visible()
    expect(player(page)).to_have_count(1)
    return page


def chart(page: Page) -> Locator:
    # while a run goes on, what it replaces stands beside it
    return main(page).locator("[data-stale=false] .js-plotly-plot")


def test_each_preset_is_one_click_and_keeps_the_step(visit: Open) -> None:
    page = compare(visit, "?step=18")
    expect_step(page, 18)
    for preset, runs in (
        ("Parameters", ("A RNN (tanh)", "B GRU", "C LSTM")),
        ("Order", ("A original", "B reversed", "A − B")),
        ("Sequences", ("A first", "B second", "A − B")),
        ("Seeds", ("A seed 3", "B seed 4")),
        ("Inits", ("A default", "B orthogonal", "C identity")),
        ("Forget bias", ("A bias 0", "B bias 1", "C bias 3")),
        ("Cells", ("A RNN (tanh)", "B GRU", "C LSTM")),
    ):
        choose(page, "Compare", preset)
        for run in runs:
            expect(heatmap(page, run)).to_be_visible()
        expect(player(page).get_by_role("img", name="Heatmap of")).to_have_count(len(runs))
        expect_step(page, 18)
    assert all(colours(screenshot(page, heatmap(page, run))) > 20 for run in runs)


def test_the_chart_follows_the_player_and_stands_under_its_columns(visit: Open) -> None:
    rnn = seqviz.build(seqviz.RNNSpec("RNN_TANH", 1, 16, 2, seed=3))
    curve = drawing.curve(drawing_payload.unpack_levels(schema.Settings().curve), STEPS)
    norms = difference(*(seqviz.trace(rnn, one) for one in (curve, reversed_order(curve)))).norms
    page = compare(visit, "?compare=order")
    slider(page).fill("25")
    expect(chart(page)).to_contain_text(f"= {norms[24]:.3f} at step 25")
    said = re.compile(rf"A − B: {norms[24]:.4f} at step 25; largest {norms.max():.4f} at step")
    expect(page.get_by_role("figure", name=said)).to_be_visible()
    expect(page).to_have_url(re.compile("step=25"))
    mark, columns = (
        part.bounding_box()
        for part in (chart(page).locator(".shapelayer path").first, heatmap(page, "A original"))
    )
    assert mark and columns
    middle = columns["x"] + 25.5 / (STEPS + 1) * columns["width"]
    assert mark["x"] + mark["width"] / 2 == pytest.approx(middle, abs=2)
    button(page, "Step forward").click()
    expect(page).to_have_url(re.compile("step=26"))
    settle(page)  # until then the chart of step 25 may stand beside the new one
    expect(chart(page)).to_contain_text("at step 26")


def test_different_networks_are_compared_by_squares_of_the_steps_they_tell_apart(
    visit: Open,
) -> None:
    page = compare(visit, "?compare=seeds")
    expect(main(page)).to_contain_text("linear CKA")
    said = re.compile(r"A seed 3: steps \d+ and \d+ lie furthest apart.* B seed 4: steps")
    expect(page.get_by_role("figure", name=said)).to_be_visible()
    expect(chart(page).locator(".heatmaplayer")).to_have_count(2)
    slider(page).fill("25")
    expect(chart(page).locator(".shapelayer path")).to_have_count(4)  # a row and a column each


def test_controls_of_a_preset_appear_beside_it(visit: Open) -> None:
    page = compare(visit, "?feed=type&text=abcdef")
    choose(page, "Compare", "Order")
    choose(page, "Order", "Swapped")
    fill(page, "Step swapped with the next", 4)
    expect(main(page)).to_contain_text("The states of A and B part at step 4")
    choose(page, "Compare", "Sequences")
    page.get_by_role("textbox", name="Second text").fill("abcx")
    expect(main(page)).to_contain_text("input_size is 7")
    expect(main(page)).to_contain_text("The states of A and B part at step 4")
    page.get_by_role("textbox", name="Second text").fill("")
    expect(page.get_by_role("alert")).to_contain_text("type at least one visible character")
    expect(heatmap(page, "A on screen")).to_be_visible()


def test_a_link_and_a_reload_show_the_same(visit: Open, misbehaviour: list[str]) -> None:
    page = compare(visit, "?compare=order&reorder=shuffled&shuffle_seed=7&step=31")
    expect(heatmap(page, "B shuffled")).to_be_visible()
    before = screenshot(page, heatmap(page, "B shuffled"))
    page.get_by_text("Share").click()
    shared = page.get_by_role("textbox", name="Link to this screen")
    expect(shared).to_have_value(re.compile(r"/compare\?.*reorder=shuffled&shuffle_seed=7"))
    link = shared.input_value()
    for action in (lambda: page.goto(link), lambda: page.reload()):
        action()
        expect(heatmap(page, "B shuffled")).to_be_visible()
        expect_step(page, 31)
        np.testing.assert_array_equal(screenshot(page, heatmap(page, "B shuffled")), before)
    known_misses_forgotten(misbehaviour)


def test_the_network_of_explore_comes_along(visit: Open) -> None:
    page = compare(visit, "?cell=GRU&hidden_size=9&num_layers=1&bias=0&seed=0")
    for preset, run in (("Seeds", "A seed 0"), ("Order", "A original")):
        choose(page, "Compare", preset)
        expect(heatmap(page, run)).to_be_visible()
        settle(page)  # until then the other preset's table may stand beside this one's
        expect(sidebar(page)).to_contain_text("nn.GRU(1, 9, bias=False)")
        expect(main(page).get_by_role("table")).to_contain_text("nn.GRU(1, 9, bias=False)")


def test_the_step_comes_along_and_is_found_again(visit: Open) -> None:
    page = compare(visit, "?step=18")
    expect_step(page, 18)
    slider(page).fill("33")
    expect(page).to_have_url(re.compile("step=33"))
    for name, group in (("Explore", "Feed"), ("Compare", "Compare")):
        page.get_by_role("link", name=name).click()
        expect(page.get_by_role("radiogroup", name=group)).to_be_visible()
    expect_step(page, 33)


def test_an_empty_pad_leads_to_explore(visit: Open) -> None:
    page = visit("?curve=-")
    page.get_by_role("link", name="Compare").click()
    expect(main(page)).to_contain_text("Nothing to compare yet")
    page.get_by_role("link", name="Go to Explore").click()
    expect(page.get_by_role("radiogroup", name="Feed")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_everything_in_both_themes(
    visit: Open, misbehaviour: list[str], scheme: str
) -> None:
    page = compare(visit, "?compare=inits&cell=LSTM", width=390, height=844, scheme=scheme)
    assert page.evaluate("stMain.scrollWidth <= innerWidth")
    for run in ("A default", "B orthogonal", "C identity"):
        expect(heatmap(page, run)).to_be_in_viewport()
        assert colours(screenshot(page, heatmap(page, run))) > 20
    chart(page).scroll_into_view_if_needed()
    box = chart(page).bounding_box()
    assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= 390
    known_misses_forgotten(misbehaviour)
