"""Segments on their way: handed to an executor, come back, or lost with their worker."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass

from seqviz.training.run import Run
from seqviz.training.scheduling.executors import Workers
from seqviz.training.scheduling.follower import Training
from seqviz.training.scheduling.worker import Answer

_log = logging.getLogger(__name__)


@dataclass(eq=False)
class Segment:
    """run: what it begins with. count: iterations. seconds: from here to there and back."""

    training: Training
    run: Run
    count: int
    workers: Workers
    future: Future[Answer] | None = None
    seconds: float = 0.0

    def failure(self) -> BaseException | None:
        """Why there will be no answer; None when there is one."""
        assert self.future is not None
        if self.future.cancelled():
            return CancelledError()
        return self.future.exception()


class InFlight:
    """Used by one thread alone; `landed` is called from others when a segment has come back."""

    def __init__(self, open_workers: Callable[[], Workers], landed: Callable[[], None]) -> None:
        self._open, self._on_landed = open_workers, landed
        self._workers: Workers | None = None
        self._segments: set[Segment] = set()
        self._landed: deque[Segment] = deque()
        self._lost: list[Segment] = []  # with an executor that was given up
        self.size = 1  # of the executor; a guess until it was open

    def __len__(self) -> int:
        return len(self._segments)

    @property
    def is_open(self) -> bool:
        return self._workers is not None

    def open(self) -> Workers:
        """The workers, started when there are none. Raises SeqvizError when there can be none."""
        if self._workers is None:
            self._workers = self._open()
        self.look()
        return self._workers

    def look(self) -> None:
        """See how many segments the workers compute at once now."""
        if self._workers is not None:
            self.size = self._workers.size

    def send(self, training: Training) -> None:
        """Hand over the training's next segment.

        Raises SeqvizError when there can be no workers, and what the workers raise when two of
        them take nothing.
        """
        workers = self.open()
        try:
            self._send(training, workers)
        except Exception as error:  # they may have been lost while they had nothing to do
            _log.info("Other workers are needed for training: %r", error)
            self._give_up()
            self._send(training, self.open())

    def _send(self, training: Training, workers: Workers) -> None:
        segment = Segment(training, training.run, training.count, workers)
        started = time.perf_counter()

        def land(_: Future[Answer]) -> None:
            segment.seconds = time.perf_counter() - started
            self._landed.append(segment)
            self._on_landed()

        segment.future = workers.submit(segment.run.without_history(), segment.count)
        self._segments.add(segment)
        segment.future.add_done_callback(land)

    def grow(self) -> None:
        """Begin to start another worker, if none is free and there may be one more."""
        self.open().grow()

    def landed(self) -> list[tuple[Segment, Answer | None]]:
        """What came back since it was asked last: with its answer, or None when it was lost."""
        came: list[tuple[Segment, Answer | None]] = []
        while self._landed:
            segment = self._landed.popleft()
            if segment not in self._segments:
                continue  # of an executor that was given up
            self._segments.remove(segment)
            failure = segment.failure()
            if failure is None:
                assert segment.future is not None
                came.append((segment, segment.future.result()))
                continue
            _log.warning("A segment of training was lost: %r", failure)
            came.append((segment, None))
            if segment.workers is self._workers and self._workers.all_lost(failure):
                self._give_up()
        came += [(segment, None) for segment in self._lost]
        self._lost = []
        return came

    def _give_up(self) -> None:
        """Close the executor, and lose what it has; the next segment opens another."""
        if self._workers is None:
            return
        lost = [one for one in self._segments if one.workers is self._workers]
        self._segments.difference_update(lost)
        self._lost += lost
        self.close(wait=False)

    def close(self, *, wait: bool) -> None:
        """End the workers; segments that are on their way are not waited for unless wait."""
        if self._workers is not None:
            self._workers.close(wait=wait)
            self._workers = None
