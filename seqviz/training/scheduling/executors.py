"""Where segments are computed: in processes of this machine, or on a Dask cluster."""

from __future__ import annotations

import os
import time
from asyncio import CancelledError as AsyncCancelledError
from concurrent.futures import CancelledError, Executor, Future
from contextlib import suppress
from typing import Any, Protocol

from seqviz.errors import SeqvizError
from seqviz.training.run import Run
from seqviz.training.scheduling import worker
from seqviz.training.scheduling.processes import Processes
from seqviz.training.scheduling.worker import Answer

DASK_SCHEDULER = "SEQVIZ_DASK_SCHEDULER"
"""The environment variable that names a Dask scheduler: "tcp://host:8786"."""
CONNECT_SECONDS = 5.0


class Workers(Protocol):
    """Computes segments; its methods are called by one thread."""

    @property
    def size(self) -> int:
        """Segments that it computes at once, 1 or more."""
        ...

    def submit(self, run: Run, iterations: int) -> Future[Answer]:
        """What `worker.work` makes of a run without its history."""
        ...

    def grow(self) -> None:
        """Begin to start another worker, unless one is free or there are as many as may be."""
        ...

    def all_lost(self, error: BaseException) -> bool:
        """Whether a segment that ended so is not the only one: others are needed then."""
        ...

    def close(self, *, wait: bool) -> None:
        """No more segments; wait: until all that was started has ended."""
        ...


def open_workers() -> Workers:
    """The Dask cluster that SEQVIZ_DASK_SCHEDULER names, else processes of this machine.

    Raises SeqvizError when that cluster cannot be used.
    """
    address = os.environ.get(DASK_SCHEDULER, "").strip()
    return DaskWorkers(address) if address else Processes(cores())


def cores() -> int:
    """Cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class DaskWorkers:
    """The workers of a Dask cluster, which may come and go: it mends that itself."""

    LOOK_SECONDS = 5.0  # how often they are counted

    def __init__(self, address: str) -> None:
        """Raises SeqvizError when distributed is missing, or nobody answers or works there."""
        self._client = _client(address)
        self._executor: Executor = self._client.get_executor(pure=False)
        self._counted, self._size = 0.0, 0
        try:
            self._client.wait_for_workers(1, timeout=CONNECT_SECONDS)
        except TimeoutError as error:
            self.close(wait=False)
            raise SeqvizError(
                f"The Dask scheduler at {address} has no workers: start some with "
                f"`python -m dask worker {address} --nthreads 1`."
            ) from error
        self._warmed = [  # kept, or Dask would not do it
            self._client.submit(worker.warm_up, workers=[one], pure=False)
            for one in self._client.nthreads()
        ]

    @property
    def size(self) -> int:
        if time.monotonic() - self._counted > self.LOOK_SECONDS:
            self._counted = time.monotonic()
            with suppress(Exception):  # when the connection is lost, so are the segments
                self._size = sum(self._client.nthreads().values())
        return max(1, self._size)

    def submit(self, run: Run, iterations: int) -> Future[Answer]:
        return self._executor.submit(worker.work, run, iterations)

    def grow(self) -> None:
        """Whoever runs the cluster decides how large it is."""

    def all_lost(self, error: BaseException) -> bool:
        """A lost worker is not (its segment goes to another one), a lost scheduler is."""
        return isinstance(error, (CancelledError, AsyncCancelledError, OSError))

    def close(self, *, wait: bool) -> None:
        with suppress(Exception):  # it may have been lost
            self._executor.shutdown(wait=wait)
        with suppress(Exception):
            self._client.close(timeout=CONNECT_SECONDS)


def _client(address: str) -> Any:
    try:
        import dask
        import distributed
    except ImportError as error:
        raise SeqvizError(
            f"{DASK_SCHEDULER} names a Dask scheduler and distributed is not installed: "
            "`pip install distributed`, or unset the variable."
        ) from error
    # weights travel with every segment, which Dask would warn of
    dask.config.set({"distributed.admin.large-graph-warning-threshold": "1GB"})
    try:
        return distributed.Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise SeqvizError(
            f"No Dask scheduler answers at {address}: start one with `python -m dask scheduler`, "
            f"or correct {DASK_SCHEDULER}."
        ) from error
