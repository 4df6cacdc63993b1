"""Training from start to end in this process, for a notebook or a script."""

from __future__ import annotations

import time
import warnings

from seqviz.labels import number
from seqviz.training.recipe import Recipe
from seqviz.training.run import Run, begin
from seqviz.training.scheduling.pace import SEGMENT_SECONDS, next_count
from seqviz.training.segment import advance


def train(recipe: Recipe, *, progress: bool = True) -> Run:
    """The run of a recipe, to its end, with a progress bar that shows the loss.

    progress: False leaves the bar out. The first baseline stands beside the loss. When training
    diverges, a warning says at which iteration, and the run has the last good weights.
    """
    from tqdm import tqdm  # here: importing seqviz stays cheap

    run, count = begin(recipe), 1
    best = run.baselines[0].loss
    with tqdm(
        total=recipe.iterations, unit="iteration", disable=not progress, mininterval=SEGMENT_SECONDS
    ) as bar:
        while not run.done:
            started = time.perf_counter()
            longer = run.followed_by(advance(run.without_history(), count))
            took = time.perf_counter() - started
            bar.update(longer.iteration - run.iteration)
            run = longer
            if len(run.loss):
                bar.set_postfix_str(f"loss {number(run.loss[-1])}, baseline {number(best or 0)}")
            count = next_count(count, took)
    if run.diverged:
        warnings.warn(run.diverged, stacklevel=2)
    return run
