"""A frame's short way to the player: from the callback of a control, ahead of the page.

For each control that is moved the browser draws Streamlit's page about three times, 20 ms each on a
small machine, and the heatmap came last. So a session's player listens on a websocket of its own,
and what a callback asks for goes there first. The page brings the same frame again: who cannot open
a second socket waits those milliseconds and misses nothing. Frames are numbered, so that the player
shows each once and never goes back to an older one.
"""

from __future__ import annotations

import asyncio
import secrets
import struct
import threading
from weakref import WeakValueDictionary

import streamlit as st
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

PATIENCE = 0.01  # seconds
_NUMBER = struct.Struct("<I")  # a frame begins with its number, see components.packed


class Line:
    """The way to one browser's player."""

    def __init__(self) -> None:
        self.token = secrets.token_urlsafe(16)  # who knows it may listen
        self._newest = b""
        self._gone = threading.Event()
        self._listener: tuple[asyncio.AbstractEventLoop, asyncio.Event] | None = None

    @property
    def listened(self) -> bool:
        """Whether a browser is at the other end."""
        return self._listener is not None

    def send(self, frame: bytes) -> None:
        """From a script's thread. Of frames that wait to be sent, only the newest goes out."""
        self._newest = frame
        if self._listener is not None:
            loop, news = self._listener
            self._gone.clear()
            loop.call_soon_threadsafe(news.set)
            # A thread that went on computing would keep the server's loop from sending: it has to
            # ask for the interpreter and would get it some 10 ms later.
            self._gone.wait(PATIENCE)

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


_LINES: WeakValueDictionary[str, Line] = WeakValueDictionary()  # a line lives as its session does


def line() -> Line:
    """The session's own."""
    if "_line" not in st.session_state:
        made = Line()
        st.session_state["_line"] = _LINES[made.token] = made
    return st.session_state["_line"]  # type: ignore[no-any-return]


def numbered(frame: bytes) -> bytes:
    """The frame with its number: the last one's if nothing has changed since, else the next."""
    known, number = st.session_state.get("_frame", (None, 0))
    if known != (seen := hash(frame)):
        number += 1
        st.session_state["_frame"] = seen, number
    return _NUMBER.pack(number) + frame[_NUMBER.size :]


async def listen(browser: WebSocket) -> None:
    """The other end of a session's line: /frames/{token}. Closed to who does not know a token."""
    found = _LINES.get(browser.path_params["token"])
    if found is None:
        await browser.close()
        return
    await browser.accept()
    await found.serve(browser)


ROUTE = WebSocketRoute("/frames/{token}", listen)
