"""A file that was made for a download stays until the browser has fetched it.

Streamlit makes it when its button is pressed, keeps it for no session, and deletes it when two more
runs have ended, anybody's: with a class that moves its sliders this is sooner than the browser asks
for it, and the download fails. So each is held for a while under the name that Streamlit's manager
of files gives to a thread without a session.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from streamlit import runtime

from seqviz.limits import MAX_HELD_DOWNLOADS

NOBODY = "dontcare"  # Streamlit's name for the session of a thread that has none
KEEP = 60.0  # seconds; on a slow wireless a browser may begin late


class HeldDownloads:
    """most: bytes of all together, but for the newest, which may be larger. clock: seconds."""

    def __init__(
        self, most: int = MAX_HELD_DOWNLOADS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.most, self.clock = most, clock
        self._lock = threading.Lock()
        self._count, self._bytes, self._newest = 0, 0, 0.0

    def hold(self, data: bytes, file_name: str, mime: str) -> None:
        """In a thread without a session, where Streamlit makes a download."""
        files = runtime.get_instance().media_file_mgr
        with self._lock:
            if self._bytes + len(data) > self.most:
                self._let_go()
            self._count += 1
            self._bytes += len(data)
            self._newest = self.clock()
            place = f"download {self._count}"
            files.add(data, mime, place, file_name=file_name, is_for_static_download=True)

    def look(self) -> None:
        """Let all go when the newest has been there for a while."""
        with self._lock:
            if self._bytes and self.clock() - self._newest >= KEEP:
                self._let_go()

    def _let_go(self) -> None:
        """Streamlit deletes them with the next runs that end."""
        runtime.get_instance().media_file_mgr.clear_session_refs(NOBODY)
        self._bytes = 0


HELD = HeldDownloads()
"""Those of this server."""


def held(make: Callable[[], bytes], file_name: str, mime: str) -> Callable[[], bytes]:
    """make, for a download button's data: what it makes is held."""

    def made() -> bytes:
        data = make()
        HELD.hold(data, file_name, mime)
        return data

    return made
