"""Runs of a page go one after the other: side by side each takes as long as all of them together,
and longer. PyTorch lets go of the interpreter at each of its operations, and gets it back only when
the others have had it for a while.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition, get_ident

PATIENCE = 0.25  # seconds that a run may hold up others; most take a tenth of it


class Turns:
    """One of several at a time, in the order they come. Who takes longer than patience seconds
    goes on beside the next one, and from then on the others wait for that one.
    """

    def __init__(self, patience: float = PATIENCE) -> None:
        self.patience = patience
        self._changed = Condition()
        self.waiting: deque[int] = deque()  # threads
        self._owner: int | None = None  # the thread whose turn it is
        self._since = 0.0  # when it began

    @contextmanager
    def take(self) -> Iterator[None]:
        """Wait for a turn, and have it until the block ends."""
        me = get_ident()
        with self._changed:
            self._wait(me)
            self._owner, self._since = me, time.monotonic()
        try:
            yield
        finally:
            self.leave()

    def leave(self) -> None:
        """End the turn of who asks, if they have one: for a run that waits for something else."""
        with self._changed:
            if self._owner == get_ident():
                self._owner = None
                self._changed.notify_all()

    def _wait(self, me: int) -> None:
        self.waiting.append(me)
        try:
            while not self._may_begin(me):
                first = self.waiting[0] == me
                self._changed.wait(self._left() if first else None)
        finally:
            self.waiting.remove(me)
            self._changed.notify_all()  # somebody else is the first now

    def _may_begin(self, me: int) -> bool:
        return self.waiting[0] == me and (self._owner is None or self._left() <= 0)

    def _left(self) -> float:
        """Seconds that the present turn may still hold up others."""
        return self._since + self.patience - time.monotonic()


TURNS = Turns()
"""Of all visitors."""
