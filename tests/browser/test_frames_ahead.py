"""Frames on a websocket of their own: ahead of the page, never behind it, and not missed."""

from __future__ import annotations

import re
import struct

from playwright.sync_api import Page, WebSocketRoute, expect
from screen import AT_REST, Open, button, choose, expect_step, fill, heatmap, player, slider

FRAMES = re.compile("/frames/")


def picture(page: Page) -> str:
    return str(heatmap(page).evaluate("canvas => canvas.toDataURL()"))


def number(frame: bytes) -> int:
    return int(struct.unpack_from("<I", frame)[0])


def listening(
    visit: Open, query: str = "?cell=LSTM"
) -> tuple[Page, list[WebSocketRoute], list[bytes]]:
    """A page, its ends of its lines, and all that the server sends there."""
    ends: list[WebSocketRoute] = []
    frames: list[bytes] = []

    def open_line(line: WebSocketRoute) -> None:
        ends.append(line)
        server = line.connect_to_server()

        def forward(message: str | bytes) -> None:
            assert isinstance(message, bytes)
            frames.append(message)
            line.send(message)

        server.on_message(forward)

    page = visit(query, prepare=lambda page: page.route_web_socket(FRAMES, open_line))
    page.wait_for_function(AT_REST)
    return page, ends, frames


def new_picture(page: Page, before: str) -> str:
    canvas = heatmap(page).element_handle()
    changed = "([canvas, before]) => canvas.toDataURL() !== before"
    page.wait_for_function(changed, arg=[canvas, before])
    return picture(page)


def new_weights(page: Page) -> str:
    """The picture a click on it gives."""
    before = picture(page)
    page.get_by_role("button", name="New weights").click()
    return new_picture(page, before)


def test_a_control_sends_its_frame_ahead(visit: Open) -> None:
    page, _, frames = listening(visit)
    ahead = new_weights(page)
    page.wait_for_function(AT_REST)
    assert [number(frame) for frame in frames] == [3]  # 2, the first, came with the page
    assert picture(page) == ahead  # what the page brings is the same
    page.reload()
    expect(player(page)).to_be_visible()
    page.wait_for_function(AT_REST)
    expect(page).to_have_url(re.compile("seed=4"))
    assert picture(page) == ahead


def test_a_frame_shows_at_once_and_an_older_one_never(visit: Open) -> None:
    page, ends, frames = listening(visit)
    second = new_weights(page)
    page.wait_for_function(AT_REST)
    third = new_weights(page)
    page.wait_for_function(AT_REST)
    older, newer = frames
    ends[-1].send(older)
    ends[-1].send(newer)
    ends[-1].send(struct.pack("<I", number(newer) + 1) + older[4:])  # the only one to show
    assert new_picture(page, third) == second


def test_without_a_line_the_page_brings_every_frame(visit: Open) -> None:
    asked: list[str] = []

    def refuse(line: WebSocketRoute) -> None:
        asked.append(line.url)
        line.close()

    page = visit("?cell=LSTM", prepare=lambda page: page.route_web_socket(FRAMES, refuse))
    for _ in range(5):
        new_weights(page)
    page.wait_for_function(AT_REST)
    assert 1 <= len(asked) <= 3  # and then it asks no more


def test_the_step_stays_when_the_network_changes_ahead(visit: Open) -> None:
    page, _, _ = listening(visit, "?cell=LSTM&step=20")
    expect_step(page, 20)
    fill(page, "seed", 11)
    expect(page).to_have_url(re.compile("seed=11"))
    expect_step(page, 20)
    choose(page, "Quantity", "f forget")
    expect(page).to_have_url(re.compile("quantity=f"))
    expect_step(page, 20)


def test_a_new_sequence_plays_once_though_its_frame_comes_twice(visit: Open) -> None:
    page = visit("?feed=generate", moving=True)
    expect(button(page, "Play")).to_be_visible()
    choose(page, "Feed", "Type")
    expect(slider(page)).to_have_attribute("max", "19")
    expect(button(page, "Pause")).to_be_visible()
    expect(button(page, "Play")).to_be_visible()
    expect_step(page, 19)


def test_the_line_closes_with_its_player(visit: Open) -> None:
    page = visit()
    sockets = []
    page.on("websocket", lambda socket: sockets.append(socket))
    page.reload()
    expect(player(page)).to_be_visible()
    page.wait_for_function(AT_REST)
    (line,) = (socket for socket in sockets if FRAMES.search(socket.url))
    assert not line.is_closed()
    with line.expect_event("close"):
        page.get_by_role("link", name="Compare").click()
