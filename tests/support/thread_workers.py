"""A schedule that trains on a thread of this process: no worker has to start."""

from concurrent.futures import Future, ThreadPoolExecutor

from seqviz.training.run import Run
from seqviz.training.scheduling import worker
from seqviz.training.scheduling.schedule import Schedule


class ThreadWorkers:
    """One thread, as executors.Workers."""

    size = 1

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1)

    def submit(self, run: Run, iterations: int) -> Future[worker.Answer]:
        return self._pool.submit(worker.work, run, iterations)

    def grow(self) -> None:
        """The one thread is always there."""

    def all_lost(self, error: BaseException) -> bool:
        return False

    def close(self, *, wait: bool) -> None:
        self._pool.shutdown(wait=wait)


def thread_schedule() -> Schedule:
    return Schedule(ThreadWorkers)
