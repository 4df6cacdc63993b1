"""How much of what was uploaded Streamlit may hold, and for how long after its page is gone.

Streamlit keeps every file that was ever uploaded in a session until the session ends, and a session
whose page was closed ends when the next visitor comes. So files beyond MAX_HELD_UPLOADS bytes are
let go, the oldest first: a page that has taken its file has it still. And sessions that brought
files are ended a while after their page was closed, shortly before Streamlit would no longer let
the page come back to them.
"""

from __future__ import annotations

import asyncio
import gc
import re
import time
from collections import OrderedDict
from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

from pages.state.files import held_downloads
from seqviz.limits import MAX_HELD_UPLOADS

WAIT = 100.0  # seconds until a session without a page is ended; Streamlit's own limit is 120
INTERVAL = 10.0  # seconds between two looks
_PATH = re.compile(r"/_stcore/upload_file/([^/]+)/([^/]+)$")


class HeldUploads:
    """ASGI middleware that keeps the books of Streamlit's uploads. most: bytes of all sessions."""

    def __init__(self, app: ASGIApp, most: int = MAX_HELD_UPLOADS) -> None:
        self.app, self.most = app, most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        place = _PATH.search(scope["path"]) if scope["type"] == "http" else None
        if place is None or scope["method"] not in ("PUT", "DELETE"):
            await self.app(scope, receive, send)
            return
        arrived, accepted = 0, False

        async def counted() -> Message:
            nonlocal arrived
            message = await receive()
            arrived += len(message.get("body", b""))
            return message

        async def noted(message: Message) -> None:
            nonlocal accepted
            if message["type"] == "http.response.start":
                accepted = message["status"] < 300
            await send(message)

        await self.app(scope, counted, noted)
        if accepted:
            BOOKS.note(place[1], place[2], arrived if scope["method"] == "PUT" else 0)
            BOOKS.make_room(self.most)


class Books:
    """Which session brought which file and how large it is, oldest first. On the event loop only.

    clock: seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.files: OrderedDict[tuple[str, str], int] = OrderedDict()  # (session, file) -> bytes
        self._without_page: dict[str, float] = {}  # session -> since when

    def note(self, session: str, file: str, size: int) -> None:
        """A file came, or with size 0 was taken away."""
        self.files.pop((session, file), None)
        if size:
            self.files[session, file] = size

    def make_room(self, most: int) -> None:
        """Let go of the oldest files until the others have at most `most` bytes."""
        held = runtime.get_instance().uploaded_file_mgr
        assert isinstance(held, MemoryUploadedFileManager)
        while sum(self.files.values()) > most:
            (session, file), _ = self.files.popitem(last=False)
            held.remove_file(session, file)

    def end_sessions(self) -> int:
        """End the sessions with files whose page has been gone for WAIT; how many there were."""
        server, now = runtime.get_instance(), self.clock()
        sessions = {session for session, _ in self.files}
        gone = {session for session in sessions if not server.is_active_session(session)}
        self._without_page = {session: self._without_page.get(session, now) for session in gone}
        late = [each for each, since in self._without_page.items() if now - since >= WAIT]
        for session in late:
            server.close_session(session)
            server.uploaded_file_mgr.remove_session_files(session)  # had it ended already
        self.files = OrderedDict(
            (place, size) for place, size in self.files.items() if place[0] not in late
        )
        return len(late)


BOOKS = Books()
"""Those of this server."""


async def look_after() -> None:
    """End sessions that are gone and let go of old downloads, for as long as the server runs."""
    while True:
        await asyncio.sleep(INTERVAL)
        held_downloads.HELD.look()
        if BOOKS.end_sessions():
            gc.collect()  # a session is full of circles, and app.py leaves collecting to chance
