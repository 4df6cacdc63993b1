"""The short way to the player: newest frame only, one number for each, closed to strangers."""

import asyncio
import gc
import threading

import pytest
import streamlit as st
from player_bytes import decode
from starlette.datastructures import Headers

from pages.components.player import channel
from pages.components.player.channel import PlayerChannel
from pages.components.player.frame import packed


class Browser:
    """A websocket that keeps what it is sent and hangs up when told to."""

    def __init__(self, token="", **headers):
        self.path_params = {"token": token}
        self.headers = Headers({"host": "seqviz.example:8501", **headers})
        self.got, self.states = [], []
        self.arrived, self.over = asyncio.Event(), asyncio.Event()
        self.slow = asyncio.Event()
        self.slow.set()

    async def accept(self):
        self.states.append("accepted")

    async def close(self, code=1000):
        self.states.append("closed")

    async def receive(self):
        await self.over.wait()
        return {"type": "websocket.disconnect"}

    async def send_bytes(self, frame):
        await self.slow.wait()
        self.got.append(frame)
        self.arrived.set()


def run(scene):
    """What scene() returns; a scene that waits for ever fails."""
    return asyncio.run(asyncio.wait_for(scene(), 30))


async def listening(player_channel, browser):
    """The task that serves browser, once it listens."""
    task = asyncio.create_task(player_channel.serve(browser))
    while not player_channel.is_listened_to:
        await asyncio.sleep(0)
    return task


def in_a_thread(work, *arguments):
    thread = threading.Thread(target=work, args=arguments)
    thread.start()
    return thread


def test_a_frame_sent_from_a_thread_arrives_and_the_channel_ends_with_its_browser():
    async def scene():
        player_channel, browser = PlayerChannel(), Browser()
        task = await listening(player_channel, browser)
        thread = in_a_thread(player_channel.send, b"frame")
        await browser.arrived.wait()
        thread.join()
        browser.over.set()
        await task
        return player_channel.is_listened_to, browser.got

    assert run(scene) == (False, [b"frame"])


def test_a_frame_that_a_newer_one_overtook_is_not_sent():
    async def scene():
        player_channel, browser = PlayerChannel(), Browser()
        browser.slow.clear()
        task = await listening(player_channel, browser)
        await asyncio.to_thread(lambda: [player_channel.send(bytes([k])) for k in range(9)])
        browser.slow.set()
        while bytes([8]) not in browser.got:
            browser.arrived.clear()
            await browser.arrived.wait()
        browser.over.set()
        await task
        return browser.got

    got = run(scene)
    assert got[-1] == bytes([8]) and len(got) <= 2  # the one on its way, and the newest


def test_a_newer_socket_takes_over():
    async def scene():
        player_channel, first, second = PlayerChannel(), Browser(), Browser()
        one = await listening(player_channel, first)
        two = asyncio.create_task(player_channel.serve(second))
        await asyncio.sleep(0)
        first.over.set()
        await one
        still = player_channel.is_listened_to
        await asyncio.to_thread(player_channel.send, b"frame")
        await second.arrived.wait()
        second.over.set()
        await two
        return still, first.got, second.got, player_channel.is_listened_to

    assert run(scene) == (True, [], [b"frame"], False)


def test_without_a_browser_nothing_waits(monkeypatch):
    waits = []
    monkeypatch.setattr(threading.Event, "wait", lambda self, seconds=None: waits.append(seconds))
    PlayerChannel().send(b"frame")
    assert waits == []


def test_the_route_knows_the_tokens_of_living_sessions_only():
    async def scene():
        session = [channel.opened()]
        stranger, guest = Browser("guessed"), Browser(session[0].token)
        guest.over.set()
        await channel.listen(stranger)
        await channel.listen(guest)
        session.clear()  # the session has ended
        await asyncio.sleep(0)  # the loop is still busy with the task that sent to guest
        gc.collect()
        late = Browser(guest.path_params["token"])
        await channel.listen(late)
        return stranger.states, guest.states, late.states

    assert run(scene) == (["closed"], ["accepted"], ["closed"])


def test_no_two_sessions_have_a_token_in_common():
    tokens = {channel.opened().token for _ in range(20)}
    assert len(tokens) == 20 and min(map(len, tokens)) >= 20


def test_a_frame_has_the_same_number_each_time_it_is_sent():
    player_channel = PlayerChannel()
    one, other = packed({"caption": "a"}, []), packed({"caption": "b"}, [])
    shown = [decode(player_channel.numbered(frame, 1)) for frame in (one, one, other, one)]
    assert [each["number"] for each in shown] == [2, 2, 3, 4]
    assert shown[-1]["caption"] == "a"


def test_a_run_that_a_newer_one_has_overtaken_shows_nothing():
    player_channel = PlayerChannel()
    old, new = packed({"caption": "old"}, []), packed({"caption": "new"}, [])
    newer = player_channel.numbered(new, 2)
    player_channel.send(newer)
    older = player_channel.numbered(old, 1)
    player_channel.send(older)
    assert decode(older)["number"] < decode(newer)["number"]
    assert player_channel.numbered(new, 2) == newer == player_channel._newest


def test_a_frame_the_player_has_already_is_not_sent_again():
    async def scene():
        player_channel, browser = PlayerChannel(), Browser()
        task = await listening(player_channel, browser)
        await asyncio.to_thread(lambda: [player_channel.send(b"frame") for _ in range(3)])
        await asyncio.to_thread(player_channel.send, b"next")
        while b"next" not in browser.got:
            await asyncio.sleep(0)
        browser.over.set()
        await task
        return browser.got

    assert run(scene) == [b"frame", b"next"]


async def refused(browser):
    browser.over.set()
    await channel.listen(browser)
    return browser.states == ["closed"]


@pytest.mark.parametrize(
    ("origin", "welcome"),
    [
        ("http://seqviz.example:8501", True),
        ("https://seqviz.example:8501", True),  # a proxy that ends TLS
        ("http://seqviz.example:8502", False),
        ("http://seqviz.example", False),
        ("http://evil.example", False),
        ("http://seqviz.example:8501.evil.example", False),
        ("http://seqviz.example:8501@evil.example", False),
        ("http://localhost:3000", False),
        ("null", False),
        ("", False),
        ("https://lessons.example", True),
        ("https://frame.lessons.example", False),
    ],
)
def test_pages_of_other_sites_are_not_let_in(monkeypatch, origin, welcome):
    options = {
        "server.enableCORS": True,
        "server.corsAllowedOrigins": ["https://lessons.example"],
        "browser.serverAddress": "localhost",
    }
    monkeypatch.setattr(st, "get_option", options.__getitem__)

    async def scene():
        session = channel.opened()
        return await refused(Browser(session.token, origin=origin))

    assert run(scene) is not welcome
    options["server.enableCORS"] = False  # as the one who runs the server wants it
    assert run(scene) is False


def test_a_client_without_a_browser_names_no_site():
    async def scene():
        session = channel.opened()
        return await refused(Browser(session.token))

    assert run(scene) is False


def test_a_session_has_few_sockets_and_gives_their_places_back():
    async def scene():
        session = channel.opened()
        browsers = [Browser(session.token) for _ in range(channel.MOST_SOCKETS)]
        tasks = [asyncio.create_task(channel.listen(browser)) for browser in browsers]
        while session.sockets < channel.MOST_SOCKETS:
            await asyncio.sleep(0)
        one_more = await refused(Browser(session.token))
        other_session = channel.opened()
        elsewhere = await refused(Browser(other_session.token))
        for browser in browsers:
            browser.over.set()
        await asyncio.gather(*tasks)
        return one_more, elsewhere, await refused(Browser(session.token)), session.sockets

    assert run(scene) == (True, False, False, 0)
