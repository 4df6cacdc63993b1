"""What a worker does: segments, on one thread, until the process that started it ends."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import torch

from seqviz.training.recipe import Recipe
from seqviz.training.run import Run, begin
from seqviz.training.segment import advance
from seqviz.types import RNNSpec

Key = tuple[str, int]
"""What names a run that came from its recipe's beginning: the recipe's digest, the iteration."""
YIELDING = 10  # of 19: whoever moves a control goes first, and a training takes what is left


@dataclass(frozen=True)
class Answer:
    """What comes back of a segment. seconds: what it took in the worker.

    fields: of the Run after it, but for its recipe, which whoever asked has. problem: None, or
    what the segment was stopped by. key: of the Run after it, when the worker keeps that.
    """

    fields: Mapping[str, Any]
    seconds: float
    problem: str | None = None
    key: Key | None = None

    def run(self, recipe: Recipe) -> Run:
        """The Run that `advance` returned."""
        return Run(recipe=recipe, **self.fields)


def work(run: Run, iterations: int) -> Answer:
    """advance(run, iterations) for somebody in another process. What it raises is said, too:
    whatever else goes wrong is then the worker's end and not the segment's."""
    return _work(run, iterations)[0]


_last: tuple[Key, Run] | None = None


def go_on(key: Key, run: Run | None, iterations: int) -> Answer:
    """work, in a process that keeps the run it came to. run: None when it has the one of key."""
    global _last
    if run is None:
        if _last is None or _last[0] != key:
            raise LookupError(f"This worker does not have iteration {key[1]}.")
        run = _last[1]
    answer, after = _work(run, iterations)
    if after is None:
        _last = None
        return answer
    _last = (key[0], after.iteration), after.without_history()
    return replace(answer, key=_last[0])


def _work(run: Run, iterations: int) -> tuple[Answer, Run | None]:
    started = time.perf_counter()
    try:
        after = advance(run, iterations)
    except Exception as error:  # of any kind: torch's and MemoryError among them
        return Answer({}, 0.0, f"{type(error).__name__}: {error}"[:200]), None
    fields = after.__getstate__()
    fields.pop("recipe")
    return Answer(fields, time.perf_counter() - started), after


def warm_up() -> None:
    """Load what the first iteration needs, so that nobody waits for it."""
    spec = RNNSpec("LSTM", input_size=2, hidden_size=2)
    advance(begin(Recipe("adding", spec, steps=2, iterations=1, batch_size=1)), 1)


def start() -> None:
    """The first thing in a process of its own."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends its workers
    threading.Thread(target=_end_with_parent, name="end with parent", daemon=True).start()
    torch.set_num_threads(1)
    if hasattr(os, "nice"):
        os.nice(YIELDING)
    warm_up()


def _end_with_parent() -> None:
    """A pool's workers hold both ends of their queue, so a killed server would leave them waiting
    for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
