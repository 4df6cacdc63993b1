"""The files last uploaded to this server, by their contents' digest: what a reload finds again.

A link holds a file's full SHA-256 digest, and that is the only way to a file here: nothing lists
them, and who does not have the link cannot guess one. They stay in memory, the longest unused go
first, and a server that ends takes all of them along.
"""

from __future__ import annotations

import threading
from collections import OrderedDict

from seqviz.limits import MAX_KEPT_BYTES


class FileStore:
    """At most `most` bytes of files, all visitors together. Any thread may use it."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._files: OrderedDict[str, bytes] = OrderedDict()  # the one used last at the end
        self._bytes = 0
        self._lock = threading.Lock()

    def keep(self, digest: str, data: bytes) -> None:
        """Keep a file as the newest; the ones unused longest make room. One too large is not kept.

        digest: of data, see `Upload.content`.
        """
        with self._lock:
            if digest in self._files:
                self._files.move_to_end(digest)
                return
            if len(data) > self.most:
                return
            self._files[digest] = data
            self._bytes += len(data)
            while self._bytes > self.most:
                self._bytes -= len(self._files.popitem(last=False)[1])

    def find(self, digest: str) -> bytes | None:
        """The file with exactly this digest, which is then the newest; None when it is not here."""
        with self._lock:
            data = self._files.get(digest)
            if data is not None:
                self._files.move_to_end(digest)
            return data

    def clear(self) -> None:
        """Let go of all files, as a server that is started again."""
        with self._lock:
            self._files.clear()
            self._bytes = 0


KEPT = FileStore(MAX_KEPT_BYTES)
"""The one store of this server."""
