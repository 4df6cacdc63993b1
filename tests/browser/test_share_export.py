"""Take it with you: links that bring back the screen, and files that hold its numbers."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import numpy as np
import pandas as pd
import safetensors.torch
import torch
from conftest import Open
from PIL import Image
from playwright.sync_api import BrowserContext, Locator, Page, expect
from screen import (
    choose,
    click_cell,
    expect_length,
    expect_step,
    heatmap,
    player,
    screenshot,
    sidebar,
)
from server import free_port, serve
from torch import nn

import seqviz
from pages.state import schema
from seqviz.data import drawing

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
    levels = drawing.unpack_levels(schema.defaults()["curve"])
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

    page.set_content(files["HTML"].decode())  # a slide of its own: it asks no host for anything
    expect(page.get_by_role("button").first).to_be_visible()
    assert page.locator("canvas").count() > 0


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
    assert sidebar(other).inner_text() == sidebar(page).inner_text()
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
    expect(region.get_by_role("img", name="QR code")).to_be_visible()
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
    assert other.url == page.url


def test_a_killed_and_restarted_server_shows_the_same_screen(visit: Open) -> None:
    port = free_port()
    with serve(port) as (url, process):
        page = visit("?cell=LSTM&seed=12&changes=c_0_0_f_a_1.0", url=url)
        click_cell(page, "layer 2", 41, 5, 60, 16)
        expect(page.get_by_role("region", name="Inspect")).to_contain_text("unit 5, step 41")
        expect(page).to_have_url(re.compile("(?=.*selected=)(?=.*step=41)"))
        said, query = inspect_says(page), page.url.partition("?")[2]
        shown = screenshot(page, heatmap(page, "changed layer 2"))
        page.close()
        process.kill()
        process.wait(timeout=20)
    with serve(port) as (url, _):
        page = visit(f"?{query}", url=url)
        expect(page.get_by_role("region", name="Inspect")).to_contain_text("unit 5, step 41")
        assert inspect_says(page) == said
        expect_step(page, 41)
        expect(page.get_by_role("alert")).to_contain_text("forget gate f clamped to 1")
        again = screenshot(page, heatmap(page, "changed layer 2"))
        np.testing.assert_array_equal(again, shown)
        page.close()  # before its server
