"""The short way to the player: newest frame only, one number for each, closed to strangers."""

import asyncio
import gc
import threading

import pytest
from player_bytes import decode

from pages.components.player import channel
from pages.components.player.channel import Line
from pages.components.player.frame import packed


class Browser:
    """A websocket that keeps what it is sent and hangs up when told to."""

    def __init__(self, token=""):
        self.path_params = {"token": token}
        self.got, self.states = [], []
        self.arrived, self.over = asyncio.Event(), asyncio.Event()
        self.slow = asyncio.Event()
        self.slow.set()

    async def accept(self):
        self.states.append("accepted")

    async def close(self):
        self.states.append("closed")

    async def receive(self):
        await self.over.wait()
        return {"type": "websocket.disconnect"}

    async def send_bytes(self, frame):
        await self.slow.wait()
        self.got.append(frame)
        self.arrived.set()


@pytest.fixture
def session(monkeypatch):
    kept = {}
    monkeypatch.setattr(channel.st, "session_state", kept)
    return kept


def run(scene):
    """What scene() returns; a scene that waits for ever fails."""
    return asyncio.run(asyncio.wait_for(scene(), 30))


async def listening(line, browser):
    """The task that serves browser, once it listens."""
    task = asyncio.create_task(line.serve(browser))
    while not line.listened:
        await asyncio.sleep(0)
    return task


def in_a_thread(work, *arguments):
    thread = threading.Thread(target=work, args=arguments)
    thread.start()
    return thread


def test_a_frame_sent_from_a_thread_arrives_and_the_line_ends_with_its_browser():
    async def scene():
        line, browser = Line(), Browser()
        task = await listening(line, browser)
        thread = in_a_thread(line.send, b"frame")
        await browser.arrived.wait()
        thread.join()
        browser.over.set()
        await task
        return line.listened, browser.got

    assert run(scene) == (False, [b"frame"])


def test_a_frame_that_a_newer_one_overtook_is_not_sent():
    async def scene():
        line, browser = Line(), Browser()
        browser.slow.clear()
        task = await listening(line, browser)
        await asyncio.to_thread(lambda: [line.send(bytes([k])) for k in range(9)])
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
        line, first, second = Line(), Browser(), Browser()
        one = await listening(line, first)
        two = asyncio.create_task(line.serve(second))
        await asyncio.sleep(0)
        first.over.set()
        await one
        still = line.listened
        await asyncio.to_thread(line.send, b"frame")
        await second.arrived.wait()
        second.over.set()
        await two
        return still, first.got, second.got, line.listened

    assert run(scene) == (True, [], [b"frame"], False)


def test_without_a_browser_nothing_waits():
    Line().send(b"frame")


def test_the_route_knows_the_tokens_of_living_sessions_only(session):
    async def scene():
        stranger, guest = Browser("guessed"), Browser(channel.line().token)
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


def test_a_session_has_one_line_and_no_other_has_it(session):
    first = channel.line()
    assert channel.line() is first and len(first.token) >= 20
    session.clear()
    assert channel.line().token != first.token


def test_a_frame_has_the_same_number_each_time_it_is_sent(session):
    one, other = packed({"caption": "a"}, []), packed({"caption": "b"}, [])
    numbers = [decode(channel.numbered(frame))["number"] for frame in (one, one, other, one)]
    assert numbers == [1, 1, 2, 3]
    assert decode(channel.numbered(one))["caption"] == "a"
