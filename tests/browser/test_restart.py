"""The server is killed and started again under an open page: the page comes back by itself.

What it shows then is what a link holds, and where that is not all, a sentence says so. The next
click is answered. All tests share one server of their own, which each of them kills once.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
import torch
from person import Person
from playwright.sync_api import FilePayload, Page, Route, expect
from samples import SAMPLES, long_table
from screen import TRAINED, Open, button, forget, heatmap, known_misses_forgotten, sidebar, unfold
from server import Launch, Server, running
from torch import nn

import seqviz
from seqviz.labels import number
from seqviz.training.example import example
from seqviz.training.recipe import Recipe
from seqviz.types import RNNSpec

BACK = 20.0  # seconds from the new server's first answer until the page has come back
OUTAGE = (
    "net::ERR_CONNECTION_REFUSED",
    "net::ERR_CONNECTION_RESET",
    "net::ERR_EMPTY_RESPONSE",
    "Cannot send rerun backMessage when disconnected from server",
    "File uploader error on file upload",
    "Client Error in reaching server endpoint",
    "Streamlit server is not responding",
    "Client error: DoInitPings timed out",
    "Connection timed out.",
)
"""What the console may say while there is no server."""


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory, launch: Launch) -> Iterator[Server]:
    log = tmp_path_factory.mktemp("server") / "log.txt"
    with running(log=log, launch=launch) as server:
        yield server
        assert "Traceback" not in server.said(), server.said()


@pytest.fixture
def server(started: Server, misbehaviour: list[str]) -> Iterator[Server]:
    """The app, which may be killed: what the console says of a server gone is forgiven."""
    if started.process.poll() is not None:
        started.start()
    yield started
    forget(misbehaviour, *OUTAGE)
    known_misses_forgotten(misbehaviour)


WATCH = """() => {
  const app = document.querySelector("[data-test-connection-state]")
  const [connection, script] = ["data-test-connection-state", "data-test-script-state"]
  let [away, running] = [false, false]
  window.cameBack = false
  new MutationObserver(() => {
    away ||= app.getAttribute(connection) !== "CONNECTED"
    const back = away && app.getAttribute(connection) === "CONNECTED"
    running ||= back && app.getAttribute(script) === "running"
    window.cameBack ||= running && app.getAttribute(script) === "notRunning"
  }).observe(app, { attributes: true })
}"""
"""window.cameBack: whether the page has found a server again and has been run by it."""

IN_TURN = """() => {
  const isAtRest = () => Boolean(document.querySelector("[data-test-script-state=notRunning]"))
  window.WebSocket = class extends WebSocket {
    heard = 0
    most = Infinity
    said = 0
    held = []
    constructor(...where) {
      super(...where)
      if (!String(where[0]).endsWith("/_stcore/stream")) return // the player has one of its own
      window.socket = this
      this.addEventListener("message", (event) => {
        this.heard += 1
        if (this.heard > this.most) event.stopImmediatePropagation()
        setTimeout(() => { // once it was heard
          if (isAtRest()) for (const message of this.held.splice(0)) super.send(message)
        })
      })
    }
    send(message) {
      this.said += 1
      if (this !== window.socket || this.said === 1 || isAtRest()) super.send(message)
      else this.held.push(message)
    }
  }
}"""
"""A connection that says one thing after another, when the run before it has come to its end, and
hears no more than its most."""


def kill(page: Page, server: Server) -> None:
    """Once the page has all its code: where some never arrives, it is loaded anew, another way."""
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    page.evaluate(WATCH)
    server.kill()


def restart(page: Page, server: Server) -> None:
    kill(page, server)
    server.start()


def picture(page: Page) -> str:
    canvas = page.get_by_role("img", name="Heatmap of").first
    return str(canvas.evaluate("canvas => canvas.toDataURL()"))


def comes_back(me: Person, ignored: tuple[str, ...] = ()) -> None:
    """By itself; then a click on New weights is answered with another picture."""
    me.page.wait_for_function("window.cameBack", timeout=1000 * BACK)
    me.agrees(patience=BACK, ignored=ignored)
    before = picture(me.page)
    me.new_weights()
    me.agrees(ignored=ignored)
    assert picture(me.page) != before
    expect(me.page.get_by_role("group", name="Player")).to_have_count(1)


def says_what_is_gone(page: Page, what: str) -> None:
    """In one alert, in one sentence."""
    alert = page.get_by_role("alert")
    expect(alert).to_have_count(1)
    (sentence,) = alert.get_by_role("paragraph").all_inner_texts()
    assert re.search(what, sentence), sentence
    assert len(re.findall(r"[.!?](?:\s|$)", sentence)) == 1, sentence


# ---- what a link holds ---------------------------------------------------------------------------


def test_while_it_plays_right_after_loading(visit: Open, server: Server) -> None:
    me = Person(visit("?cell=LSTM", url=server.url, moving=True), cell="LSTM")
    expect(button(me.page, "Pause")).to_be_visible()
    restart(me.page, server)
    comes_back(me)


CLICK_ONCE_BACK = """() => {
  const app = document.querySelector("[data-test-connection-state]")
  const observer = new MutationObserver(() => {
    if (app.getAttribute("data-test-connection-state") !== "CONNECTED") return
    observer.disconnect()
    setTimeout(() => [...document.querySelectorAll("button")].find(
      (button) => button.innerText.includes("New weights")).click())
  })
  observer.observe(app, { attributes: true, attributeFilter: ["data-test-connection-state"] })
}"""


def test_a_click_before_the_new_server_has_run_the_page_counts(visit: Open, server: Server) -> None:
    me = Person(visit("?cell=GRU", url=server.url), cell="GRU")
    me.agrees()
    me.page.evaluate(CLICK_ONCE_BACK)
    restart(me.page, server)
    me.asked.set(seed=me.asked["seed"] + 1)
    comes_back(me)


def test_with_a_cell_open(visit: Open, server: Server) -> None:
    link = "?cell=GRU&feed=type&text=to be or not&quantity=z&inspect=over time"
    told = {"cell": "GRU", "feed": "type", "text": "to be or not", "quantity": "z"}
    me = Person(visit(link, url=server.url), inspect="over time", **told)
    me.open(2, 7, 4)
    me.agrees()
    restart(me.page, server)
    comes_back(me)


def test_with_changes_of_hands_on_in_force(visit: Open, server: Server) -> None:
    changes = "c_0_0_f_a_1.0~s_1_0_3"
    link = f"?cell=LSTM&changes={changes}&inspect=hands on&step=20&selected=0.0.3"
    me = Person(visit(link, url=server.url), cell="LSTM", changes=changes, inspect="hands on")
    me.asked.set(step=20, selected="0.0.3")
    me.agrees()
    restart(me.page, server)
    comes_back(me)


def test_on_compare(visit: Open, server: Server) -> None:
    me = Person(visit("?cell=GRU", url=server.url), cell="GRU")
    me.go("Compare")
    me.choose("Compare", "Seeds")
    me.fill("Other seed", 9)
    me.step(23)
    me.agrees()
    restart(me.page, server)
    comes_back(me)
    me.fill("Other seed", 12)
    me.agrees()


def test_on_memory(visit: Open, server: Server) -> None:
    me = Person(visit("?cell=GRU&hidden_size=8", url=server.url), cell="GRU", hidden_size=8)
    me.go("Memory")
    me.choose("Measure", "Alike")
    me.fill("From step", 5)
    me.fill("To step", 9)
    me.step(31)
    me.agrees()
    restart(me.page, server)
    comes_back(me)
    me.choose("Measure", "Spectrum")
    me.agrees()


def test_with_a_small_upload(visit: Open, server: Server) -> None:
    """Its numbers are in the link, the file is gone."""
    me = Person(visit(url=server.url))
    me.upload(SAMPLES["wav"])
    me.fill("Bands", 4)
    me.agrees()
    restart(me.page, server)
    me.asked.reload(restarted=True)
    comes_back(me)


def test_while_it_trains(visit: Open, server: Server) -> None:
    """The page trains again by itself, and ends where it would have ended."""
    link = "train?task=adding&cell=LSTM&hidden_size=16&num_layers=1&iterations=400&train_steps=20"
    page = visit(link, url=server.url)
    page.get_by_role("button", name="Train", exact=True).click()
    panel = page.get_by_role("group", name="Training")
    expect(panel).to_have_text(re.compile(r"loss \d"))
    expect(page).to_have_url(re.compile(r"trained="))
    restart(page, server)
    page.wait_for_function("window.cameBack", timeout=1000 * BACK)
    expect(panel).to_have_text(re.compile("iteration 400 of 400"), timeout=TRAINED)
    expect(page.get_by_role("button", name="Train longer")).to_be_visible()
    said = page.get_by_role("region", name="Prediction").inner_text()
    recipe = Recipe(
        "adding",
        RNNSpec("LSTM", 2, 16, seed=3),
        steps=20,
        iterations=400,
        lr=5e-3,
    )
    run = seqviz.train(recipe, progress=False)
    answer = seqviz.trace(run.model, example(recipe).sequence).prediction
    assert answer is not None
    assert said.endswith(number(float(answer[-1, 0])))


def test_while_it_is_away_a_sentence_of_ours_stands_there(visit: Open, server: Server) -> None:
    me = Person(visit("?cell=GRU", url=server.url), cell="GRU")
    me.agrees()
    kill(me.page, server)
    dialog = me.page.get_by_role("dialog", name="The server is away")
    expect(dialog).to_contain_text("goes on by itself")
    expect(dialog).not_to_contain_text(re.compile("streamlit", re.IGNORECASE))
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_have_count(0)
    still_away = me.page.get_by_role("status").filter(has_text="The server is away")
    expect(still_away).to_be_in_viewport(ratio=1)
    server.start()
    expect(still_away).to_have_count(0)
    comes_back(me)


# ---- in the middle of a movement -----------------------------------------------------------------


@pytest.mark.parametrize("lifted", ["before it is back", "after it is back"])
def test_while_a_hand_draws(visit: Open, server: Server, lifted: str) -> None:
    me = Person(visit(url=server.url))
    me.clear()
    me.agrees()
    path = [(0.01, 0.5), (0.2, 0.8), (0.4, 0.3), (0.6, 0.7), (0.8, 0.4), (0.99, 0.6)]
    me.stroke(path[:3], up=False)
    expect(heatmap(me.page)).to_be_visible()
    kill(me.page, server)
    me.move(path[3:])
    if lifted == "before it is back":
        me.page.mouse.up()
        server.start()
    else:
        server.start()
        me.connected(BACK)
        me.page.mouse.up()
    me.drawn(path, patience=BACK)
    comes_back(me)


def test_while_what_a_hand_drew_is_on_its_way(visit: Open, server: Server) -> None:
    """Streamlit asks the new server for the run of which it did not hear the end, before we can."""
    me = Person(visit(url=server.url, prepare=lambda page: page.add_init_script(f"({IN_TURN})()")))
    me.clear()
    me.agrees()
    me.page.evaluate("socket.most = socket.heard + 2")  # a run has begun, and is running
    path = [(0.01, 0.5), (0.5, 0.8), (0.99, 0.3)]
    me.stroke(path)
    me.page.locator("[data-test-script-state=running]").wait_for()
    restart(me.page, server)
    me.drawn(path, patience=BACK)
    assert me.page.evaluate("socket.said") > 1
    comes_back(me)


@pytest.mark.parametrize("let_go", ["while it is away", "when it is back"])
def test_while_a_slider_is_dragged(visit: Open, server: Server, let_go: str) -> None:
    """A number that was never said is taken back, whenever the slider is let go."""
    me = Person(visit(url=server.url))
    handle = me.page.get_by_role("slider", name="hidden_size")
    box = handle.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    dragged = handle.element_handle()
    me.page.mouse.move(x, y)
    me.page.mouse.down()
    kill(me.page, server)  # before it moves: a fifth of a second later it would be said
    me.page.mouse.move(x + 50, y, steps=5)
    if let_go == "while it is away":
        me.page.mouse.up()
        assert int(handle.input_value()) > 16
        server.start()
    else:
        server.start()
        # not in the moment between reconnecting and the first run, in which it still would be said
        me.page.wait_for_function("slider => !slider.isConnected", arg=dragged, timeout=1000 * BACK)
        me.connected(BACK)
        me.page.mouse.up()
    comes_back(me)


def test_while_a_file_is_on_its_way(visit: Open, server: Server) -> None:
    """It never arrives, and what was on screen before stays; the next one does."""
    me = Person(visit(url=server.url))
    me.feed("Upload")
    me.agrees()
    before = me.asked.copy()
    me.page.evaluate(WATCH)

    def interrupt(route: Route) -> None:
        server.kill()
        route.continue_()

    me.page.route("**/upload_file/**", interrupt)
    with me.page.expect_event("requestfailed", lambda request: "upload_file" in request.url):
        me.upload(SAMPLES["csv"])
    me.page.unroute("**/upload_file/**")
    server.start()
    me.asked = before
    me.asked.reload(restarted=True)
    comes_back(me, ignored=("alerts",))
    me.upload(SAMPLES["json"])
    me.agrees(ignored=("alerts",))


def test_while_the_code_of_a_widget_is_on_its_way(
    visit: Open, server: Server, misbehaviour: list[str]
) -> None:
    """It never arrives: the page is loaded anew, and shows the widget where an error stood."""
    me = Person(visit(url=server.url))
    me.agrees()
    with me.page.expect_request(re.compile(r"/TextInput\.")):
        held: list[Route] = []
        me.page.route(re.compile(r"/TextInput\."), lambda route: held.append(route))
        me.feed("Type")
    expect(me.page).to_have_url(re.compile("feed=type"))
    server.kill()
    held[0].abort()
    missed = me.page.get_by_role("alert").filter(has_text="dynamically imported module")
    expect(missed).to_be_visible()
    me.page.unroute_all()
    server.start()
    expect(missed).to_have_count(0)
    me.agrees(patience=BACK)
    expect(me.page.get_by_role("textbox", name="Text")).to_be_visible()
    forget(misbehaviour, "dynamically imported module", "net::ERR_FAILED")


# ---- what no link can hold -----------------------------------------------------------------------


def test_with_an_upload_too_large_for_a_link(visit: Open, server: Server) -> None:
    me = Person(visit(url=server.url))
    me.upload(long_table())
    me.agrees()
    assert me.asked.data == ""
    restart(me.page, server)
    me.asked.reload(restarted=True)
    me.agrees(patience=BACK, ignored=("alerts",))
    says_what_is_gone(me.page, "restarted and no longer has “long.csv”")
    comes_back(me, ignored=("alerts",))
    me.upload(long_table())
    me.agrees()


def own_weights() -> FilePayload:
    with torch.random.fork_rng():
        torch.manual_seed(11)
        gru = nn.GRU(1, 6, 2)
    file = io.BytesIO()
    torch.save(gru.state_dict(), file)
    return {"name": "gru.pt", "mimeType": "application/octet-stream", "buffer": file.getvalue()}


def test_with_weights_of_ones_own(visit: Open, server: Server) -> None:
    me = Person(visit("?step=18", url=server.url), step=18)
    me.agrees()
    unfold(me.page, "Your own weights")
    region = me.page.get_by_role("region", name="Upload a state_dict")
    region.get_by_role("button", name="file upload").set_input_files([own_weights()])
    expect(sidebar(me.page)).to_contain_text("nn.GRU(1, 6, num_layers=2)")
    expect(me.page).to_have_url(re.compile("weights=.*gru"))
    me.asked.set(weights=parse_qs(urlsplit(me.page.url).query)["weights"][0])
    me.connected(BACK)
    restart(me.page, server)
    ignored = ("alerts", "address choices")  # which of their layers: still in the address
    me.agrees(patience=BACK, ignored=ignored)
    says_what_is_gone(me.page, "no longer has “gru.pt”.*these weights")
    comes_back(me, ignored=ignored)
