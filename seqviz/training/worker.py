"""What a worker does: segments, on one thread, until the process that started it ends."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch

from seqviz.training.recipe import Recipe
from seqviz.training.run import Run, begin
from seqviz.training.segment import advance
from seqviz.types import RNNSpec

YIELDING = 10  # of 19: whoever moves a control goes first, and a training takes what is left


@dataclass(frozen=True)
class Answer:
    """What comes back of a segment. seconds: what it took in the worker.

    fields: of the Run after it, but for its recipe, which whoever asked has. problem: None, or
    what the segment was stopped by.
    """

    fields: Mapping[str, Any]
    seconds: float
    problem: str | None = None

    def run(self, recipe: Recipe) -> Run:
        """The Run that `advance` returned."""
        return Run(recipe=recipe, **self.fields)


def work(run: Run, iterations: int) -> Answer:
    """advance(run, iterations) for somebody in another process. What it raises is said, too:
    whatever else goes wrong is then the worker's end and not the segment's."""
    started = time.perf_counter()
    try:
        fields = advance(run, iterations).__getstate__()
    except Exception as error:  # of any kind: torch's and MemoryError among them
        return Answer({}, 0.0, f"{type(error).__name__}: {error}"[:200])
    fields.pop("recipe")
    return Answer(fields, time.perf_counter() - started)


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
