"""Frames that a training sends to its visitors' players, with no run of the page."""

from __future__ import annotations

import logging
import threading
import time
import weakref
from contextlib import suppress

from pages.components.player.channel import PlayerChannel
from pages.panels.shared.player import player
from pages.panels.shared.player.training_stage import Stage
from pages.state.browser import runs
from pages.state.session import Session
from seqviz.training.scheduling.schedule import Follower

GOES_ON = ("waiting", "running")
SHARE = 3  # times as long as a frame took, the next frame of the same visitor waits
_LOGGER = logging.getLogger(__name__)


class LiveFrames:
    """One visitor's: what is shown of a run, and where it goes.

    The page says with each of its runs what is on stage; a frame of what was there before is
    overtaken by the page's own, see PlayerChannel.numbered.
    """

    def __init__(self, channel: PlayerChannel) -> None:
        self.channel = channel
        self._staged: tuple[Stage, Follower, int] | None = None
        self._not_before = 0.0

    def put_on(self, stage: Stage, follower: Follower) -> None:
        """From a run of the page: what is on stage until the next one."""
        self._staged = stage, follower, runs.number()
        there = weakref.ref(self)

        def changed(_: Follower) -> None:
            one = there()
            if one is not None:
                _SENDER.wake(one)

        follower.on_change = changed

    def put_off(self) -> None:
        """Another page is on screen, or another network."""
        self._staged = None

    def send(self) -> None:
        """A frame of how far the run is now."""
        staged = self._staged
        if staged is None or not self.channel.is_listened_to:
            return
        stage, follower, run = staged
        began = time.monotonic()
        if began < self._not_before and follower.state in GOES_ON:
            return  # there will be more news
        made = stage.frame(follower)
        # a large network may not take the thread for itself
        self._not_before = time.monotonic() + SHARE * (time.monotonic() - began)
        if self._staged is staged:
            self.channel.send(self.channel.numbered(made, run))


class _Sender:
    """One thread for all visitors: who has news waits here, once, however much news there is."""

    def __init__(self) -> None:
        self._waiting: weakref.WeakSet[LiveFrames] = weakref.WeakSet()
        self._news = threading.Condition()
        self._thread: threading.Thread | None = None

    def wake(self, one: LiveFrames) -> None:
        with self._news:
            self._waiting.add(one)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="live frames", daemon=True)
                self._thread.start()
            self._news.notify()

    def _run(self) -> None:
        while True:
            with self._news:
                self._news.wait_for(lambda: len(self._waiting))
                with suppress(KeyError):  # a visitor who has just gone
                    one = self._waiting.pop()
            try:
                one.send()
            except Exception:  # one visitor's frame must not end everybody's
                _LOGGER.exception("A frame of a training could not be made")


_SENDER = _Sender()


def live_frames(session: Session) -> LiveFrames:
    """The session's own."""
    return session.cache.get("live frames", None, lambda: LiveFrames(player.channel_of(session)))
