"""Training for visitors of a server: what the way to a worker and back costs, and what one takes.

The ratio is the iterations a second that one worker process does for a Schedule, over those of a
plain loop in this process; both by turns, the median of pairs. A worker's megabytes are the peak of
its resident memory (VmHWM) in a process of its own for each task.
"""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import torch
from bench_training import SEGMENT, plain
from report import Row

from seqviz.data.generators import generate
from seqviz.training.datasets import Characters, Examples
from seqviz.training.recipe import Recipe
from seqviz.training.scheduling.follower import Follower
from seqviz.training.scheduling.processes import Processes
from seqviz.training.scheduling.schedule import Schedule
from seqviz.training.tasks import TASKS

SECONDS = 2.0  # of each half of a pair
PAIRS = 7


def measure() -> list[Row]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return [*ratios(), *first_loss(), *memory()]
    finally:
        torch.set_num_threads(before)


class Progress:
    """A training of a schedule that can be waited for."""

    def __init__(self, schedule: Schedule, recipe: Recipe) -> None:
        self.changed = threading.Condition()
        self.updates = 0
        self.follower = schedule.follow(recipe)
        self.follower.on_change = self._note
        self._note(self.follower)

    def _note(self, _: Follower) -> None:
        with self.changed:
            self.updates += 1
            self.changed.notify_all()

    def until(self, iteration: int) -> None:
        """Wait for a run of at least so many iterations."""
        with self.changed:
            self.changed.wait_for(lambda: self.follower.run.iteration >= iteration, 120)
        assert self.follower.run.iteration >= iteration, self.follower.problem

    def update(self) -> None:
        """Wait for the next change."""
        with self.changed:
            before = self.updates
            self.changed.wait_for(lambda: self.updates > before, 120)


@contextmanager
def one_worker() -> Iterator[tuple[Schedule, list[Processes]]]:
    """A schedule with a single process, and where that is kept."""
    opened: list[Processes] = []

    def open_workers() -> Processes:
        opened.append(Processes(1))
        return opened[-1]

    schedule = Schedule(open_workers)
    yield schedule, opened
    schedule.close()


# ---- speed ---------------------------------------------------------------------------------------


def ratios() -> list[Row]:
    rows = []
    for hidden, layers in ((32, 1), (128, 2)):
        usual = Recipe.default("adding", mode="LSTM")
        spec = replace(usual.spec, hidden_size=hidden, num_layers=layers)
        recipe = replace(usual, spec=spec, iterations=100_000 if hidden < 128 else 5000)
        with one_worker() as (schedule, _):
            progress = Progress(schedule, recipe)
            progress.until(5 * SEGMENT)  # segments have grown
            pairs = [pair(progress, recipe) for _ in range(PAIRS)]
        what = f"LSTM H={hidden} L={layers}"
        ratio = statistics.median(through / alone for through, alone, _ in pairs)
        updates = statistics.median(seen for _, _, seen in pairs)
        rows += [
            Row(f"iterations a second, schedule / plain loop, {what}", ratio, "×", 0.9, True),
            Row(f"updates a second, {what}", updates, "/s", 4, True),
        ]
    return rows


def pair(progress: Progress, recipe: Recipe) -> tuple[float, float, float]:
    """Iterations a second through the schedule and alone, and updates a second."""
    follower = progress.follower
    follower.resume()
    progress.until(follower.run.iteration + 1)  # it is running again
    before, updates, started = follower.run.iteration, 0, time.perf_counter()
    while (took := time.perf_counter() - started) < SECONDS or not updates:
        iteration = follower.run.iteration
        progress.until(iteration + 1)
        updates += 1
    took = time.perf_counter() - started
    through = (follower.run.iteration - before) / took
    follower.pause()
    while follower.training.in_flight:
        time.sleep(0.01)  # its last segment would share this core's caches
    loop = plain(recipe)
    loop()
    count, started = 0, time.perf_counter()
    while (alone_took := time.perf_counter() - started) < SECONDS:
        loop()
        count += SEGMENT
    return through, count / alone_took, updates / took


def first_loss() -> list[Row]:
    """From asking for a training to its first loss."""
    usual = Recipe.default("adding", mode="LSTM")
    took = []
    with one_worker() as (schedule, _):
        for seed in range(8):
            started = time.perf_counter()
            progress = Progress(schedule, replace(usual, seed=seed))
            progress.until(1)
            took.append(time.perf_counter() - started)
            progress.follower.leave()
    return [
        Row("first loss, no worker yet", took[0], "s"),
        Row("first loss, warm, the slowest of 7", max(took[1:]), "s", 1),
    ]


# ---- memory --------------------------------------------------------------------------------------


def memory() -> list[Row]:
    rows = []
    usual = Recipe.default("adding", mode="LSTM")
    recipes = {"LSTM H=32 T=50, batches of 64": replace(usual, steps=50, batch_size=64)}
    recipes |= {f"default of {key}": Recipe.default(key, data_for(key)) for key in TASKS}
    for what, recipe in recipes.items():
        with one_worker() as (schedule, opened):
            progress = Progress(schedule, replace(recipe, iterations=200))
            progress.until(min(100, recipe.iterations))
            progress.follower.pause()
            status = Path(f"/proc/{opened[0].pids[0]}/status").read_text()
        peak = int(dict(line.split(":\t") for line in status.splitlines())["VmHWM"].split()[0])
        rows.append(Row(f"memory of a worker, {what}", peak / 1024, "MB", 300))
    return rows


def data_for(key: str) -> Characters | Examples | object | None:
    """Something to learn from, of a usual size, for tasks that need it."""
    if TASKS[key].data is Characters:
        return Characters("the quick brown fox jumps over the lazy dog. " * 200)
    if TASKS[key].data is Examples:
        x = torch.randn(20, 60, 3, generator=torch.Generator().manual_seed(0)).numpy()
        return Examples(tuple(x), tuple("ab" * 10))
    return generate("sine", steps=200) if TASKS[key].data is not None else None
