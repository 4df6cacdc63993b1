"""Which run of a page this is.

Streamlit begins the next run at once, in a thread of its own, and the one before goes on until it
asks Streamlit for something: for some milliseconds two runs of one session compute side by side. So
what a run leaves for others carries its number, and the newer one wins.
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
