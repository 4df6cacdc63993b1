"""Take it with you: links that bring back the screen, and files that hold its numbers."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import browsers
import numpy as np
import pandas as pd
import pytest
import safetensors.torch
import torch
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from screen import (
    Open,
    button,
    cell,
    choose,
    click_cell,
    expect_length,
    expect_step,
    heatmap,
    player,
    screenshot,
    sidebar,
    slider,
    step_now,
)
from server import Launch, running
from torch import nn

import seqviz
from pages.state import schema
from seqviz.data import drawing, drawing_payload
from seqviz.labels import number

LINK = "?cell=LSTM&hidden_size=6&bidirectional=1&steps=24&step=9&selected=0.0.3"
FILES = {
    "CSV": "states.csv",
    "Parquet": "states.parquet",
    "NPZ": "trace.npz",
    "safetensors": "weights.safetensors",
    "PNG": "player.png",
    "GIF": "player.gif",
    "HTML": "player.html",
    "Python": "seqviz_lesson.py",
}


def open_panel(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    expect(page.get_by_role("region", name=name)).to_be_visible()


def downloaded(page: Page, name: str) -> bytes:
    region = page.get_by_role("region", name="Export")
    with page.expect_download() as caught:
        region.get_by_role("button", name=name, exact=True).click()
    assert caught.value.suggested_filename == FILES[name]
    return Path(caught.value.path()).read_bytes()


def inspect_says(page: Page) -> str:
    line = page.get_by_role("region", name="Inspect").get_by_text(re.compile("unit .* step"))
    return line.first.inner_text()


def linked_trace() -> seqviz.Trace:
    """What LINK shows, computed here."""
    levels = drawing_payload.unpack_levels(schema.Settings().curve)
    spec = seqviz.RNNSpec("LSTM", 1, 6, 2, bidirectional=True, seed=3)
    return seqviz.trace(seqviz.build(spec), drawing.curve(levels, 24), spec=spec)


# ---- Export --------------------------------------------------------------------------------------


def test_every_download_opens_and_holds_the_numbers(visit: Open) -> None:
    trace = linked_trace()
    page = visit(LINK)
    open_panel(page, "Export")
    files = {name: downloaded(page, name) for name in FILES}
    expect_step(page, 9)
    assert not page.get_by_role("alert").count()

    for table in (
        pd.read_csv(io.BytesIO(files["CSV"])),
        pd.read_parquet(io.BytesIO(files["Parquet"])),
    ):
        assert len(table) == 6 * trace.h.size  # h c i f g o
        c = table[(table.quantity == "c") & (table.layer == 2) & (table.direction == "reverse")]
        values = c.pivot(index="step", columns="unit", values="value").to_numpy()
        assert trace.c is not None
        np.testing.assert_allclose(values, trace.c[1, 1], rtol=1e-6)

    with np.load(io.BytesIO(files["NPZ"]), allow_pickle=False) as arrays:
        np.testing.assert_array_equal(arrays["h"], trace.h)
        np.testing.assert_array_equal(arrays["output"][:, 0], trace.output)

    rnn = nn.LSTM(1, 6, 2, bidirectional=True)
    rnn.load_state_dict(safetensors.torch.load(files["safetensors"]))
    with torch.inference_mode():
        output = rnn(torch.tensor(trace.x)[:, None])[0][:, 0].numpy()
    np.testing.assert_allclose(output, trace.output, rtol=0, atol=1e-6)

    names: dict[str, torch.Tensor] = {}
    with torch.random.fork_rng(), contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(files["Python"], "seqviz_lesson.py", "exec"), names)
    np.testing.assert_allclose(names["output"][-1, 0], trace.output[-1], rtol=0, atol=1e-6)
    assert "output (24, 1, 12)" in printed.getvalue() and "output[-1] [[" in printed.getvalue()

    still, moving = (Image.open(io.BytesIO(files[name])) for name in ("PNG", "GIF"))
    assert (still.format, moving.format) == ("PNG", "GIF")
    assert still.width == moving.width == 1280 and still.height <= 720
    assert getattr(moving, "n_frames", 1) == 25  # h_0 and 24 steps


@pytest.fixture
def alone(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """alone(html) -> the file opened in a browser that has no network, and asks for none."""
    misbehaviour: list[str] = []
    contexts: list[BrowserContext] = []

    def go(html: bytes, *, moving: bool) -> Page:
        file = tmp_path / "player.html"
        file.write_bytes(html)
        motion: Literal["no-preference", "reduce"] = "no-preference" if moving else "reduce"
        context = browser.new_context(
            offline=True, viewport=browsers.VIEWPORT, reduced_motion=motion
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: misbehaviour.append(message.text))
        page.on("pageerror", lambda error: misbehaviour.append(str(error)))
        page.on("request", lambda request: misbehaviour.append(request.url))
        page.on("websocket", lambda socket: misbehaviour.append(socket.url))
        page.goto(file.as_uri())
        misbehaviour.remove(file.as_uri())
        return page

    yield go
    for context in contexts:
        context.close()
    assert misbehaviour == []


def exported_page(visit: Open, scheme: str) -> bytes:
    page = visit(LINK, scheme=scheme)
    open_panel(page, "Export")
    return downloaded(page, "HTML")


def test_the_page_that_plays_by_itself_is_the_player(
    visit: Open, alone: Callable[..., Page]
) -> None:
    trace = linked_trace()
    page = alone(exported_page(visit, "light"), moving=True)
    expect(button(page, "Pause")).to_be_visible()
    expect_length(page, 24)
    expect_step(page, 24)
    expect(button(page, "Play")).to_be_visible()  # once, then it rests
    expect(page).to_have_title("h of nn.LSTM(1, 6, num_layers=2, bidirectional=True)")
    expect(page.get_by_role("heading")).to_have_text(page.title())
    expect(player(page).get_by_role("img", name="Input sequence x")).to_be_visible()

    page.keyboard.press("ArrowLeft")  # nothing has the focus yet
    expect_step(page, 23)
    button(page, "Step back").click()
    expect_step(page, 22)
    slider(page).fill("7")
    expect_step(page, 7)
    expect(slider(page)).to_have_attribute("aria-valuetext", re.compile("^step 7 of 24"))

    for layer in range(2):
        for direction, note in enumerate(("forward →", "← reverse")):
            canvas = heatmap(page, f"layer {layer + 1} {note}")
            # an h_0 stands at either end
            canvas.hover(position=cell(canvas, step=9, unit=3, steps=25, units=6))
            value = float(trace.h[layer, direction, 8, 3])
            place = f"layer {layer + 1}{' reverse' if direction else ''}, unit 3, step 9"
            expect(player(page).get_by_text(f"h = {number(value)} · {place}")).to_be_visible()
    canvas.click(position=cell(canvas, step=9, unit=3, steps=25, units=6))
    expect_step(page, 16)  # of the reverse direction, which has read 24 to 9
    expect(player(page).get_by_role("status")).to_have_text(f"{place}: h = {number(value)}")


def test_the_page_that_plays_by_itself_keeps_to_theme_and_reduced_motion(
    visit: Open, alone: Callable[..., Page]
) -> None:
    page = alone(exported_page(visit, "dark"), moving=False)
    expect(button(page, "Play")).to_be_visible()
    assert step_now(page) == 24
    expect(page.locator("body")).to_have_css("background-color", "rgb(15, 17, 23)")
    corner = screenshot(page, page.locator("body"))[0, 0]
    assert corner.tolist() == [15, 17, 23]
    for width, height in ((1280, 800), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        expect(slider(page)).to_be_in_viewport()
        assert page.evaluate("document.documentElement.scrollWidth") == width


# ---- Share ---------------------------------------------------------------------------------------


def pad(page: Page) -> Locator:
    return page.get_by_role("img", name="Draw a sequence")


def draw(page: Page) -> None:
    """A zigzag over the left half of the pad."""
    box = pad(page).bounding_box()
    assert box is not None
    for k, up in enumerate((0.5, 0.9, 0.1, 0.8, 0.3)):
        x, y = box["x"] + (0.01 + 0.12 * k) * box["width"], box["y"] + (1 - up) * box["height"]
        page.mouse.move(x, y, steps=4)
        if not k:
            page.mouse.down()
    page.mouse.up()


def same_screen(page: Page, other: Page) -> None:
    """Everything a link carries, as two people see it."""
    assert inspect_says(other) == inspect_says(page)
    assert player(other).inner_text() == player(page).inner_text()
    for one in (page, other):
        one.mouse.move(700, 5)  # above the sidebar its own button appears
    expect(sidebar(other)).to_have_text(sidebar(page).inner_text(), use_inner_text=True)
    alerts = [each.get_by_role("alert").all_inner_texts() for each in (page, other)]
    assert alerts[0] == alerts[1]
    for part in (heatmap, pad):
        apart = np.abs(screenshot(page, part(page)) - screenshot(other, part(other)))
        assert apart.max() <= 2  # an edge may fall between two pixels


def test_a_shared_link_shows_a_stranger_the_same_screen(
    visit: Open, cached: BrowserContext, address: str
) -> None:
    cached.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
    page = visit("?cell=GRU&hidden_size=7&steps=30&changes=s_0_0_2")
    draw(page)
    expect(page).to_have_url(re.compile("curve="))  # a new curve sets the player to its end
    expect_length(page, 30)
    choose(page, "Quantity", "z update")
    click_cell(page, "layer 2", 12, 3, 30, 7)
    inspect = page.get_by_role("region", name="Inspect")
    expect(inspect).to_contain_text("layer 2, unit 3, step 12: z = ")
    choose(page, "View", "Unit over time")
    expect(inspect.get_by_role("figure")).to_be_visible()
    expect(page).to_have_url(re.compile("inspect=over"))

    open_panel(page, "Share")
    region = page.get_by_role("region", name="Share")
    shared = region.get_by_role("textbox", name="Link to this screen")
    expect(shared).to_have_value(re.compile("inspect=over"))  # the box is drawn empty at first
    link = shared.input_value()
    expect(region).to_contain_text(f"{len(link):,} characters")
    code = region.get_by_role("img", name="QR code")
    expect(code).to_have_attribute("src", re.compile("^data:image/png"))  # asks the server nothing
    expect(code).to_be_visible()
    region.get_by_role("button", name="Copy link").click()
    expect(region.get_by_role("status")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.partition("?")[2] == link.partition("?")[2] == page.url.partition("?")[2]
    page.keyboard.press("Escape")
    expect(region).to_be_hidden()

    other = visit("?" + link.partition("?")[2], stranger=True)
    expect(other.get_by_role("region", name="Inspect")).to_contain_text("step 12: z = ")
    expect(other.get_by_role("region", name="Inspect").get_by_role("figure")).to_be_visible()
    expect(other.get_by_role("alert")).to_contain_text("unit 2 silenced (held at 0) in layer 1")
    expect_step(other, 12)
    same_screen(page, other)
    expect(other).to_have_url(page.url)


def test_a_link_is_the_first_request_to_a_new_server_and_shows_the_same(
    visit: Open, launch: Launch
) -> None:
    with running(launch=launch) as server:
        page = visit("?cell=LSTM&seed=12&changes=c_0_0_f_a_1.0", url=server.url)
        click_cell(page, "layer 2", 41, 5, 60, 16)
        expect(page.get_by_role("region", name="Inspect")).to_contain_text("unit 5, step 41")
        expect(page).to_have_url(re.compile("(?=.*selected=)(?=.*step=41)"))
        said, query = inspect_says(page), page.url.partition("?")[2]
        shown = screenshot(page, heatmap(page, "changed layer 2"))
        page.close()
        server.kill()
        server.start()
        page = visit(f"?{query}", url=server.url)
        expect(sidebar(page)).to_contain_text("nn.LSTM(1, 16, num_layers=2)")
        expect(page.get_by_role("radio", name="LSTM")).to_be_checked()
        expect(page.get_by_role("region", name="Inspect")).to_contain_text("unit 5, step 41")
        assert inspect_says(page) == said
        expect_step(page, 41)
        expect(page.get_by_role("alert")).to_contain_text("forget gate f clamped to 1")
        again = screenshot(page, heatmap(page, "changed layer 2"))
        np.testing.assert_array_equal(again, shown)
        page.close()  # before its server
