"""A schedule that trains on threads of this process: no worker has to start."""

from concurrent.futures import ThreadPoolExecutor

from seqviz.training.schedule import Schedule


class ThreadWorkers:
    """One thread, as executors.Workers."""

    size = 1

    def __init__(self) -> None:
        self.executor = ThreadPoolExecutor(1)

    def close(self, *, wait: bool) -> None:
        self.executor.shutdown(wait=wait)


def thread_schedule() -> Schedule:
    return Schedule(ThreadWorkers)
