"""Controls appear, disappear and come back: whatever the way, all parts of the screen then agree.

Each way is gone three times within one visit. What must be seen comes from what the person did, see
agreement.py; nothing is taken from the app.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import pytest
from person import Path, Person
from playwright.sync_api import expect
from samples import SAMPLES, sound
from screen import Open, forget, known_misses_forgotten, settle

Way = Callable[[Person, int], None]
ROUNDS = 3
WAYS: dict[str, tuple[dict[str, Any], Way]] = {}


def way(**link: Any) -> Callable[[Way], Way]:
    """A way to go, from this link on; it is told which round it is, from 0."""

    def known(go: Way) -> Way:
        WAYS[go.__name__] = (link, go)
        return go

    return known


def away(me: Person, feed: str = "Type") -> None:
    """To another feed."""
    me.choose("Feed", feed)
    me.agrees()


def wave(k: int) -> Path:
    """A wave from end to end of the pad, another one each round."""
    for number in range(6):
        yield 0.01 + 0.98 * number / 5, 0.5 + 0.3 * math.sin(number * (1.2 + 0.5 * k))


def squiggle(k: int) -> Path:
    """A stroke in the middle of the pad."""
    for number in range(5):
        yield 0.4 + 0.04 * number, 0.3 + 0.1 * ((number * (k + 2)) % 5)


# ---- feeds ---------------------------------------------------------------------------------------


@way()
def a_curve_drawn_cleared_and_drawn_again(me: Person, k: int) -> None:
    me.draw(wave(k))
    away(me, "Generate")
    away(me, "Draw")
    me.clear()
    me.agrees()
    away(me)
    away(me, "Draw")


@way()
def steps_of_the_pad(me: Person, k: int) -> None:
    me.fill("Steps", 24 + k)
    me.agrees()
    away(me)
    away(me, "Draw")
    me.choose("Drawing", "Pen")
    me.agrees()
    me.choose("Drawing", "Curve")
    me.agrees()


@way(feed="generate")
def parameters_of_generators(me: Person, k: int) -> None:
    me.fill("Period", 11 + k)
    me.pick("Generator", "Counting")
    me.fill("Modulo", 7 + k)
    me.pick("Values", "counts" if me.asked["counting_scaled"] else "0 to 1")
    me.agrees()
    me.pick("Generator", "torch.randn")
    me.fill("Features", 3 + k)
    me.fill("Seed", 5 + k)
    me.agrees()
    away(me)
    away(me, "Generate")
    me.pick("Generator", "Sine")
    me.agrees()


@way()
def a_table_and_its_rows(me: Person, k: int) -> None:
    me.upload(SAMPLES["csv"])
    me.agrees()
    me.fill("First row", 2 + k)
    me.agrees()
    me.fill("Stride", 2)
    me.toggle("Standardise")
    me.agrees()
    away(me, "Draw")
    away(me, "Upload")
    me.upload(SAMPLES["json"])
    me.agrees()


@way()
def a_recording_left_and_found_again(me: Person, k: int) -> None:
    if not k:
        me.record()
        me.agrees()
    me.fill("Bands", 8 + k)
    me.agrees()
    away(me, "Draw")
    away(me, "Record")
    me.fill("Bands", 16)
    me.agrees()


@way()
def h_0_typed_comes_and_goes(me: Person, k: int) -> None:
    me.pick("h_0", "a value per unit")
    me.type("h_0 values", f"0.{k + 1}", end="Enter")
    me.agrees()
    me.pick("h_0", "zeros")
    me.agrees()
    me.pick("h_0", "a value per unit")
    me.agrees()
    me.pick("h_0", "random")
    me.agrees()


# ---- files ---------------------------------------------------------------------------------------


def uploads(me: Person, *names: str) -> None:
    for name in names:
        me.upload(SAMPLES[name])
        me.agrees()


@way()
def files_of_every_kind_in_a_row(me: Person, k: int) -> None:
    uploads(me, "wav", "flac", "ogg", "text", "csv", "npz", "numbers")


@way()
def choices_for_a_sound_then_other_files_feeds_and_pages(me: Person, k: int) -> None:
    uploads(me, "wav")
    me.fill("Bands", 12 + k)
    me.fill("Frame length, ms", 40 + k)
    me.agrees()
    uploads(me, "csv", "ogg")
    away(me, "Record")
    away(me, "Upload")
    for page in ("Compare", "Explore"):
        me.go(page)
        me.agrees()
    me.fill("Bands", 16)
    me.fill("Frame length, ms", 25)
    uploads(me, "flac")  # without waiting for the bands


@way()
def a_stretch_of_sound(me: Person, k: int) -> None:
    me.upload(sound("wav", 0.6, "long"))
    me.agrees()  # while one file takes another's place, its boxes come and go
    me.fill("Start, s", round(0.1 * (k + 1), 1))
    me.agrees()
    uploads(me, "flac")
    me.upload(sound("wav", 0.6, "long"))
    me.agrees()


@way()
def files_in_quick_succession(me: Person, k: int) -> None:
    """Each once the one before has arrived and the page is at rest. Sooner, Streamlit's uploader
    may pass over a file while it is busy with the one before, which it then goes on showing.
    """
    for name in ("csv", "wav", "text", "ogg", "json", "flac"):
        with me.page.expect_response(lambda answer: answer.request.method == "PUT"):
            me.upload(SAMPLES[name])
        settle(me.page)
    me.agrees()


# ---- the network ---------------------------------------------------------------------------------


@way()
def cells_and_the_forget_bias(me: Person, k: int) -> None:
    me.choose("Cell", "LSTM")
    me.fill("Forget-gate bias", 2 + k)
    me.agrees()
    me.choose("Cell", "GRU")
    me.agrees()
    me.choose("Cell", "LSTM")
    me.agrees()
    me.fill("Forget-gate bias", 5 + k)
    me.choose("Cell", "RNN (tanh)")  # while the box is filled
    me.agrees()
    me.choose("Cell", "LSTM")
    me.agrees()
    me.fill("Forget-gate bias", None)
    me.choose("Cell", "RNN (ReLU)")
    me.agrees()


@way(cell="LSTM")
def a_quantity_the_next_cell_has_not(me: Person, k: int) -> None:
    me.choose("Quantity", "f forget")
    me.agrees()
    me.choose("Cell", "GRU")
    me.agrees()
    me.choose("Quantity", "z update")
    me.agrees()
    me.choose("Cell", "RNN (ReLU)")
    me.agrees()
    me.choose("Cell", "LSTM")
    me.agrees()


@way(num_layers=3, selected="2.0.5", step=20)
def a_cell_in_a_vanished_layer(me: Person, k: int) -> None:
    me.slide("num_layers", "ArrowLeft", 1, times=2)
    me.agrees()
    me.slide("num_layers", "ArrowRight", 3, times=2)
    me.agrees()


@way()
def every_control_of_the_network(me: Person, k: int) -> None:
    me.pick("init", "orthogonal")
    me.fill("seed", 100 + k)
    me.agrees()
    me.slide("hidden_size", "ArrowRight", 18 + 2 * k, times=2)
    me.agrees()
    me.toggle("bias")
    me.agrees()
    me.pick("init", "xavier")
    me.agrees()


# ---- pages ---------------------------------------------------------------------------------------


@way()
def settings_over_all_pages(me: Person, k: int) -> None:
    me.choose("Cell", ("GRU", "LSTM", "RNN (ReLU)")[k])
    me.slide("hidden_size", "ArrowLeft", 15 - k)
    for page in ("Compare", "Memory"):
        me.go(page)
        me.agrees()
    me.fill("seed", 30 + k)
    me.go("Explore")
    me.agrees()


@way()
def a_step_chosen_then_another_sequence(me: Person, k: int) -> None:
    me.step(18)
    me.agrees()
    me.fill("Steps", 30 + k)
    me.agrees()
    me.step(18)
    me.is_linked()
    me.clear()
    me.draw(wave(k))
    me.agrees()


@way(cell="LSTM")
def player_options_over_all_pages(me: Person, k: int) -> None:
    me.speed((2, 0.5, 4)[k])
    me.loop()
    me.future(("hidden", "faint")[k % 2])
    me.zoom((4, 2, 8)[k])
    me.scale()
    me.choose("Quantity", "f forget")
    me.agrees()  # the button is about what is shown
    me.scale()
    me.agrees()
    me.choose("Quantity", "h hidden state")
    for page in ("Compare", "Memory"):
        me.go(page)
        me.agrees()
    me.reload()
    me.go("Explore")
    me.agrees()


@way()
def presets_with_boxes_of_their_own(me: Person, k: int) -> None:
    on_compare(me)
    me.choose("Compare", "Order")
    me.choose("Order", "Shuffled")
    me.fill("Shuffle seed", 7 + k)
    me.choose("Order", "Swapped")
    me.fill("Step swapped with the next", 4 + k)
    me.agrees()
    me.choose("Compare", "Seeds")
    me.fill("Other seed", 50 + k)
    me.agrees()
    me.choose("Compare", "Order")
    me.choose("Order", "Shuffled")
    me.agrees()


@way()
def a_second_sequence(me: Person, k: int) -> None:
    on_compare(me)
    me.choose("Compare", "Sequences")
    me.pick("Second sequence", "Random walk")
    me.fill("Its seed", 8 + k)
    me.agrees()
    me.pick("Second sequence", "Square wave")
    me.agrees()
    me.choose("Compare", "Seeds")  # whose other seed is the same one
    me.agrees()
    me.choose("Compare", "Sequences")
    me.agrees()


@way(num_layers=3)
def a_layer_that_vanishes_on_compare(me: Person, k: int) -> None:
    on_compare(me)
    me.pick("Layer", "Layer 2")
    me.agrees()
    me.slide("num_layers", "ArrowLeft", 1, times=2)
    me.agrees()
    me.slide("num_layers", "ArrowRight", 3, times=2)
    me.agrees()


def on_compare(me: Person) -> None:
    if me.asked.page != "compare":
        me.go("Compare")
        me.agrees()


@way(cell="GRU")
def measures_with_boxes_of_their_own(me: Person, k: int) -> None:
    if me.asked.page != "memory":
        me.go("Memory")
    me.choose("Measure", "Alike")
    me.fill("From step", 3 + k)
    me.fill("To step", 9 + k)
    me.fill("Unit threshold", 0.2)
    me.agrees()
    me.choose("Measure", "Gates")
    me.agrees()
    me.choose("Measure", "Alike")
    me.agrees()
    me.fill("Unit threshold", None)
    me.choose("Measure", "Trajectory")
    me.toggle("3D")
    me.toggle("With other orders")
    me.agrees()
    me.choose("Measure", "Forward test")
    me.slide("Nudge", "ArrowRight", round(0.102 + 0.002 * k, 3), times=2)
    me.agrees()
    me.choose("Measure", "Trajectory")
    me.agrees()


@way(hidden_size=6)
def a_network_rescaled_and_as_it_is(me: Person, k: int) -> None:
    if me.asked.page != "memory":
        me.go("Memory")
    me.agrees()
    me.page.get_by_role("slider", name="spectral radius").press("End")
    me.asked.set(rho=2.0)
    me.is_linked()
    me.choose("Measure", "Spectrum")
    me.agrees()
    me.choose("Measure", "Alike")
    me.agrees()
    me.choose("Measure", "Influence")
    me.agrees()
    me.click("As it is", rho=None)
    me.agrees()


# ---- the browser's own ways ----------------------------------------------------------------------


@contextmanager
def undone(me: Person) -> Iterator[None]:
    """What is done within is taken back by the browser, and again. The screen agrees before it."""
    before = me.asked.copy()
    yield
    me.agrees()
    after = me.asked
    me.page.go_back()
    me.asked = before.copy()
    me.agrees()
    me.page.go_forward()
    me.asked = after
    me.agrees()


@way()
def back_and_forward(me: Person, k: int) -> None:
    me.agrees()
    with undone(me):
        me.choose("Cell", ("LSTM", "GRU", "RNN (ReLU)")[k])
    with undone(me):
        me.fill("Steps", 20 + k)
    with undone(me):
        me.choose("Feed", ("Type", "Generate", "Record")[k])
    me.choose("Feed", "Draw")


@way(feed="type", cell="GRU")
def back_and_forward_over_pages(me: Person, k: int) -> None:
    me.agrees()
    before = me.asked.copy()
    me.go("Memory")
    me.choose("Measure", ("Gates", "Spectrum", "Horizon")[k])
    me.agrees()
    me.go("Explore")
    me.agrees()
    for page in ("memory", ""):
        while not me.page.url.split("?")[0].endswith(f"/{page}"):
            me.page.go_back()
            settle(me.page)
        me.arrive(page)
        if not page:
            me.asked = before
        me.agrees()


@way()
def a_reload_on_every_feed(me: Person, k: int) -> None:
    me.choose("Cell", ("LSTM", "GRU", "RNN (ReLU)")[k])
    for feed in ("Type", "Generate", "Upload"):
        me.choose("Feed", feed)
        if feed == "Upload":
            me.upload(list(SAMPLES.values())[k])
        me.is_linked()
        me.reload()
        me.agrees()


@way(cell="GRU")
def a_reload_on_every_page(me: Person, k: int) -> None:
    me.step(10 + k)
    me.is_linked()
    me.go("Compare")
    me.choose("Compare", "Seeds")
    me.fill("Other seed", 70 + k)
    me.is_linked()
    me.reload()
    me.agrees()
    me.go("Memory")
    me.choose("Measure", "Alike")
    me.fill("From step", 5 + k)
    me.is_linked()
    me.reload()
    me.agrees()
    me.go("Explore")
    me.agrees()


# ---- quick hands ---------------------------------------------------------------------------------


@way()
def many_controls_without_waiting(me: Person, k: int) -> None:
    me.choose("Cell", "LSTM")
    me.slide("hidden_size", "ArrowRight", 17 + k)
    me.toggle("bidirectional")
    me.choose("Feed", "Generate")
    me.fill("Period", 12 + k)
    me.choose("Quantity", "f forget")
    me.pick("init", "xavier")
    me.agrees()
    me.toggle("bidirectional")
    me.choose("Feed", "Draw")
    me.choose("Cell", "RNN (tanh)")
    me.pick("init", "PyTorch default")
    me.agrees()


@way()
def a_number_typed_and_left_by_a_click(me: Person, k: int) -> None:
    me.fill("Steps", 41 + k, end="")
    me.choose("Cell", ("GRU", "LSTM", "RNN (ReLU)")[k])
    me.agrees()
    me.fill("seed", 61 + k, end="")
    me.choose("Feed", "Type")
    me.agrees()
    me.choose("Feed", "Draw")


@way()
def pages_without_waiting(me: Person, k: int) -> None:
    me.choose("Cell", "GRU")
    me.go("Compare")
    me.go("Memory")
    me.fill("seed", 80 + k)
    me.go("Explore")
    me.agrees()
    me.choose("Cell", "RNN (tanh)")


@way()
def clear_by_a_double_click(me: Person, k: int) -> None:
    me.click("Clear", 2, curve="")
    me.agrees()
    me.draw(wave(k))
    me.agrees()
    me.choose("Drawing", "Pen")
    me.write(squiggle(k))
    me.click("Clear", 2, strokes="")
    me.agrees()
    me.choose("Drawing", "Curve")
    me.agrees()


# ---- all of them ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", WAYS)
def test_the_screen_agrees_on_every_way(visit: Open, misbehaviour: list[str], name: str) -> None:
    link, go = WAYS[name]
    written = {key: int(value) if value is True else value for key, value in link.items()}
    page = visit(f"?{urlencode(written)}" if written else "")
    me = Person(page, **link)
    me.agrees()
    for k in range(ROUNDS):
        go(me, k)
    expect(page.get_by_role("group", name="Player")).to_have_count(1)
    known_misses_forgotten(misbehaviour)
    forget(misbehaviour, "File uploader error on file upload - CanceledError")  # by the next file
