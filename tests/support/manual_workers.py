"""Workers whose segments a test computes, loses or leaves lying, one by one, in its own order."""

import queue
import threading
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool

SOON = 60  # seconds: what has not happened then will not happen


class Job:
    """One segment that was handed over. training is known by its recipe, like everywhere."""

    def __init__(self, future, function, arguments):
        self.future, self._function, self._arguments = future, function, arguments

    @property
    def run(self):
        return self._arguments[0]

    @property
    def count(self):
        return self._arguments[1]

    def compute(self):
        """As a worker would."""
        self.future.set_result(self._function(*self._arguments))

    def lose(self, error=None):
        """The worker that had it was killed."""
        self.future.set_exception(error or BrokenProcessPool("killed"))


class ManualWorkers(Executor):
    """Of a size; `closed` is set when they were ended. Each segment waits in `jobs`."""

    def __init__(self, size, jobs):
        self.size, self.jobs, self.closed = size, jobs, threading.Event()
        self.executor = self

    def submit(self, function, /, *arguments):
        future = Future()
        self.jobs.put(Job(future, function, arguments))
        return future

    def close(self, *, wait):
        self.closed.set()


class Opener:
    """Opens workers as a Schedule asks for them; `opened` are all there were."""

    def __init__(self, size=1):
        self.size, self.jobs, self.opened = size, queue.Queue(), []

    def __call__(self):
        self.opened.append(ManualWorkers(self.size, self.jobs))
        return self.opened[-1]

    def next(self):
        """The next segment that is handed over."""
        return self.jobs.get(timeout=SOON)

    def compute(self, times=1):
        """Compute the next segments; their runs as they began."""
        runs = []
        for _ in range(times):
            job = self.next()
            job.compute()
            runs.append(job.run)
        return runs


class Watcher:
    """Waits for what a follower shows; it has its on_change."""

    def __init__(self, follower):
        self.follower, self._changed, self.states = follower, threading.Condition(), []
        follower.on_change = self._note
        self._note(follower)

    def _note(self, follower):
        with self._changed:
            if self.states[-1:] != [follower.state]:
                self.states.append(follower.state)
            self._changed.notify_all()

    def until(self, happened):
        """Wait until happened(follower) is true."""
        with self._changed:
            assert self._changed.wait_for(lambda: happened(self.follower), SOON), self.states
        return self.follower
