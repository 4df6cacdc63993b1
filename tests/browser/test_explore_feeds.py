"""Every way to feed a sequence to the network on Explore: draw, type, upload, generate, record."""

from __future__ import annotations

import io
import re
from pathlib import Path

import numpy as np
import pytest
from person import hand
from playwright.sync_api import FilePayload, Page, expect
from samples import RATE, SAMPLES, TEXT, table
from screen import (
    Open,
    cell,
    choose,
    expect_length,
    expect_step,
    fill,
    heatmap,
    main,
    painted_until,
    player,
    sidebar,
    slider,
    unfold,
)

from seqviz.data import generators, url_payload
from seqviz.types import InputSequence

# ---- Draw ----------------------------------------------------------------------------------------


def clear(page: Page) -> None:
    page.get_by_role("button", name="Clear").click()
    expect(player(page)).to_contain_text("Nothing to watch yet")
    assert painted_until(heatmap(page)) == 0


def test_columns_appear_while_the_hand_draws(visit: Open) -> None:
    page = visit()
    clear(page)
    move = hand(page)
    move(1.1 / 61, 0.5)
    page.mouse.down()
    for across, up in ((0.21, 0.9), (0.41, 0.2), (0.61, 0.7)):
        move((1 + across * 60) / 61, up)  # the first of 61 columns is h_0's
        columns = int(across * 60) + 1
        expect_length(page, columns)  # the button is still down
        expect_step(page, columns)
        assert painted_until(heatmap(page)) == pytest.approx((columns + 1) / 61, abs=0.01)
    page.mouse.up()
    expect_length(page, 60)
    expect_step(page, 60)
    assert painted_until(heatmap(page)) > 0.99
    expect(main(page)).to_contain_text("True, all 16 values")
    fill(page, "Steps", 24)
    expect_length(page, 24)
    expect(sidebar(page)).to_contain_text("torch.Size([24, 1, 1])")
    expect(page).to_have_url(re.compile(r"steps=24.*curve=|curve=.*steps=24"))
    clear(page)


def test_a_pen_writes_a_gesture(visit: Open) -> None:
    page = visit()
    choose(page, "Drawing", "Pen")
    clear(page)
    move = hand(page)
    for stroke in (((0.4, 0.2), (0.45, 0.8), (0.5, 0.3)), ((0.55, 0.5), (0.6, 0.5))):
        move(*stroke[0])
        page.mouse.down()
        for place in stroke[1:]:
            move(*place)
        expect(heatmap(page)).to_be_visible()
        expect(slider(page)).to_have_attribute("max", re.compile(r"^[1-9]\d*$"))
        page.mouse.up()
    expect_length(page, 60)
    expect(sidebar(page)).to_contain_text("nn.RNN(3, 16, num_layers=2)")
    expect(player(page)).to_contain_text("drawn gesture · 60 steps")
    page.get_by_role("button", name="tune").click()
    choose(page, "Even steps in", "arc length")
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile("resample=arc"))
    choose(page, "Drawing", "Curve")  # the curve is still on its pad
    expect(player(page)).to_contain_text("drawn curve · 60 steps")


def test_a_curve_can_be_typed_as_numbers(visit: Open) -> None:
    page = visit()
    page.get_by_role("button", name="Table").click()
    cells = page.get_by_role("region", name="The curve's value at each step")
    cells.dblclick(position={"x": 150, "y": 48})  # step 1's value
    editor = page.locator("input:focus")
    editor.fill("1")
    editor.press("Enter")
    expect(page).to_have_url(re.compile("curve="))
    once = page.url
    page.keyboard.press("Enter")  # the table has kept the focus, now on step 2
    editor.fill("-0.5")
    editor.press("Enter")
    expect(page).not_to_have_url(once)
    page.keyboard.press("Escape")
    curve = player(page).get_by_role("img", name="Input sequence")
    curve.hover(position=cell(curve, 1, 0, 60, 1))
    expect(player(page).get_by_text("step 1: x0 = 1.0000")).to_be_visible()
    curve.hover(position=cell(curve, 2, 0, 60, 1))
    expect(player(page).get_by_text("step 2: x0 = −0.4999")).to_be_visible()


# ---- Type, Generate, Record ----------------------------------------------------------------------


def test_type_reads_characters_or_words(visit: Open) -> None:
    page = visit()
    choose(page, "Feed", "Type")
    page.get_by_role("textbox", name="Text").fill("to be or not to be")
    expect_length(page, 18)
    expect(sidebar(page)).to_contain_text("nn.RNN(7, 16, num_layers=2)")  # "tobernot " has 7 kinds
    choose(page, "One step is", "words")
    expect_length(page, 6)
    expect(sidebar(page)).to_contain_text("nn.RNN(4, 16, num_layers=2)")
    page.get_by_role("textbox", name="Text").fill("")
    expect(page.get_by_role("alert")).to_be_visible()
    expect_length(page, 6)  # the sequence before stays


def test_generate_makes_every_source(visit: Open) -> None:
    page = visit()
    choose(page, "Feed", "Generate")
    box = page.get_by_role("combobox", name="Generator")
    names = set()
    for source in generators.SOURCES.values():
        box.click()
        page.get_by_role("option", name=source.label, exact=True).click()
        sequence = generators.generate(source.key)
        expect(player(page)).to_contain_text(f"{sequence.name} · {len(sequence)} step")
        expect_length(page, len(sequence))
        names.add(player(page).inner_text().split("\n")[0])
    assert len(names) == len(generators.SOURCES)
    expect(page.get_by_role("alert")).to_have_count(0)


def test_record_reads_the_microphone(visit: Open) -> None:
    page = visit()
    choose(page, "Feed", "Record")
    page.get_by_role("button", name="Record", exact=True).click()
    expect(main(page)).to_contain_text("00:01")
    page.get_by_role("button", name="Stop recording").click()
    expect(main(page)).to_contain_text(re.compile(r"at 16,000 Hz, 1 channel"))
    expect(sidebar(page)).to_contain_text("nn.RNN(16, 16, num_layers=2)")
    fill(page, "Bands", 8)
    expect(sidebar(page)).to_contain_text("nn.RNN(8, 16, num_layers=2)")


# ---- Upload --------------------------------------------------------------------------------------


def upload(page: Page, file: Path | FilePayload) -> None:
    uploader = page.get_by_role("region", name="Upload a file")
    uploader.get_by_role("button", name="file upload").set_input_files(file)


def test_every_format_is_read(visit: Open) -> None:
    page = visit()
    choose(page, "Feed", "Upload")
    for sample in SAMPLES.values():
        upload(page, sample.payload)
        expect(main(page)).to_contain_text(f"{sample.name}: ")  # what it read, in words
        name = TEXT if sample.kind == "text" else sample.name.split(".")[0]
        expect(player(page)).to_contain_text(re.compile(rf"{name}\S* · "))
        steps, features = sample.shape()
        expect(sidebar(page)).to_contain_text(f"nn.RNN({features}, 16, num_layers=2)")
        expect_length(page, steps)
        if sample.kind == "sound":
            expect(main(page)).to_contain_text(f"{sample.steps / RATE:g} s at 8,000 Hz, 1 channel")
        expect(page.get_by_role("alert")).to_have_count(0)


def test_columns_rows_and_scale_are_chosen(visit: Open, tmp_path: Path) -> None:
    page = visit()
    choose(page, "Feed", "Upload")
    path = tmp_path / "river.csv"
    table(40).assign(day=[f"2024-01-{k % 28 + 1:02}" for k in range(40)]).to_csv(path, index=False)
    upload(page, path)
    expect(main(page)).to_contain_text("river.csv: 2 numeric columns, 40 rows")
    expect_length(page, 40)
    fill(page, "First row", 11)
    expect_length(page, 30)
    fill(page, "Stride", 3)
    expect_length(page, 10)
    page.get_by_role("switch", name="Standardise").check(force=True)
    page.get_by_role("button", name="Remove flow").click()
    expect(sidebar(page)).to_contain_text("nn.RNN(1, 16, num_layers=2)")


def pickled() -> bytes:
    file = io.BytesIO()
    np.save(file, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    return file.getvalue()


BAD: dict[str, bytes] = {
    "empty.csv": b"",
    "words.csv": b"name,town\nAda,London\nAlan,Wilmslow\n",
    "picture.csv": b"v\n1\n![a](http://localhost:9/a.png)\n",  # which nobody fetches
    "gap.csv": b"a\n1\ninf\n3\n",
    "ragged.json": b"[[1, 2], [3]]",
    "cut.npy": b"\x93NUMPY\x01\x00",
    "objects.npy": pickled(),
    "forged.wav": b"RIFF\xff\xff\xff\xffWAVEfmt " + b"\0" * 40,
    "not.parquet": b"PAR1 but nothing else",
}


def test_a_bad_file_gets_one_sentence_and_changes_nothing(visit: Open, tmp_path: Path) -> None:
    page = visit()
    choose(page, "Feed", "Upload")
    alert = page.get_by_role("alert")
    said: list[str] = []
    for name, data in BAD.items():
        path = tmp_path / name
        path.write_bytes(data)
        upload(page, path)
        known = "|".join(map(re.escape, said)) or "$"
        expect(alert).to_have_text([re.compile(rf"^error\s*(?!{known})")])  # one, and a new one
        sentence = alert.inner_text().removeprefix("error").strip()
        assert "\n" not in sentence and sentence.endswith("."), sentence
        assert len(re.findall(r"[.!?](?:\s|$)", sentence)) == 1, sentence
        assert "Error" not in sentence and "Traceback" not in sentence, sentence
        said.append(sentence)
        expect(player(page)).to_contain_text("drawn curve · 60 steps")
        expect_length(page, 60)


def test_half_a_character_in_a_link_does_no_harm(visit: Open) -> None:
    half = InputSequence(np.eye(3, dtype=np.float32), labels=("\ud800", "b", "c"))
    page = visit(f"?feed=upload&data={url_payload.pack_sequence(half)}")
    expect_length(page, 3)
    unfold(page, "In words and numbers")
    expect(main(page)).to_contain_text("3 steps through 2 layers of 16 units")
    expect(page.get_by_role("alert")).to_have_count(0)


def test_more_text_than_can_be_read_is_said_and_offered_shorter(visit: Open) -> None:
    page = visit("?feed=type")
    page.get_by_role("textbox", name="Text").fill("🙂" * 10_000)
    expect(page.get_by_role("alert")).to_contain_text("10,000 characters")
    expect_length(page, 19)  # the text before
    page.get_by_role("button", name="Use the first 2,000 characters").click()
    expect_length(page, 2000)
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_long_file_offers_a_choice(visit: Open, tmp_path: Path) -> None:
    page = visit()
    choose(page, "Feed", "Upload")
    path = tmp_path / "long.csv"
    table(5000).to_csv(path, index=False)
    upload(page, path)
    expect(page.get_by_role("alert")).to_contain_text("5,000")
    expect(player(page)).to_contain_text("drawn curve · 60 steps")  # nothing is cut silently
    ways = main(page).get_by_role("button", name=re.compile("^Use "))
    expect(ways).not_to_have_count(0)
    ways.first.click()
    expect(player(page)).to_contain_text("long")
    expect(page.get_by_role("alert")).to_have_count(0)
    assert 1 < int(slider(page).get_attribute("max") or "0") <= 2000
