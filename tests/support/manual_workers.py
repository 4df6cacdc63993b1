"""Workers whose segments a test computes, loses or leaves lying, one by one, in its own order."""

import queue
import threading
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool

from seqviz.training.scheduling import worker

SOON = 60  # seconds: what has not happened then will not happen


class Job:
    """One segment that was handed over: a run without its history, and how many iterations."""

    def __init__(self, run, count):
        self.future, self.run, self.count = Future(), run, count

    def compute(self):
        """As a worker would."""
        self.future.set_result(worker.work(self.run, self.count))

    def lose(self, error=None):
        """The worker that had it was killed; without an error, all others were, too."""
        self.future.set_exception(error or BrokenProcessPool("killed"))


class ManualWorkers:
    """Of a size; `closed` is set when they were ended. Each segment waits in `jobs`."""

    def __init__(self, size, jobs):
        self.size, self.jobs = size, jobs
        self.closed, self.grew = threading.Event(), threading.Event()

    def submit(self, run, iterations):
        job = Job(run, iterations)
        self.jobs.put(job)
        return job.future

    def grow(self):
        self.grew.set()

    def all_lost(self, error):
        return isinstance(error, BrokenProcessPool)

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
