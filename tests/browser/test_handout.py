"""What leaves the app for a class: a page on paper, a frame in somebody's page; and a skip link."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect
from screen import (
    Open,
    button,
    expect_step,
    known_misses_forgotten,
    main,
    player,
    settle,
    sidebar,
)
from server import Launch, running


@pytest.mark.parametrize(
    ("link", "scheme", "pictures"),
    [("?cell=LSTM&num_layers=4&bidirectional=1&step=20&selected=0.0.3", "light", 1),
     ("memory?cell=GRU", "dark", 2)],
)  # fmt: skip
def test_a_handout_is_one_page(
    visit: Open, misbehaviour: list[str], link: str, scheme: str, pictures: int
) -> None:
    page = visit(link, scheme=scheme)
    settle(page)
    expect(page.get_by_text("What do you expect")).to_be_hidden()
    figures = main(page).get_by_role("figure")
    expect(figures).to_have_count(pictures)
    for figure in figures.all():
        expect(figure.locator("svg").first).to_be_visible()
    settle(page)
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    page.emulate_media(media="print", color_scheme=scheme)  # type: ignore[arg-type]
    expect(page.get_by_text("What do you expect")).to_be_visible()
    for part in (sidebar(page), button(page, "Play"), page.get_by_role("switch", name="Present")):
        expect(part).to_be_hidden()
    expect(player(page).get_by_role("img", name="Heatmap of").last).to_be_visible()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(main(page)).to_contain_text(page.url)
    known_misses_forgotten(misbehaviour)


def test_the_frame_that_share_offers_shows_the_player_alone(visit: Open, address: str) -> None:
    page = visit("?cell=GRU&step=20")
    page.get_by_role("button", name="Share", exact=True).click()
    snippet = page.get_by_role("textbox", name="The player in a page of your own")
    expect(snippet).to_have_value(re.compile(r"^<iframe src=.*embed=true"))
    inner = snippet.input_value()
    expect(page.get_by_role("button", name="Print a handout")).to_be_visible()
    page.goto(f"{address}/_stcore/health")
    page.evaluate("html => { document.body.innerHTML = html }", inner)
    frame = page.frame_locator("iframe")
    step = frame.get_by_role("slider", name="Time step")
    expect(step).to_have_attribute("aria-valuenow", "20")
    frame.get_by_role("button", name="Step forward").click()
    expect(step).to_have_attribute("aria-valuenow", "21")
    for name in ("Share", "Class link", "New weights", "Compare"):
        expect(frame.get_by_text(name, exact=True)).to_be_hidden()


def test_the_first_key_leads_past_the_navigation(visit: Open) -> None:
    page = visit()
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to main content")
    expect(skip).to_be_focused()
    page.keyboard.press("Enter")
    expect(main(page)).to_be_focused()


@pytest.fixture
def prefixed(launch: Launch) -> Iterator[str]:
    with running(prefix="tools/seqviz", launch=launch) as server:
        yield server.url


def test_behind_a_path_prefix_all_of_it_works(
    prefixed: str, visit: Open, misbehaviour: list[str]
) -> None:
    page = visit("?cell=GRU&step=20", url=prefixed)
    expect_step(page, 20)
    page.get_by_role("button", name="New weights").click()
    page.wait_for_url(re.compile("seed=4"))
    settle(page)
    page.get_by_role("button", name="Class poll", exact=True).click()
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_role("region", name="Poll", exact=True)).to_contain_text("0 answered")
    expect(page.get_by_text("/tools/seqviz?room=")).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 844})
    link = main(page).get_by_role("navigation", name="Pages").get_by_role("link", name="Memory")
    expect(link).to_have_attribute("href", re.compile("/tools/seqviz/memory$"))
    link.click()
    page.wait_for_url(re.compile("/tools/seqviz/memory"))
    expect(player(page)).to_be_visible()
    page.close()  # before its server
    known_misses_forgotten(misbehaviour)
