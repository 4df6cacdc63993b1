"""What a session holds of a training: the run it follows, and what brought it about."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from weakref import finalize

from pages.state.schema import Settings
from seqviz.training.scheduling.schedule import Follower

GLANCE = 1.0  # seconds for which a run of a page that waits counts as somebody watching


@dataclass
class Training:
    """follower: the session's place at a run, None before any. awaited: whether a link asked for
    it, so that nothing is shown before it is done. settings: those it was begun with, for the way
    back. problem: why the newest one could not begin. listened: whether a player hears of it.
    leaves: gives up the follower's turn when the session is gone.
    """

    follower: Follower | None = None
    awaited: bool = False
    settings: Settings | None = None
    problem: str | None = None
    listened: Callable[[], bool] = lambda: False
    leaves: finalize | None = None
    waited_at: float = 0.0

    def is_watched(self) -> bool:
        """Whether anybody would see how it goes on."""
        return self.listened() or time.monotonic() - self.waited_at < GLANCE
