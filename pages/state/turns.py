"""Runs of a page go one after the other: side by side each takes as long as all of them together.

Python computes one at a time. With 100 visitors on two cores, who move a control every 5 seconds,
95 % of the answers came within 201 and 262 ms with all runs side by side and within 115 and 138 ms
in turn (tests/benchmarks/run.py load, by turns). A run that takes long holds up nobody.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

PATIENCE = 0.1  # seconds that a run may hold up others; most take a fourth of it


class Turns:
    """One of several at a time, unless it takes longer than patience seconds."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self.patience = patience
        self._taken = Lock()
        self._since = 0.0  # when the present one began

    @contextmanager
    def take(self) -> Iterator[bool]:
        """Wait for the one before, or until it has had its time. Whether it has ended."""
        left = self._since + self.patience - time.monotonic()
        is_mine = self._taken.acquire(timeout=max(0.0, left))
        if is_mine:
            self._since = time.monotonic()
        try:
            yield is_mine
        finally:
            if is_mine:
                self._taken.release()


TURNS = Turns()
"""Of all visitors."""
