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
from weakref import WeakValueDictionary

from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

PATIENCE = 0.01  # seconds
_NUMBER = struct.Struct("<I")  # a frame begins with its number, see frame.packed


class PlayerChannel:
    """The way to one browser's player. token: who knows it may listen."""

    def __init__(self) -> None:
        self.token = secrets.token_urlsafe(16)
        self._number, self._numbered = 0, 0  # of the last frame, and its hash
        self._newest = b""
        self._gone = threading.Event()
        self._listener: tuple[asyncio.AbstractEventLoop, asyncio.Event] | None = None

    def numbered(self, frame: bytes) -> bytes:
        """The frame with its number: the last one's if nothing has changed since, else the next."""
        if (digest := hash(frame)) != self._numbered or not self._number:
            self._number, self._numbered = self._number + 1, digest
        return _NUMBER.pack(self._number) + frame[_NUMBER.size :]

    def send(self, frame: bytes) -> None:
        """From a script's thread. Of frames that wait to be sent, only the newest goes out."""
        if frame == self._newest:
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

    async def serve(self, browser: WebSocket) -> None:
        """Send to an accepted socket until it ends; a newer socket takes over."""
        news = asyncio.Event()
        listener = self._listener = asyncio.get_running_loop(), news
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
    """The other end of a session's channel, /frames/{token}: closed to who knows no token."""
    channel = _CHANNELS.get(browser.path_params["token"])
    if channel is None:
        await browser.close()
        return
    await browser.accept()
    await channel.serve(browser)


ROUTE = WebSocketRoute("/frames/{token}", listen)
