"""Inspect, Hands on and one's own weights as a person meets them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import safetensors.torch
import torch
from first_visit import STEPS, UNITS, first_visit
from playwright.sync_api import Page, expect
from screen import (
    Open,
    choose,
    click_cell,
    expect_length,
    expect_step,
    fill,
    heatmap,
    inspect,
    main,
    option,
    player,
    sidebar,
    slider,
    tracks,
    unfold,
)
from torch import nn

import seqviz
from seqviz.labels import number
from seqviz.rnn import intervened_run, interventions


def says(trace: seqviz.Trace, layer: int, unit: int, step: int, quantity: str = "h") -> str:
    """What Inspect says of one cell, computed here."""
    value = float(trace.quantity(quantity)[layer, 0, step - 1, unit])
    return f"layer {layer + 1}, unit {unit}, step {step}: {quantity} = {number(value)}"


# ---- the open cell -------------------------------------------------------------------------------


def test_a_click_opens_a_cell_in_every_view(visit: Open) -> None:
    trace = first_visit(mode="LSTM")
    page = visit("?cell=LSTM")
    region = inspect(page)
    expect(region).to_contain_text("click any cell")
    click_cell(page, "layer 1", 18, 7, STEPS, UNITS)
    said = says(trace, 0, 7, 18)
    expect(region).to_contain_text(said)
    expect_step(page, 18)
    value = said.rsplit(" ", 1)[1]
    expect(region.locator("annotation").last).to_contain_text(
        value.replace("−", "-")
    )  # what KaTeX was given
    expect(region.get_by_role("figure")).to_be_visible()
    choose(page, "Waterfall of", "f")
    forget = float(trace.gates["f"][0, 0, 17, 7])
    figure = region.get_by_role("figure", name=re.compile(f"{forget:.4f}"))
    expect(figure).to_be_visible()
    choose(page, "View", "Unit over time")
    expect(
        region.get_by_role("figure", name=re.compile(f"^h of unit 7 .* is {value} "))
    ).to_be_visible()
    choose(page, "View", "Data flow")
    drawing = region.get_by_role("img", name=re.compile(f"h at t = {value}"))
    expect(drawing).to_be_visible()
    slider(page).fill("30")  # it follows the player
    later = says(trace, 0, 7, 30)
    expect(region).to_contain_text(later)
    expect(region.get_by_role("img", name=re.compile(later.rsplit(" ", 1)[1]))).to_be_visible()
    click_cell(page, "layer 2", 40, 0, STEPS, UNITS)
    expect(region).to_contain_text(says(trace, 1, 0, 40))
    expect(page).to_have_url(re.compile(r"(?=.*selected=1\.0\.0)(?=.*step=40)(?=.*inspect=data)"))


def test_the_keyboard_moves_the_open_cell(visit: Open) -> None:
    trace = first_visit()
    page = visit("?step=18&selected=0.0.14")
    region = inspect(page)
    expect(region).to_contain_text(says(trace, 0, 14, 18))
    tracks(page).focus()
    for key, (layer, unit, step) in (
        ("ArrowDown", (0, 15, 18)),
        ("ArrowDown", (1, 0, 18)),  # on into the next heatmap
        ("ArrowRight", (1, 0, 19)),
        ("Shift+ArrowLeft", (1, 0, 9)),
        ("ArrowUp", (0, 15, 9)),
        ("End", (0, 15, 60)),
    ):
        page.keyboard.press(key)
        expect(region).to_contain_text(says(trace, layer, unit, step))
    page.keyboard.press("Home")
    expect(region).to_contain_text("layer 1, unit 15, step 0: h_0")


def test_a_smaller_network_lets_go_of_a_cell_it_does_not_have(visit: Open) -> None:
    page = visit("?step=18&selected=0.0.12")
    marks = player(page).locator(".selected:visible")
    expect(inspect(page)).to_contain_text("layer 1, unit 12, step 18")
    expect(marks).to_have_count(1)
    hidden = page.get_by_role("slider", name="hidden_size")
    hidden.focus()
    page.keyboard.press("Home")
    expect(sidebar(page)).to_contain_text("nn.RNN(1, 1, num_layers=2)")
    expect(inspect(page)).to_contain_text("click any cell")
    expect(marks).to_have_count(0)  # player and Inspect agree


# ---- what must not move --------------------------------------------------------------------------


def test_the_player_keeps_its_step_speed_and_zoom_through_everything(visit: Open) -> None:
    page = visit("?cell=LSTM&hidden_size=5")
    slider(page).fill("18")
    option(page, "Speed").select_option("2")
    option(page, "Zoom").select_option("4")
    option(page, "Future").select_option("hidden")
    player(page).get_by_role("checkbox", name="Loop").check()

    def kept() -> None:
        expect_step(page, 18)
        expect(option(page, "Speed")).to_have_value("2")
        expect(option(page, "Zoom")).to_have_value("4")
        expect(option(page, "Future")).to_have_value("hidden")
        expect(player(page).get_by_role("checkbox", name="Loop")).to_be_checked()
        expect(inspect(page)).to_contain_text("layer 1, unit 0, step 18")

    tracks(page).focus()
    page.keyboard.press("ArrowDown")
    kept()
    for view in ("Unit over time", "Data flow", "Hands on"):
        choose(page, "View", view)
        kept()
    for panel in ("Share", "Export"):
        page.get_by_role("button", name=panel, exact=True).click()
        expect(page.get_by_role("region", name=panel)).to_be_visible()
        kept()
        page.keyboard.press("Escape")
        expect(page.get_by_role("region", name=panel)).to_be_hidden()
    page.get_by_role("button", name="Apply").click()
    expect(heatmap(page, "difference layer 1")).to_be_visible()
    kept()
    choose(page, "Quantity", "f forget")
    page.get_by_role("button", name="Undo").click()
    expect(heatmap(page, "difference layer 1")).to_have_count(0)
    kept()
    unfold(page, "Code")
    expect(main(page)).to_contain_text("torch.manual_seed(3)")
    kept()


# ---- hands on ------------------------------------------------------------------------------------


def test_a_forget_gate_held_open_and_let_go(visit: Open) -> None:
    trace = first_visit(mode="LSTM")
    changed = intervened_run.run(trace, [interventions.clamp("f", 1.0)])
    page = visit("?cell=LSTM&inspect=hands on&step=50&selected=0.0.7")
    choose(page, "Change", "Clamp a gate")
    page.get_by_role("button", name="Apply").click()
    banner = page.get_by_role("alert")
    expect(banner).to_contain_text("Changed network: forget gate f clamped to 1 in layer 1")
    now = float(changed.h[0, 0, 49, 7])
    expect(inspect(page)).to_contain_text(f"{says(trace, 0, 7, 50)} → {number(now)} when changed")
    click_cell(page, "changed layer 2", 33, 3, STEPS, UNITS)
    expect(inspect(page)).to_contain_text(f"changed network, {says(trace, 1, 3, 33)}")
    expect(page).to_have_url(re.compile("changes=c_0_0_f_a_1.0"))
    choose(page, "Change", "Silence a unit")
    fill(page, "Unit", 0)
    page.get_by_role("button", name="Apply").click()
    expect(banner).to_contain_text("silenced")
    undo = page.get_by_role("button", name="Undo")
    undo.click()
    expect(banner).not_to_contain_text("silenced")
    undo.click()
    expect(undo).to_have_count(0)
    expect(banner).to_have_count(0)
    expect(heatmap(page, "changed layer 1")).to_have_count(0)
    expect(inspect(page)).to_contain_text(says(trace, 1, 3, 33))
    expect(page).not_to_have_url(re.compile("changes="))


# ---- one's own weights ---------------------------------------------------------------------------


def upload_weights(page: Page, path: Path) -> None:
    region = page.get_by_role("region", name="Upload a state_dict")
    region.get_by_role("button", name="file upload").set_input_files(path)


def model(make: Callable[[], nn.Module]) -> nn.Module:
    """make() with weights of its own, the global random state left alone."""
    with torch.random.fork_rng():
        torch.manual_seed(11)
        return make()


class Malicious:
    """Unpickling it would leave a file behind."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[Any, ...]:
        return open, (str(self.marker), "w")


def test_own_weights_are_found_chosen_and_run(visit: Open, tmp_path: Path) -> None:
    gru, cell = model(lambda: nn.GRU(1, 6, 2)), model(lambda: nn.LSTMCell(3, 5))
    several = {f"encoder.rnn.{name}": value for name, value in gru.state_dict().items()}
    several |= {f"decoder.{name}": value for name, value in cell.state_dict().items()}
    both, single = tmp_path / "model.safetensors", tmp_path / "gru.pt"
    safetensors.torch.save_file(several, both)
    torch.save(gru.state_dict(), single)
    marker, evil = tmp_path / "executed", tmp_path / "evil.pt"
    torch.save({"weight_ih_l0": Malicious(marker)}, evil)

    page = visit("?step=18&selected=1.0.4")
    unfold(page, "Your own weights")
    upload_weights(page, evil)
    alert = sidebar(page).get_by_role("alert")
    expect(alert).to_be_visible()
    sentence = alert.inner_text().removeprefix("error").strip()
    assert sentence.endswith(".") and len(re.findall(r"[.!?](?:\s|$)", sentence)) == 1, sentence
    assert not marker.exists()
    expect(sidebar(page)).to_contain_text("nn.RNN(1, 16, num_layers=2)")

    upload_weights(page, single)
    expect(sidebar(page)).to_contain_text("nn.GRU(1, 6, num_layers=2)")
    expect(alert).to_have_count(0)
    with torch.inference_mode():
        x = torch.tensor(first_visit().x)[:, None]
        values = gru(x)[0][:, 0, 4]
    expect(inspect(page)).to_contain_text(f"layer 2, unit 4, step 18: h = {number(values[17])}")

    upload_weights(page, both)
    layers = sidebar(page).get_by_role("radiogroup", name="Layer")
    running = "decoder: LSTM, 1 layer, input_size 3, hidden_size 5"  # by name the first in the file
    expect(layers.get_by_role("radio", name=running)).to_be_checked()
    stands_in = main(page).get_by_text("reads 3 features a step")
    expect(stands_in).to_contain_text("Until then it reads torch.randn(60, 1, 3).")
    expect(heatmap(page, "layer 1")).to_be_visible()
    expect_length(page, 60)
    expect(player(page)).to_contain_text("torch.randn(60, 1, 3)")
    other = "encoder.rnn: GRU, 2 layers, input_size 1, hidden_size 6"
    layers.get_by_text(other).click()
    expect(sidebar(page)).to_contain_text("nn.GRU(1, 6, num_layers=2)")
    expect(stands_in).to_have_count(0)
    last = (
        f"layer 2, unit 4, step 60: h = {number(values[59])}"  # another sequence plays to its end
    )
    expect(inspect(page)).to_contain_text(last)
    page.get_by_role("button", name="Back to the network from Build").click()
    expect(sidebar(page)).to_contain_text("nn.RNN(1, 16, num_layers=2)")
