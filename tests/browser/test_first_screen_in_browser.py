"""The first minute: a curve is predicted and gone on with, and New weights undoes that."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from person import Person, pad
from playwright.sync_api import Page, expect
from screen import Open, button, heatmap, painted_until, player, settle, slider

from seqviz.applications.registry import APPLICATIONS
from seqviz.data.drawing_payload import unpack_levels

TRAINED = re.compile(r"This network is trained \(Waves, 8,000 iterations\): its prediction misses")
UNTRAINED = re.compile(r"This network is untrained .*: its prediction misses")
STEPS, AHEAD = 60, 30


def misses(page: Page) -> list[float]:
    """By how much the prediction misses, and repeating the last value."""
    line = page.get_by_text("its prediction misses").inner_text()
    return [float(text) for text in re.findall(r"by ([\d.]+\d)", line)]


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


ROWS = """canvas => {
  const {width, height} = canvas
  const pixels = canvas.getContext("2d").getImageData(0, 0, width, height).data
  let last = -1
  for (let k = 0; k < width * height; k++) {
    const onTheMiddleLine = Math.abs(Math.floor(k / width) - height / 2) < 4
    if (pixels[4 * k + 3] && !onTheMiddleLine) last = Math.max(last, k % width)
  }
  return (last + 1) / width
}"""


def reach(page: Page) -> tuple[float, float]:
    """How far right the drawing on the pad and the heatmap go, as shares of their widths."""
    return float(pad(page).evaluate(ROWS)), painted_until(heatmap(page))


def test_a_first_visit_is_alive(visit: Open) -> None:
    page = visit(first=True)
    expect(page.get_by_text(TRAINED)).to_be_visible()
    assert min(reach(page)) > 0.97  # both go on to the axis's end
    mine, repeating = misses(page)
    assert mine < repeating / 2
    assert "?" not in page.url
    press(page, "New weights")
    expect(page.get_by_text(UNTRAINED)).to_be_visible()
    expect(page).to_have_url(re.compile("seed=4"))
    mine, repeating = misses(page)
    assert mine > 2 * repeating
    press(page, "Back to the trained network")
    expect(page.get_by_text(TRAINED)).to_be_visible()
    expect(page.get_by_role("button", name="Back to the trained network")).to_have_count(0)
    expect(page).not_to_have_url(re.compile("seed"))


def test_a_hand_draws_and_the_network_draws_on(visit: Open) -> None:
    page = visit(first=True)
    settle(page)
    box = pad(page).bounding_box()
    assert box is not None
    wide = box["width"] / (1 + STEPS + AHEAD)

    def at(step: int) -> tuple[float, float]:
        return box["x"] + (step + 0.5) * wide, box["y"] + box["height"] * (0.3 + 0.4 * (step % 2))

    page.mouse.move(*at(1))
    page.mouse.down()
    for step in range(3, STEPS + 1, 6):
        page.mouse.move(*at(step), steps=4)
    share = (1 + STEPS) / (1 + STEPS + AHEAD)
    assert reach(page)[0] < share + 0.02  # while the hand is down nothing goes on
    page.mouse.up()
    expect(page).to_have_url(re.compile("curve="))
    settle(page)
    expect(page.get_by_text(TRAINED)).to_be_visible()
    assert min(reach(page)) > 0.97


def test_a_hand_that_goes_on_where_the_network_does_ends_the_curve_there(visit: Open) -> None:
    page = visit(first=True)
    settle(page)
    box = pad(page).bounding_box()
    assert box is not None

    def at(share: float) -> tuple[float, float]:  # a line from bottom left to top right
        return box["x"] + share * box["width"], box["y"] + (0.98 - 0.96 * share) * box["height"]

    page.mouse.move(*at(0.02))
    page.mouse.down()
    for percent in range(2, 99, 4):
        page.mouse.move(*at(percent / 100))
    page.mouse.up()
    expect(page).to_have_url(re.compile("curve="))
    settle(page)
    (text,) = parse_qs(urlsplit(page.url).query)["curve"]
    levels = unpack_levels(text)
    assert len(levels) == STEPS and list(levels) == sorted(levels)
    end = 0.02 + 0.96 * (STEPS + 0.5) / (1 + STEPS + AHEAD)
    assert abs(levels[-1] / 4095 - end) < 0.03
    page.mouse.move(*at(0.9))  # a press there draws nothing
    page.mouse.down()
    page.mouse.move(*at(0.95))
    page.mouse.up()
    settle(page)
    assert parse_qs(urlsplit(page.url).query)["curve"] == [text]


def test_continue_and_a_cell_of_what_it_goes_on_with(visit: Open) -> None:
    page = visit(first=True)
    press(page, "Continue")
    expect(page).to_have_url(re.compile("ahead=60"))
    assert slider(page).get_attribute("max") == str(STEPS)
    settle(page)
    canvas = heatmap(page, "layer 2")
    box = canvas.bounding_box()
    assert box is not None
    column = STEPS + 5
    x = (column + 0.5) / (1 + STEPS + 60) * box["width"]
    canvas.hover(position={"x": x, "y": 3.5 / 16 * box["height"]})
    tip = player(page).get_by_text(re.compile(rf"layer 2, unit 3, step {column}, by itself"))
    expect(tip).to_be_visible()


def test_a_link_to_the_first_screen_is_the_address_alone(visit: Open) -> None:
    page = visit(first=True)
    me = Person(page)
    me.choose("Cell", "GRU")
    expect(page).to_have_url(re.compile("cell=GRU"))
    page.go_back()
    expect(page.get_by_text(TRAINED)).to_be_visible()
    assert APPLICATIONS["waves"].recipe() is not None
    expect(button(page, "Play")).to_be_visible()
