"""A frame's short way to the player, ahead of the page.

For each control that is moved the browser draws Streamlit's page about three times, 20 ms each on a
small machine, and the heatmap came last. So a session's player listens on a websocket of its own,
and what a run shows goes there first. The page brings the same frame again: who cannot open a
second socket waits those milliseconds and misses nothing. Frames are numbered, so that the player
shows each once and never goes back to an older one.
"""

from __future__ import annotations

import asyncio
import secrets
import struct
import threading
from collections.abc import Callable
from urllib.parse import urlsplit
from weakref import WeakValueDictionary

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

PATIENCE = 0.01  # seconds
MOST_SOCKETS = 3  # of one session: the one in use, and those a bad network has not closed yet
_REFUSED = 1008  # what websockets call a violation of policy
_NUMBER = struct.Struct("<I")  # a frame begins with its number, see frame.packed
_FIRST = 2
_OVERTAKEN = _NUMBER.pack(_FIRST - 1)


class PlayerChannel:
    """The way to one browser's player. token: who knows it may listen.

    film: makes what the player fetches when somebody scrubs through a training, see film.py.
    """

    def __init__(self) -> None:
        self.token = secrets.token_urlsafe(16)
        self.sockets = 0
        self._number, self._numbered = 0, 0  # of the last frame, and its hash
        self._run = 0  # that gave it
        self._lock = threading.Lock()
        self._newest = b""
        self._gone = threading.Event()
        self._listener: tuple[asyncio.AbstractEventLoop, asyncio.Event] | None = None
        self._heard = False
        self.film: Callable[[], bytes] | None = None

    def numbered(self, frame: bytes, run: int) -> bytes:
        """The frame with its number: the last one's if nothing has changed since, else the next.

        run: which run of the page shows it. One that a newer run has overtaken gets a number that
        every player is past: its frame is shown nowhere.
        """
        with self._lock:
            if run < self._run:
                return _OVERTAKEN + frame[_NUMBER.size :]
            self._run = run
            if (digest := hash(frame)) != self._numbered or not self._number:
                self._number, self._numbered = max(self._number + 1, _FIRST), digest
            return _NUMBER.pack(self._number) + frame[_NUMBER.size :]

    def send(self, frame: bytes) -> None:
        """From a script's thread. Of frames that wait to be sent, only the newest goes out."""
        if frame == self._newest or frame.startswith(_OVERTAKEN):
            return
        self._newest = frame
        if self._listener is not None:
            loop, news = self._listener
            self._gone.clear()
            loop.call_soon_threadsafe(news.set)
            # A thread that went on computing would keep the server's loop from sending: it has to
            # ask for the interpreter and would get it some 10 ms later.
            self._gone.wait(PATIENCE)

    @property
    def is_listened_to(self) -> bool:
        """Whether a browser is at the other end."""
        return self._listener is not None

    def is_watched(self) -> bool:
        """Whether a browser is at the other end, or none could come yet."""
        return self._listener is not None or not self._heard

    async def serve(self, browser: WebSocket) -> None:
        """Send to an accepted socket until it ends; a newer socket takes over."""
        news = asyncio.Event()
        listener = self._listener = asyncio.get_running_loop(), news
        self._heard = True
        sending = asyncio.create_task(self._send_on(browser, news))
        try:
            while (await browser.receive())["type"] != "websocket.disconnect":
                pass  # the player has nothing to say here
        finally:
            if self._listener is listener:
                self._listener = None
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)  # it may have failed on its own

    async def _send_on(self, browser: WebSocket, news: asyncio.Event) -> None:
        while await news.wait():
            news.clear()
            await browser.send_bytes(self._newest)
            self._gone.set()


# by token; a channel lives as its session does
_CHANNELS: WeakValueDictionary[str, PlayerChannel] = WeakValueDictionary()


def opened() -> PlayerChannel:
    """A new channel, to be kept by its session."""
    channel = PlayerChannel()
    _CHANNELS[channel.token] = channel
    return channel


async def listen(browser: WebSocket) -> None:
    """The other end of a session's channel, /frames/{token}: closed to who knows no token, to
    pages of other sites, and to more than MOST_SOCKETS at once.
    """
    channel = _CHANNELS.get(browser.path_params["token"])
    if channel is None or channel.sockets >= MOST_SOCKETS or not comes_from_here(browser.headers):
        await browser.close(_REFUSED)
        return
    channel.sockets += 1
    try:
        await browser.accept()
        await channel.serve(browser)
    finally:
        channel.sockets -= 1


async def send_film(request: Request) -> Response:
    """The film of a session's training, /films/{token}/{name}, to who may listen to its channel.

    name only tells one film from another; what is sent is the film of what is on stage now.
    """
    channel = _CHANNELS.get(request.path_params["token"])
    make = None if channel is None else channel.film
    if make is None or not comes_from_here(request.headers):
        return Response("There is no film here.", status_code=404)
    body = await run_in_threadpool(make)
    # identity: float32 hardly get smaller, and a megabyte of them takes a tenth of a second
    return Response(
        body,
        media_type="application/octet-stream",
        headers={"Content-Encoding": "identity", "Cache-Control": "no-store"},
    )


def comes_from_here(headers: Headers) -> bool:
    """Whether a page of this site asks, or one that Streamlit's own options let in.

    Only browsers say where a request comes from; a client without a browser could say anything.
    """
    origin = headers.get("origin")
    if origin is None or not st.get_option("server.enableCORS"):
        return True
    if urlsplit(origin).netloc == headers.get("host"):
        return True
    named = [*st.get_option("server.corsAllowedOrigins"), st.get_option("browser.serverAddress")]
    hosts = {urlsplit(each if "//" in each else f"//{each}").hostname for each in named}
    return urlsplit(origin).hostname in hosts - {"localhost"}


ROUTES = (
    WebSocketRoute("/frames/{token}", listen),
    Route("/films/{token}/{name}", send_film),
)
