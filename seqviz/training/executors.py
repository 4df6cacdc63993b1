"""Where segments are computed: in processes of this machine, or on a Dask cluster."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing import spawn
from multiprocessing.context import SpawnContext, SpawnProcess
from typing import Any, Protocol

from seqviz.errors import SeqvizError
from seqviz.training import worker

DASK_SCHEDULER = "SEQVIZ_DASK_SCHEDULER"
"""The environment variable that names a Dask scheduler: "tcp://host:8786"."""
CONNECT_SECONDS = 5.0


class Workers(Protocol):
    """An executor, how many segments it computes at once, and how it is ended."""

    @property
    def executor(self) -> Executor: ...

    @property
    def size(self) -> int: ...

    def close(self, *, wait: bool) -> None:
        """No more segments; wait: until its processes have ended."""


def open_workers() -> Workers:
    """The Dask cluster that SEQVIZ_DASK_SCHEDULER names, else processes of this machine.

    Raises SeqvizError when that cluster cannot be used.
    """
    address = os.environ.get(DASK_SCHEDULER, "").strip()
    return DaskWorkers(address) if address else ProcessWorkers()


def cores() -> int:
    """Cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


# ---- processes -----------------------------------------------------------------------------------


class ProcessWorkers:
    """At most one process a core, each started when there is more to do than the others can."""

    def __init__(self, size: int | None = None) -> None:
        self.size = size or cores()
        self.executor: Executor = ProcessPoolExecutor(
            self.size, mp_context=_Context(), initializer=worker.start
        )

    def close(self, *, wait: bool) -> None:
        self.executor.shutdown(wait=wait, cancel_futures=True)


class _Process(SpawnProcess):
    """A spawned process that imports seqviz and nothing of the server's."""

    @staticmethod
    def _Popen(process_obj: Any) -> Any:  # noqa: N802  multiprocessing's own name
        with _without_main(), _environment("OMP_NUM_THREADS", "1"):  # before torch is loaded
            return SpawnProcess._Popen(process_obj)


class _Context(SpawnContext):
    Process = _Process


_starting = threading.Lock()


@contextmanager
def _without_main() -> Iterator[None]:
    """Processes started meanwhile do not run this one's __main__ again.

    Under `streamlit run` it is streamlit, or the page that happens to run. multiprocessing has no
    public way to leave it out.
    """
    with _starting:
        everything = spawn.get_preparation_data

        def but_main(name: str) -> dict[str, Any]:
            data = everything(name)
            return {key: data[key] for key in data if not key.startswith("init_main_from_")}

        spawn.get_preparation_data = but_main
        try:
            yield
        finally:
            spawn.get_preparation_data = everything


@contextmanager
def _environment(name: str, value: str) -> Iterator[None]:
    """An environment variable for the processes that are started meanwhile."""
    before = os.environ.get(name)
    if before == value:
        yield
        return
    os.environ[name] = value
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before


# ---- Dask ----------------------------------------------------------------------------------------


class DaskWorkers:
    """The workers of a Dask cluster, which may come and go."""

    LOOK_SECONDS = 5.0  # how often they are counted

    def __init__(self, address: str) -> None:
        """Raises SeqvizError when distributed is missing or nobody answers at address."""
        self._client = _client(address)
        self.executor: Executor = self._client.get_executor(pure=False)
        self._counted, self._size = 0.0, 0
        try:
            self._client.wait_for_workers(1, timeout=CONNECT_SECONDS)
        except TimeoutError as error:
            self.close(wait=False)
            raise SeqvizError(
                f"The Dask scheduler at {address} has no workers: start some with "
                f"`dask worker {address} --nthreads 1`."
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

    def close(self, *, wait: bool) -> None:
        with suppress(Exception):  # it may have been lost
            self.executor.shutdown(wait=wait)
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
            f"No Dask scheduler answers at {address}: start one with `dask scheduler`, or correct "
            f"{DASK_SCHEDULER}."
        ) from error
