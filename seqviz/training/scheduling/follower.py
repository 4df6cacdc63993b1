"""One visitor's view of a training, and the training that several may look at."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Condition
from typing import Literal, Protocol
from weakref import WeakSet

from seqviz.limits import MAX_UNWATCHED_SECONDS
from seqviz.training.recipe import Recipe
from seqviz.training.run import Run

State = Literal["waiting", "running", "paused", "stopped", "done", "diverged", "failed"]
SMOOTHING = 0.3  # the newest segment's part in the measured speed
A_TURN = 1.0  # seconds: whose turns come more often than that is running all the time


class Training:
    """A recipe that is being trained on a server, for everybody who asked for it.

    recipe; run: the newest Run. problem: None, or the sentence that says why it failed. note:
    None, or a sentence about something that went wrong and was put right.
    """

    def __init__(self, run: Run) -> None:
        self.recipe: Recipe = run.recipe
        self.digest = run.recipe.digest
        self.run = run
        self.problem: str | None = None
        self.note: str | None = None
        self.followers: WeakSet[Follower] = WeakSet()  # who is forgotten by all others has left
        # the schedule's own, under its lock
        self.wanted = False  # somebody looks and has not paused
        self.in_flight = False
        self.turn_ended: float | None = None  # when last
        self.ticket = 0  # of those who wait, the smallest is next
        self.count = 1  # iterations of the next segment
        self.lost = 0  # segments in a row
        self.seconds: float | None = None  # of an iteration, measured

    @property
    def finished(self) -> bool:
        """True when it will not go on: done, diverged or failed."""
        return self.run.done or self.problem is not None

    @property
    def running(self) -> bool:
        """Has its turn, or had it just now and will have it again."""
        if self.in_flight or self.turn_ended is None:
            return self.in_flight
        return self.wanted and time.monotonic() - self.turn_ended < A_TURN

    def measured(self, iterations: int, seconds: float) -> None:
        """A segment of so many iterations took so long."""
        newest = seconds / max(1, iterations)
        if self.seconds is None:
            self.seconds = newest
        self.seconds += SMOOTHING * (newest - self.seconds)


class Queue(Protocol):
    """What a follower asks of the schedule; called under its lock."""

    changed: Condition

    def stir(self) -> None: ...

    def place(self, training: Training) -> int: ...

    def turns(self) -> float:
        """How many times longer than alone a training takes now."""
        ...


class Follower:
    """One visitor's view of a training; all of it may be read and called from any thread.

    on_change: called with the follower after every segment and every change of state or place, on
    the schedule's own thread, so be brief. A follower that nobody holds any more has left.
    """

    def __init__(self, training: Training, queue: Queue, watching: Callable[[], bool]) -> None:
        self.training = training
        self.on_change: Callable[[Follower], None] | None = None
        self.watching = watching
        self.watched = time.monotonic()  # when last
        self._queue = queue
        self._snapshot: Run | None = None  # while paused, and when stopped
        self._stopped = False

    @property
    def run(self) -> Run:
        """The newest Run, or the one it had when this follower paused or left."""
        return self._snapshot or self.training.run

    @property
    def state(self) -> State:
        """What the training is doing for this follower."""
        training = self.training
        with self._queue.changed:
            if self._snapshot is not None:
                return "stopped" if self._stopped else "paused"
            if training.run.diverged is not None:
                return "diverged"
            if training.run.done:
                return "done"
            if training.problem is not None:
                return "failed"
            return "running" if training.running else "waiting"

    @property
    def place(self) -> int:
        """The place in the queue, from 1; 0 when it has its turn or does not want one."""
        with self._queue.changed:
            return self._queue.place(self.training) if self.state == "waiting" else 0

    @property
    def note(self) -> str | None:
        """What went wrong on the way and was put right, in a sentence."""
        return self.training.note

    @property
    def problem(self) -> str | None:
        """Why the training failed, in a sentence; None when it did not."""
        return self.training.problem

    @property
    def seconds_left(self) -> float | None:
        """Until it is done, at the speed that was measured and with the turns of all others.

        None before the first segment and when it will not get there.
        """
        with self._queue.changed:
            training, run = self.training, self.run
            if run.done:
                return None if run.diverged else 0.0
            if training.seconds is None or self._stopped or training.problem is not None:
                return None
            return (run.recipe.iterations - run.iteration) * training.seconds * self._queue.turns()

    def pause(self) -> None:
        """Stand still here; others who follow the same training go on."""
        with self._queue.changed:
            if not self.training.finished and self._snapshot is None:
                self._snapshot = self.training.run
                self._queue.stir()

    def resume(self) -> None:
        """Go on after a pause, from where the training is now."""
        with self._queue.changed:
            if self._snapshot is not None and not self._stopped:
                self._snapshot = None
                self.watched = time.monotonic()
                self._queue.stir()

    def leave(self) -> None:
        """Stop for good and keep the run as it is. A training that everybody left ends."""
        with self._queue.changed:
            if self._snapshot is not None or not self.training.finished:
                self._snapshot = self._snapshot or self.training.run
                self._stopped = True
                self._queue.stir()

    @property
    def stays(self) -> bool:
        """Has not left, paused or not."""
        return not self._stopped

    @property
    def wants(self) -> bool:
        """Looks, or did a moment ago, and has not paused."""
        recently = time.monotonic() - self.watched <= MAX_UNWATCHED_SECONDS
        return self._snapshot is None and recently
