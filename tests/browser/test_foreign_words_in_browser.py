"""What files and links say, as a browser shows it: their letters, and nothing made of them."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from urllib.parse import urlencode

import numpy as np
import pytest
import torch
from foreign_words import ALL, WORDS
from playwright.sync_api import FilePayload, Page, expect
from screen import Open, choose, known_misses_forgotten, main, player, settle, sidebar, unfold

from seqviz.data import url_payload
from seqviz.types import InputSequence

MADE = ("a[href*=evil]", "img[src*=evil]", "a[href^=mailto]", "em", "del", "h1", "li", "hr")
"""What Markdown would make of these words; nothing of the app's own is one of them."""
TOLD = re.compile("evil")


@pytest.fixture(autouse=True)
def known_misses(misbehaviour: list[str]) -> Iterator[None]:
    yield
    known_misses_forgotten(misbehaviour)


def nothing_is_made_of_them(page: Page) -> None:
    settle(page)
    for made in MADE:
        expect(page.locator(made).filter(has_text=TOLD)).to_have_count(0)
    for made in ("img[src*=evil]", "a[href*=evil]"):
        expect(page.locator(made)).to_have_count(0)
    expect(page.get_by_text(re.compile("[😄💯👍©]"))).to_have_count(0)
    expect(page.get_by_text("home", exact=True)).to_have_count(0)  # an icon is its name
    expect(page.locator(".katex").filter(has_text=TOLD)).to_have_count(0)


def letters(page: Page) -> str:
    """All text, without the joiners that nobody sees."""
    return (sidebar(page).inner_text() + main(page).inner_text()).replace("\u2060", "")


def give(page: Page, region: str, name: str, data: bytes) -> None:
    file: FilePayload = {"name": name, "mimeType": "application/octet-stream", "buffer": data}
    uploader = page.get_by_role("region", name=region)
    uploader.get_by_role("button", name="file upload").set_input_files([file])


def packed() -> str:
    labels = tuple((WORDS * 2)[:40])
    x = np.arange(80.0).reshape(40, 2) / 80
    made = InputSequence(x, labels=labels, feature_names=(ALL[:60], WORDS[0]), name=ALL[:200])
    return url_payload.pack_sequence(made) or ""


def test_in_a_link(visit: Open) -> None:
    page = visit("?" + urlencode({name: "1" for name in WORDS[:3]} | {"cell": ":smile: *evil*"}))
    nothing_is_made_of_them(page)
    said = page.get_by_role("alert").inner_text().replace("\u2060", "")
    assert "“www.evil.example/a”" in said and "“:smile: *evil*”" in said


@pytest.mark.parametrize("path", ["", "compare", "memory"])
def test_in_a_packed_sequence(visit: Open, path: str) -> None:
    link = {"feed": "upload", "data": packed(), "inspect": "over time", "selected": "0.0.1"}
    page = visit(f"{path}?{urlencode(link)}")
    nothing_is_made_of_them(page)
    assert "www.evil.example/a me@evil.example" in player(page).inner_text()


def test_in_a_measure(visit: Open) -> None:
    link = {"feed": "upload", "data": packed(), "range_from": 3, "range_to": 5}
    page = visit(f"memory?{urlencode(link)}")
    for measure in ("Influence", "Trajectory", "Alike"):
        choose(page, "Measure", measure)
        if measure == "Alike":
            page.get_by_role("button", name="Find alike").click()
            page.get_by_role("button", name="Steps").first.hover()
        nothing_is_made_of_them(page)


def test_in_a_table(visit: Open) -> None:
    page = visit("?feed=upload")
    columns = ["www.evil.example/a", ":smile: evil", "me@evil.example", ":material/home: **evil**"]
    rows = [f'"{word}",1,{k},3,5'.replace("\n", " ") for k, word in enumerate(WORDS)]
    table = "\n".join([",".join(["label", *columns]), *rows]).encode()
    name = ":smile: www.evil.example *evil* $evil$.csv"
    give(page, "Upload a file", name, table)
    expect(main(page)).to_contain_text("4 numeric columns")
    unfold(page, "In words and numbers")
    nothing_is_made_of_them(page)
    assert f"{name}: 4 numeric columns" in letters(page)
    for column in columns:
        assert column in letters(page)
    page.get_by_role("button", name=f"Remove {columns[0]}").click()
    page.get_by_role("combobox", name="Columns").click()
    expect(page.get_by_role("option", name=columns[0])).to_be_visible()
    nothing_is_made_of_them(page)


def test_in_arrays_of_an_archive(visit: Open) -> None:
    held = io.BytesIO()
    x = np.arange(6.0).reshape(3, 2)
    names = [":smile: www.evil.example", "**evil** me@evil.example"]
    np.savez(held, **dict.fromkeys(names, x))
    page = visit("?feed=upload")
    give(page, "Upload a file", "www.evil.example.npz", held.getvalue())
    page.get_by_role("combobox", name="Array").click()
    for name in names:
        expect(page.get_by_role("option", name=name, exact=False)).to_be_visible()
    nothing_is_made_of_them(page)


def test_in_weights(visit: Open) -> None:
    gru = torch.nn.GRU(1, 3)
    prefixes = ("www.evil.example :smile:.", "*evil* $x$ me@evil.example :material/home:.")
    state = {f"{p}{name}": value for p in prefixes for name, value in gru.state_dict().items()}
    file = io.BytesIO()
    torch.save(state, file)
    page = visit()
    unfold(page, "Your own weights")
    give(page, "Upload a state_dict", ":100: www.evil.example.pt", file.getvalue())
    choice = sidebar(page).get_by_role("radiogroup", name="Layer")
    expect(choice).to_be_visible()
    choice.get_by_text("GRU").first.click()
    expect(sidebar(page)).to_contain_text("nn.GRU(1, 3)")
    nothing_is_made_of_them(page)
    for prefix in prefixes:
        assert prefix.removesuffix(".") in letters(page)


def test_in_files_that_are_wanted(visit: Open) -> None:
    file = f"{'A' * 43}.{ALL[:200]}"
    page = visit("?" + urlencode({"feed": "upload", "file": file, "weights": file}))
    nothing_is_made_of_them(page)
    said = page.get_by_role("alert").inner_text().replace("\u2060", "")
    assert "www.evil.example/a me@evil.example https://evil.example/b" in said
