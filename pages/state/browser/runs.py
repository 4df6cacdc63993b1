"""Which run of a page this is.

A training's frames are made in a thread of its own (panels/shared/player/live_frames), so one that
shows what an older run put on stage can be ready after a newer run's. So what a run leaves for
others carries its number, and the newer one wins.
"""

from __future__ import annotations

import itertools
import threading

_NUMBERS = itertools.count(1)
_THIS = threading.local()


def begin() -> None:
    """This thread's run begins: it is newer than all before."""
    _THIS.number = next(_NUMBERS)


def number() -> int:
    """Of this thread's run; 0 before any."""
    return getattr(_THIS, "number", 0)
