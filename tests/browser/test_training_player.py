"""The player while a network trains: frames that come by themselves, and the film of checkpoints.

It stands on a page of its own, with the server's two ways to it in the test's hands.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from screen import colours, screenshot

from pages.components.player import tracks
from pages.components.player.channel import PlayerChannel
from pages.components.player.film import film
from pages.components.player.frame import frame
from pages.components.player.standalone import standalone
from seqviz import InputSequence, Model, trace
from seqviz.figures import palette
from seqviz.labels import number
from seqviz.rnn.model import build
from seqviz.types import Head, RNNSpec, Trace

STEPS = 30
SEQUENCE = InputSequence(np.sin(np.arange(STEPS) / 3), name="sine")
CHECKPOINTS = list(range(0, 100, 10))
_PARTS = """
<script type="text/plain" src="https://app.example/static/app.js"></script>
<script>
  window.views = []
  window.asked = []
  window.WebSocket = class { constructor() { window.socket = this } close() {} }
  window.bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
</script>
"""
_MOUNT = """
function show(data) {
  mount({ data, parentElement: document, setStateValue: (_, view) => views.push(view),
    load: async (path) => { asked.push(path); return bytesOf(window.film) } })
}
window.byPage = (text) => show(bytesOf(text))
window.byChannel = (text) => socket.onmessage({ data: bytesOf(text).buffer })
"""


def traced(
    iteration: int, names: tuple[str, ...] = ("low", "high"), activation: str = "softmax"
) -> Trace:
    spec = RNNSpec("GRU", 1, 8, seed=iteration)
    weights = {name: value.detach().numpy() for name, value in build(spec).state_dict().items()}
    rng = np.random.default_rng(iteration)
    head = Head(rng.normal(size=(len(names), 8)), np.zeros(len(names)), activation, names)
    return trace(Model(spec, weights, head), SEQUENCE)


def rows(iteration: int) -> list[tracks.Track]:
    one = traced(iteration)
    top = tracks.input_track(SEQUENCE)
    return [top, *tracks.heat_tracks(one, "h"), *tracks.prediction_tracks(one, answers="a class")]


def training(iteration: int, state: str, told: dict[str, Any]) -> dict[str, Any]:
    measured = [[k + 1, 1 / (k + 2)] for k in range(iteration)]
    return {
        "id": "one",
        "state": state,
        "name": "Sine · GRU, 8 units",
        "iteration": iteration,
        "iterations": 100,
        "seconds_left": 8.0,
        "place": 0,
        "note": "",
        "loss": measured,
        "accuracy": [[k, 1 - value] for k, value in measured],
        "gradient_norm": measured,
        "clip": 1.0,
        "baselines": [{"answers": "guessing", "loss": 0.69, "accuracy": 0.5}],
        "checkpoint": None,
        "checkpoints": [k for k in CHECKPOINTS if k <= iteration],
        "film": "films/one",
        **told,
    }


class Watched:
    """A page with the player, and the two ways a frame comes to it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.way = PlayerChannel()
        self.steps = page.get_by_role("slider", name="Time step")
        self.checkpoint = page.get_by_role("slider", name="Checkpoint")
        self.panel = page.get_by_role("group", name="Training")
        self.prediction = page.get_by_role("region", name="Prediction")
        self.heatmap = page.get_by_role("img", name="Heatmap of layer 1")

    def give(self, way: str, iteration: int, state: str = "running", **shown: Any) -> None:
        told = shown.pop("told", {})
        made = frame(
            [*rows(iteration), *shown.pop("more", ())],
            digest=SEQUENCE.digest,
            caption="sine",
            quantity="h",
            ends=palette.scale("h", traced(iteration).h),
            channel="token",
            training=training(iteration, state, told),
            **shown,
        )
        numbered = base64.b64encode(self.way.numbered(made, 0)).decode()
        self.page.evaluate(f"text => {way}(text)", numbered)

    def views(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.page.evaluate("views")
        return found

    def announced(self, name: str, value: Any) -> None:
        """Wait until the last view says so."""
        self.page.wait_for_function(
            "([name, value]) => views.length && views.at(-1)[name] === value", arg=[name, value]
        )

    def move(self, stop: int) -> None:
        """The slider over checkpoints, as a hand moves it."""
        self.checkpoint.focus()
        self.checkpoint.evaluate(
            "(slider, stop) => { slider.value = stop; slider.dispatchEvent(new Event('input')) }",
            stop,
        )

    def expect_prediction(self, iteration: int, step: int) -> None:
        one = traced(iteration)
        assert one.head is not None and one.prediction is not None
        row = one.prediction[step - 1]
        best = [int(k) for k in np.argsort(-row)]
        said = " · ".join(f"{one.head.names[k]} {row[k]:.2f}" for k in best)
        expect(self.prediction).to_have_text(said)


@pytest.fixture
def opened(browser: Browser) -> Iterator[Callable[..., Watched]]:
    """opened(theme) -> a player that has got no frame yet."""
    contexts = []

    def go(theme: str = "light", width: int = 1280, height: int = 800) -> Watched:
        page_of_its_own = standalone(b"", title="Sine", theme=theme)
        html = page_of_its_own.replace("<script id=", f"{_PARTS}<script id=")
        start = html.index("const letters=atob(")
        html = html[:start] + _MOUNT + html[html.index("</script>", start) :]
        context = browser.new_context(
            viewport={"width": width, "height": height},
            reduced_motion="reduce",
            color_scheme="light",
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.set_content(html)
        reel = film({k: rows(k) for k in CHECKPOINTS}, name="one")
        page.evaluate("text => { window.film = text }", base64.b64encode(reel).decode())
        return Watched(page)

    yield go
    for context in contexts:
        context.close()


def test_frames_of_a_running_training_neither_move_the_step_nor_report_anything(opened) -> None:
    watched = opened()
    watched.give("byPage", 10, step=12)
    expect(watched.steps).to_have_attribute("aria-valuenow", "12")
    watched.expect_prediction(10, 12)
    for iteration in (20, 30, 40):
        watched.give("byChannel", iteration)
    expect(watched.panel).to_contain_text("iteration 40 of 100 · about 8 s left")
    expect(watched.panel).to_contain_text("loss 0.0244 (baseline 0.690)")
    expect(watched.panel.get_by_role("progressbar", name="Training")).to_have_attribute(
        "aria-valuetext", "iteration 40 of 100, about 8 s left"
    )
    watched.expect_prediction(40, 12)
    expect(watched.steps).to_have_attribute("aria-valuenow", "12")
    assert watched.views() == [] and watched.page.evaluate("asked") == []


def test_a_checkpoint_stays_while_newer_frames_come_and_the_right_end_follows_again(opened) -> None:
    watched = opened()
    watched.give("byPage", 50, step=12)
    watched.move(2)
    watched.expect_prediction(20, 12)
    expect(watched.checkpoint).to_have_attribute("aria-valuetext", "iteration 20 of 100")
    watched.announced("checkpoint", 20)
    watched.give("byChannel", 60)
    expect(watched.panel).to_contain_text("iteration 60 of 100")
    expect(watched.panel).to_contain_text("0.0476 at 20")
    watched.expect_prediction(20, 12)
    watched.checkpoint.press("Home")
    expect(watched.checkpoint).to_have_attribute("aria-valuetext", "untrained")
    watched.expect_prediction(0, 12)
    watched.checkpoint.press("End")
    watched.announced("checkpoint", None)
    watched.give("byChannel", 70)
    watched.expect_prediction(70, 12)
    expect(watched.checkpoint).to_have_attribute("aria-valuetext", "iteration 70 of 100")
    expect(watched.steps).to_have_attribute("aria-valuenow", "12")


def test_what_is_seen_at_a_checkpoint_is_what_a_frame_of_it_shows(opened) -> None:
    """Painted from the film and from a frame: the same pixels, once both have the film's scale."""
    watched = opened()
    watched.give("byPage", 90, step=STEPS)
    watched.move(3)
    watched.expect_prediction(30, STEPS)
    from_film = screenshot(watched.page, watched.heatmap)
    assert colours(from_film) > 20
    watched.give("byPage", 30, step=None, command=1, told={"checkpoint": 30, "iteration": 90})
    watched.expect_prediction(30, STEPS)
    np.testing.assert_array_equal(screenshot(watched.page, watched.heatmap), from_film)


def test_a_film_that_arrives_while_a_hand_moves_brings_its_scale(opened) -> None:
    """In one and the same moment, before any of it is drawn."""
    watched = opened()
    watched.give("byPage", 90, step=STEPS)
    watched.checkpoint.evaluate(
        """async slider => {
          slider.dispatchEvent(new Event("focusin", { bubbles: true }))
          for (let turn = 0; turn < 20; turn++) await null // the film comes
          slider.value = 3
          slider.dispatchEvent(new Event("input"))
        }"""
    )
    watched.expect_prediction(30, STEPS)
    as_it_came = screenshot(watched.page, watched.heatmap)
    watched.give("byPage", 30, step=None, command=1, told={"checkpoint": 30, "iteration": 90})
    watched.expect_prediction(30, STEPS)
    np.testing.assert_array_equal(screenshot(watched.page, watched.heatmap), as_it_came)


def test_the_end_of_a_training_is_reported_at_once_and_once(opened) -> None:
    watched = opened()
    watched.give("byPage", 90)
    watched.give("byChannel", 100, "done")
    ended = [view for view in watched.views() if "training" in view]
    assert [view["training"] for view in ended] == [{"id": "one", "state": "done"}]
    watched.give("byPage", 100, "done", details="Inspect")
    assert len([view for view in watched.views() if "training" in view]) == 1


def test_an_order_moves_the_checkpoint_and_other_frames_do_not(opened) -> None:
    watched = opened()
    watched.give("byPage", 50, told={"checkpoint": 20})
    expect(watched.checkpoint).to_have_attribute("aria-valuetext", "iteration 20 of 100")
    watched.give("byPage", 60, told={"checkpoint": 40})
    expect(watched.checkpoint).to_have_attribute("aria-valuetext", "iteration 20 of 100")
    watched.give("byPage", 60, command=1, told={"checkpoint": 40})
    expect(watched.checkpoint).to_have_attribute("aria-valuetext", "iteration 40 of 100")


def test_play_training_shows_every_state_and_ends_at_the_newest(opened) -> None:
    watched = opened()
    watched.page.clock.install()
    watched.give("byPage", 100, "done", step=12)
    play = watched.page.get_by_role("button", name="Play training")
    play.click()
    pause = watched.page.get_by_role("button", name="Pause training")
    pause.wait_for()
    watched.page.clock.run_for(4000)
    halfway = int(watched.checkpoint.get_attribute("aria-valuenow") or 0)
    assert 4 <= halfway <= 6
    watched.page.clock.run_for(4500)
    play.wait_for()
    watched.expect_prediction(100, 12)
    assert watched.views() == []  # it began at the newest and ended there
    assert watched.page.evaluate("asked") == ["films/one"]


def test_a_prediction_is_a_cell_like_others(opened) -> None:
    watched = opened()
    watched.give("byPage", 10, step=12)
    picture = watched.page.get_by_role("img", name="Prediction: a class")
    box = picture.bounding_box()
    assert box is not None
    step = 5
    picture.click(
        position={"x": (step + 0.5) / (STEPS + 1) * box["width"], "y": 0.75 * box["height"]}
    )
    value = traced(10).prediction[step - 1, 1]
    said = f"prediction, step {step}: high = {number(value)}"
    expect(watched.page.get_by_role("status")).to_have_text(said)
    watched.announced("step", step)
    assert watched.views()[-1]["cell"] == {"run": 0, "layer": -1, "direction": 0, "unit": 1}
    watched.page.get_by_role("application").focus()
    watched.page.keyboard.press("ArrowUp")
    expect(watched.page.get_by_role("status")).to_contain_text("low = ")
    watched.page.keyboard.press("ArrowUp")
    expect(watched.page.get_by_role("status")).to_contain_text("layer 1, unit 7, step 5: h = ")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
@pytest.mark.parametrize("state", ["running", "diverged"])
def test_axe_has_no_objection_to_a_training(opened, theme, width, height, state) -> None:
    watched = opened(theme, width, height)
    note = "The loss is no number: lower the learning rate." if state == "diverged" else ""
    more = [
        *tracks.prediction_tracks(traced(1, ("sum",), "identity"), run=1, title="one value"),
        *tracks.prediction_tracks(traced(1, ("a", "b"), "identity"), run=2, title="two values"),
        *tracks.prediction_tracks(traced(1, tuple("abcdefghi")), run=3, title="nine classes"),
    ]
    watched.give("byPage", 50, state, told={"note": note}, cell=(0, -1, 0, 0), more=more)
    watched.move(2)
    expect(watched.prediction).to_contain_text("one value: ")
    expect(watched.checkpoint).to_have_attribute("aria-valuetext", "iteration 20 of 100")
    found = Axe().run(watched.page).response["violations"]
    assert [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]] == []


def test_on_a_phone_nothing_is_cut_and_beside_a_wide_player_stands_its_training(opened) -> None:
    for width, where in ((390, "above"), (700, "below"), (880, "beside"), (1280, "beside")):
        watched = opened(width=width, height=844)
        watched.give("byPage", 50)
        expect(watched.panel).to_contain_text("iteration 50")
        assert watched.page.evaluate("document.documentElement.scrollWidth") <= width
        bar = watched.panel.get_by_role("progressbar")
        panel, picture = bar.bounding_box(), watched.heatmap.bounding_box()
        assert panel is not None and picture is not None
        assert (panel["x"] > picture["x"] + picture["width"]) is (where == "beside")
        assert (panel["y"] > picture["y"]) is (where == "below")
        step, checkpoint = watched.steps.bounding_box(), watched.checkpoint.bounding_box()
        assert step is not None and checkpoint is not None
        assert abs(step["x"] - checkpoint["x"]) < 1
        assert abs(step["width"] - checkpoint["width"]) < 1
        assert step["y"] < checkpoint["y"] < step["y"] + 80
        assert width < 880 or step["width"] > 300
        for slider in (step, checkpoint):
            told = watched.page.locator(".where").nth(int(slider is checkpoint)).bounding_box()
            assert told is not None and abs(told["y"] - slider["y"]) < 20  # in one line with it


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_phone_shows_the_loss_above_the_heatmap(opened, theme) -> None:
    watched = opened(theme, width=390, height=600)
    watched.give("byPage", 50)
    loss = watched.page.get_by_role("img", name="Loss over iterations")
    said = watched.page.get_by_text("loss 0.0196 (baseline 0.690)")
    for part in (loss, said, watched.heatmap):
        expect(part).to_be_in_viewport(ratio=1 if part is not watched.heatmap else 0.3)
    assert colours(screenshot(watched.page, loss)) > 3
    top, picture = loss.bounding_box(), watched.heatmap.bounding_box()
    assert top is not None and picture is not None
    assert top["y"] + top["height"] <= picture["y"]


def test_no_words_are_cut_beside_a_player_as_wide_as_at_1280(opened) -> None:
    watched = opened(width=850)  # what the sidebar leaves of it
    watched.give("byPage", 50)
    watched.move(2)
    expect(watched.panel).to_contain_text("0.0476 at 20")
    for part in watched.page.locator(".chart .caption span, .legend .name span").all():
        assert part.evaluate("part => part.scrollWidth <= part.clientWidth"), part.inner_text()


def test_the_ends_of_the_scale_are_not_lit_by_every_iteration(opened) -> None:
    watched = opened()
    watched.give("byPage", 10)
    low = watched.page.locator(".end.low")
    before = low.inner_text()
    watched.give("byChannel", 20)
    expect(watched.panel).to_contain_text("iteration 20")
    assert low.inner_text() != before
    expect(low).not_to_have_class(re.compile(r"\bnew\b"))
