"""Worker processes of this machine: started when needed, kept, replaced when they are killed."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing import spawn
from multiprocessing.context import SpawnContext, SpawnProcess
from typing import Any

from seqviz.training.run import Run
from seqviz.training.scheduling import worker
from seqviz.training.scheduling.worker import Answer, Key


class Processes:
    """At most so many worker processes.

    Each is an executor of its own: when it is killed, only its own segment is lost. And it keeps
    the run it came to, so that the next segment of the same training is asked for in a few bytes
    instead of megabytes.
    """

    def __init__(self, most: int) -> None:
        self._workers = [_Worker() for _ in range(most)]

    @property
    def size(self) -> int:
        """Those that have started: one that is loading torch would keep a segment waiting."""
        return max(1, sum(one.ready for one in self._workers))

    @property
    def pids(self) -> list[int]:
        """Of the processes there are."""
        return [pid for one in self._workers for pid in one.pids]

    def submit(self, run: Run, iterations: int) -> Future[Answer]:
        key = run.recipe.digest, run.iteration
        self._replace_ended()
        # who is free, has started, and has the run already
        order = [(one.load, not one.ready, one.has != key) for one in self._workers]
        at = order.index(min(order))
        try:
            return self._workers[at].segment(key, run, iterations)
        except BrokenExecutor:  # it was killed while it had nothing to do: nothing is lost
            return self._replace(at).segment(key, run, iterations)

    def _replace_ended(self) -> None:
        for at, one in enumerate(self._workers):
            if one.ended:
                self._replace(at)

    def _replace(self, at: int) -> _Worker:
        self._workers[at].close(wait=False)
        self._workers[at] = _Worker()
        return self._workers[at]

    def grow(self) -> None:
        if any(one.starting or one.free for one in self._workers):
            return
        self._replace_ended()
        for one in self._workers:
            if not one.ready:
                return one.warm_up()

    def all_lost(self, error: BaseException) -> bool:
        return False

    def close(self, *, wait: bool) -> None:
        for one in self._workers:
            one.close(wait=wait)


class _Worker:
    """One process, started with the first thing it has to do. One that has ended is given up."""

    def __init__(self) -> None:
        self._pool: _Pool | None = None
        self._futures: set[Future[Any]] = set()
        self._asked = 0  # what it was asked to do so far
        self._kept: tuple[int, Key | None] = (0, None)  # after which of these, which run it had
        self.ready = False  # has done something
        self.ended = False  # was killed

    @property
    def has(self) -> Key | None:
        """The run it came to last; None while it is on its way to another one."""
        after, key = self._kept
        return key if after == self._asked else None

    @property
    def load(self) -> int:
        """How much it has to do."""
        return len(self._futures)

    @property
    def starting(self) -> bool:
        return self.load > 0 and not self.ready

    @property
    def free(self) -> bool:
        return self.load == 0 and self.ready

    @property
    def pids(self) -> list[int]:
        return list(self._pool._processes) if self._pool is not None else []

    def segment(self, key: Key, run: Run, iterations: int) -> Future[Answer]:
        """Raises BrokenExecutor when it has ended, which may not have been said yet."""
        return self._submit(worker.go_on, key, None if self.has == key else run, iterations)

    def warm_up(self) -> None:
        with suppress(BrokenExecutor):  # it was killed as it started
            self._submit(worker.warm_up)

    def _submit(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        if self._pool is None:
            self._pool = _Pool()
        future = self._pool.submit(function, *arguments)
        self._asked += 1
        asked = self._asked
        self._futures.add(future)
        future.add_done_callback(lambda future: self._returned(future, asked))
        return future

    def _returned(self, future: Future[Any], asked: int) -> None:
        """On the pool's thread (which may hold the pool's locks), before other callbacks hear; who
        waits for the result may hear sooner, and have asked for something else by then."""
        self._futures.discard(future)
        if future.cancelled() or isinstance(future.exception(), BrokenExecutor):
            self.ended, self.ready = True, False
        elif future.exception() is None:
            self.ready = True
            answer = future.result()
            if isinstance(answer, Answer):
                self._kept = asked, answer.key

    def close(self, *, wait: bool) -> None:
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=wait, cancel_futures=True)


class _Pool(ProcessPoolExecutor):
    """One process, started by the first submit."""

    def __init__(self) -> None:
        super().__init__(1, mp_context=_Context(), initializer=worker.start)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Also leave the writing of answers to that process alone.

        While somebody else could still write the rest of an answer, the pool waits for it, for
        ever when its process was killed in the middle: the training would stand still, and the
        server could not end.
        """
        future = super().submit(fn, *args, **kwargs)
        self._result_queue._writer.close()  # type: ignore[attr-defined]  # nothing the second time
        return future


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
