"""What follows a control is what a reload, with the same address, shows."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from urllib.parse import urlsplit

import torch
from person import Person
from playwright.sync_api import FilePayload, Page, expect
from samples import SAMPLES, long_table
from screen import Open, choose, expect_length, fill, heatmap, main, player, settle, sidebar, unfold
from server import Launch, running
from torch import nn

Move = Callable[[Page], None]


def pick(page: Page, label: str, name: str) -> None:
    page.get_by_role("combobox", name=label).click()
    page.get_by_role("option", name=name).click()


def shown(page: Page) -> tuple[str, str, str]:
    """All text of the sidebar and the page, and the first layer as it is painted."""
    settle(page)  # until then what was there before may stand beside what is new
    # the sidebar slides in after the page has its text, and until then it has none to read
    expect(sidebar(page).get_by_role("slider", name="hidden_size")).to_be_visible()
    expect(sidebar(page).get_by_text("Cell", exact=True)).to_be_visible()
    canvas = player(page).get_by_role("img", name="Heatmap of").first
    _, build = sidebar(page).inner_text().split("Cell", 1)  # above: a button that comes with hover
    return build, main(page).inner_text(), str(canvas.evaluate("canvas => canvas.toDataURL()"))


MOVES: dict[str, Move] = {
    "hidden_size=17": lambda page: nudge(page, "hidden_size"),
    "quantity=f": lambda page: choose(page, "Quantity", "f forget"),
    "forget_bias=2.0": lambda page: fill(page, "Forget-gate bias", 2),
    "h_0=random": lambda page: pick(page, "h_0", "random"),
    "feed=type": lambda page: choose(page, "Feed", "Type"),
}
"""What each has to write into the address."""
NEW_SEQUENCES = ("feed=type",)


def nudge(page: Page, name: str) -> None:
    page.get_by_role("slider", name=name).press("ArrowRight")


def test_what_follows_a_control_is_what_a_reload_shows(visit: Open) -> None:
    page = visit("?cell=LSTM&selected=0.0.3&step=20")
    for parameter, act in MOVES.items():
        act(page)
        expect(page).to_have_url(re.compile(rf"[?&]{parameter}(&|$)"))
        if parameter in NEW_SEQUENCES:  # it is read to its end, which the player reports
            expect(page).not_to_have_url(re.compile(r"[?&]step="))
        before = shown(page)
        page.reload()
        expect(player(page)).to_be_visible()
        expect(main(page)).to_contain_text("output[-1]")
        assert shown(page) == before, parameter


def test_a_control_that_comes_back_has_kept_its_value(visit: Open) -> None:
    page = visit()
    fill(page, "Steps", 24)
    expect_length(page, 24)
    choose(page, "View", "Data flow")
    expect(page).to_have_url(re.compile("inspect=data"))
    page.get_by_role("button", name="Clear").click()
    expect(main(page)).to_contain_text("Nothing to watch yet")
    choose(page, "Feed", "Generate")  # the inspector was gone, and the box of steps goes
    expect(player(page)).to_contain_text("Sine")
    chosen = page.get_by_role("radiogroup", name="View").get_by_role("radio", name="Data flow")
    expect(chosen).to_be_checked()
    choose(page, "Feed", "Draw")
    settle(page)  # until then the generator's Steps may stand beside the pad's
    expect(page.get_by_role("spinbutton", name="Steps")).to_have_value("24")
    expect(page).to_have_url(re.compile("inspect=data.*steps=24|steps=24.*inspect=data"))


def test_open_expanders_follow_the_network(visit: Open) -> None:
    page = visit()
    unfold(page, "Code")
    expect(main(page)).to_contain_text("nn.RNN(")
    unfold(page, "In words and numbers")
    expect(page.get_by_role("combobox", name="Values of")).to_be_visible()
    choose(page, "Cell", "LSTM")
    expect(main(page)).to_contain_text("nn.LSTM(")
    choose(page, "Quantity", "f forget")
    expect(main(page)).to_contain_text(re.compile("forget|f of layer", re.I))
    page.get_by_role("button", name="Clear").click()
    expect(main(page).get_by_text("Give the network a sequence above")).to_have_count(3)
    choose(page, "Feed", "Type")
    expect(main(page)).to_contain_text("nn.LSTM(")
    expect(main(page)).to_contain_text(re.compile("forget|f of layer", re.I))


def test_what_is_cleared_at_once_is_not_in_the_link(visit: Open) -> None:
    page = visit("?drawing=pen")
    for _ in range(3):
        box = page.get_by_role("img", name="Draw a sequence").bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + 100, box["y"] + 40)
        page.mouse.down()
        for k in range(10):
            page.mouse.move(box["x"] + 100 + 24 * k, box["y"] + 40 + 20 * (k % 5))
        page.mouse.up()
        page.get_by_role("button", name="Clear").click()
        expect(player(page)).to_contain_text("Nothing to watch yet")
        expect(page).to_have_url(re.compile(r"\?(?!.*strokes=)(.*&)?drawing=pen"))


def test_quick_hands_lose_nothing(visit: Open) -> None:
    """New weights, and a cell before the browser has seen the new seed."""
    page = visit()
    page.get_by_role("button", name="New weights").click()
    choose(page, "Cell", "GRU")
    expect(page).to_have_url(re.compile("cell=GRU.*seed=4"))
    settle(page)  # until then a control may stand beside the one it follows
    expect(page.get_by_role("spinbutton", name="seed")).to_have_value("4")
    for _ in range(5):
        page.get_by_role("button", name="New weights").click()
    expect(page).to_have_url(re.compile("seed=9"))


# ---- files ---------------------------------------------------------------------------------------


def with_an_upload(page: Page) -> Person:
    """Somebody with a table too large for a link, and choices among its rows."""
    me = Person(page)
    me.upload(long_table())
    me.fill("First row", 11)
    me.fill("Stride", 2)
    me.toggle("Standardise")
    me.agrees()
    me.step(40)
    me.agrees()
    assert me.asked.data == ""
    return me


def test_a_reload_keeps_an_upload_with_its_choices(visit: Open) -> None:
    me = with_an_upload(visit())
    me.reload()
    me.agrees()
    me.fill("Stride", 3)
    me.agrees()
    stranger = Person(visit(f"?{urlsplit(me.page.url).query}", stranger=True))
    stranger.asked = me.asked.copy()
    stranger.agrees()


def test_back_and_forward_bring_the_file_that_was_there(visit: Open) -> None:
    me = Person(visit())
    me.upload(SAMPLES["csv"])
    me.agrees()
    before = me.asked.copy()
    me.upload(SAMPLES["json"])
    me.agrees()
    after = me.asked.copy()
    for go, name, asked in (
        (me.page.go_back, "walk.csv", before),
        (me.page.go_forward, "walk.json", after),
    ):
        while name not in me.page.url:  # between the two there was none
            go()
            settle(me.page)
        me.asked = asked
        me.agrees()


def test_a_reload_keeps_a_recording(visit: Open) -> None:
    me = Person(visit())
    me.record()
    me.fill("Bands", 9)
    me.agrees()
    me.reload()
    me.agrees()


def test_a_link_opened_elsewhere_says_which_file_it_wants(visit: Open, launch: Launch) -> None:
    me = with_an_upload(visit())
    with running(launch=launch) as elsewhere:
        page = visit(f"?{urlsplit(me.page.url).query}", url=elsewhere.url)
        expect(page.get_by_role("alert")).to_contain_text(
            re.compile("“long.csv”, which this server does not have.*drawn curve")
        )
        expect(player(page)).to_contain_text("drawn curve · 60 steps")
        expect(main(page)).to_contain_text("The link asks for long.csv")
        other = Person(page)
        other.asked = me.asked.copy()
        other.upload(long_table())  # and takes the choices of the link for it
        other.asked.set(step=None)  # a new sequence, which plays to its end
        other.agrees()
        page.close()  # before its server


def test_a_reload_keeps_weights_of_ones_own(visit: Open) -> None:
    with torch.random.fork_rng():
        torch.manual_seed(11)
        state = nn.GRU(1, 6, 2).state_dict()
    file = io.BytesIO()
    torch.save(state, file)
    page = visit("?step=18")
    unfold(page, "Your own weights")
    region = page.get_by_role("region", name="Upload a state_dict")
    sent: FilePayload = {"name": "gru.pt", "mimeType": "", "buffer": file.getvalue()}
    region.get_by_role("button", name="file upload").set_input_files([sent])
    expect(sidebar(page)).to_contain_text("nn.GRU(1, 6, num_layers=2)")
    expect(page).to_have_url(re.compile("weights="))
    settle(page)
    before = heatmap(page).evaluate("canvas => canvas.toDataURL()")
    page.reload()
    expect(sidebar(page)).to_contain_text("nn.GRU(1, 6, num_layers=2)")
    settle(page)
    assert heatmap(page).evaluate("canvas => canvas.toDataURL()") == before
    assert not page.get_by_role("alert").count()
