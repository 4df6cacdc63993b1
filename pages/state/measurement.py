"""A long measurement in a thread of its own, which outlives the run of the page that began it.

A newer message from the browser ends a run at the next element, a first visit's own hello included:
measured inside of the run, seconds of work would be lost and begun again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from concurrent.futures import Future, wait
from threading import Thread
from typing import Any

import streamlit as st

from pages.state.turns import TURNS

PATIENCE = 0.6  # seconds before a progress bar appears: most measures are done by then
GLANCE = 0.1  # seconds between two looks at how far it is

Tell = Callable[[float], None]
"""What work tells the fraction done, 0 to 1."""


class Abandoned(Exception):
    """Nobody waits for this measurement any more."""


class Measurement:
    """work under way, for the question that key stands for."""

    def __init__(self, key: Hashable, work: Callable[[Tell], Any]) -> None:
        self.key = key
        self._fraction, self._abandoned = 0.0, False
        self._future: Future[Any] = Future()
        Thread(target=self._run, args=(work,), daemon=True).start()

    def result(self, text: str) -> Any:
        """What work gives or raises, after showing text with a bar if it takes a while."""
        place, began = st.empty(), time.monotonic()
        while not self._future.done():
            if time.monotonic() - began > PATIENCE:  # else a newer message would not be noticed
                place.progress(min(1.0, max(0.0, self._fraction)), text)
            wait([self._future], GLANCE)
            TURNS.leave()
        place.empty()
        return self._future.result()

    def abandon(self) -> None:
        """Let it end at the next fraction it tells."""
        self._abandoned = True

    def _run(self, work: Callable[[Tell], Any]) -> None:
        try:
            self._future.set_result(work(self._told))
        except BaseException as error:  # raised again where the result is asked for
            self._future.set_exception(error)

    def _told(self, fraction: float) -> None:
        if self._abandoned:
            raise Abandoned
        self._fraction = fraction
