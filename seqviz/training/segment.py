"""One segment of a training: a run and a number of iterations -> the run after them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from seqviz.training.network import Network
from seqviz.training.optimizers import Optimizer
from seqviz.training.recipe import Recipe
from seqviz.training.run import OptimizerState, Run, Weights, stride, thinned, weights_of
from seqviz.training.task import Sampler
from seqviz.training.tasks import TASKS
from seqviz.types import frozen


def advance(run: Run, iterations: int) -> Run:
    """run after so many more iterations, at most its recipe's; a pure function.

    It computes on one thread, touches no global random state and ends, bit for bit, where the
    plain PyTorch loop ends that draws a batch, computes the loss, calls backward, clips and
    steps, however the run is cut into segments, in whatever process. A loss or gradient that is
    not finite ends the run: `diverged` says so, and the run goes back to the last good weights,
    by one iteration where the newest ones gave the loss that is no number.
    """
    last = min(run.recipe.iterations, run.iteration + iterations)
    if run.diverged or last <= run.iteration:
        return run
    with _one_thread():
        return _Segment(run).to(last)


class _Segment:
    """The run unpacked into PyTorch's own objects, for as long as one segment takes."""

    def __init__(self, run: Run) -> None:
        recipe, self.sample = _at_hand(run.recipe)
        self.run, self.task = run, TASKS[recipe.task]
        self.network = Network(recipe)
        self.network.load_state_dict(_tensors(run.weights))
        self.parameters = list(self.network.parameters())
        self.last_good = [torch.tensor(run.last_good[name]) for name in run.weights]
        kept = [_tensors(state) for state in run.optimizer]
        self.optimizer = Optimizer(recipe.optimizer, self.parameters, recipe.lr, kept)
        self.generator = torch.Generator()
        self.generator.set_state(torch.tensor(run.generator))
        self.iteration = run.iteration
        self.measured: list[tuple[float, float, float]] = []  # loss, accuracy, gradient norm
        self.diverged: str | None = None

    def to(self, last: int) -> Run:
        """Iterations up to this one, and what came of them."""
        run: Run = self.run
        kept: dict[int, Weights] = {}
        while self.iteration < last and self.iterate():
            if self.iteration % stride(run.weights, self.iteration) == 0:
                kept[self.iteration] = weights_of(self.network)
                kept = thinned(kept, self.iteration)
        measured = np.array(self.measured, np.float32).reshape(-1, 3).T
        segment = replace(
            run.without_history(),
            iteration=self.iteration,
            weights=weights_of(self.network),
            last_good=_named(run.weights, self.last_good),
            optimizer=_optimizer_state(self.optimizer),
            generator=self.generator.get_state().numpy(),
            loss=frozen(measured[0]),
            accuracy=frozen(measured[1]),
            gradient_norm=frozen(measured[2]),
            kept=kept,
            diverged=self.diverged,
        )
        return run.followed_by(segment)

    def iterate(self) -> bool:
        """One update of the weights; False, and `diverged` says why, where there was none."""
        batch = self.sample(self.generator)
        self.optimizer.zero_grad()
        answers = self.network(batch)
        loss = self.task.loss(answers, batch.y)
        value = loss.item()
        if not np.isfinite(value):
            at = self.iteration + 1
            self._restore()
            self.diverged = _sentence("loss", value, at, self.iteration, self.run.recipe)
            return False
        loss.backward()
        norm = self._clipped()
        if not np.isfinite(norm):
            at = self.iteration + 1
            self.diverged = _sentence("gradient", norm, at, self.iteration, self.run.recipe)
            return False
        with torch.no_grad():
            for good, parameter in zip(self.last_good, self.parameters, strict=True):
                good.copy_(parameter)
            accuracy = self.task.accuracy(answers, batch)
        self.optimizer.step()
        self.measured.append((value, np.nan if accuracy is None else accuracy, norm))
        self.iteration += 1
        return True

    def _clipped(self) -> float:
        """The gradient's norm over all weights together, before it is clipped."""
        clip = self.run.recipe.clip
        if clip is not None:
            return nn.utils.clip_grad_norm_(self.parameters, clip).item()
        gradients = [p.grad for p in self.parameters if p.grad is not None]
        return nn.utils.get_total_norm(gradients).item()

    def _restore(self) -> None:
        """Back to the weights that gave a finite loss, of the iteration before: the present ones do
        not.
        """
        self.iteration = max(0, self.iteration - 1)
        with torch.no_grad():
            for good, parameter in zip(self.last_good, self.parameters, strict=True):
                parameter.copy_(good)


@lru_cache(maxsize=2)
def _at_hand(recipe: Recipe) -> tuple[Recipe, Sampler]:
    """A recipe whose data have been read already, and its sampler, for all equal recipes.

    With much data it takes half a segment's time to make them ready, and a worker is sent others
    with every segment.
    """
    return recipe, TASKS[recipe.task].sampler(recipe)


def _optimizer_state(optimizer: Optimizer) -> OptimizerState:
    """What the optimizer keeps of each parameter, as arrays."""
    return tuple(
        {name: frozen(value) for name, value in state.items()} for state in optimizer.state
    )


def _tensors(arrays: Mapping[str, Any]) -> dict[str, Tensor]:
    return {name: torch.tensor(value) for name, value in arrays.items()}


def _named(names: Weights, tensors: list[Tensor]) -> Weights:
    return {name: frozen(value) for name, value in zip(names, tensors, strict=True)}


def _sentence(what: str, value: float, iteration: int, kept: int, recipe: Recipe) -> str:
    became = "NaN" if np.isnan(value) else "infinite"
    of = f"last good weights, of iteration {kept:,}," if kept else "untrained weights"
    clip = "clip gradients" if recipe.clip is None else f"clip gradients below {recipe.clip:g}"
    return (
        f"The {what} became {became} at iteration {iteration:,}: lower the learning rate "
        f"({recipe.lr:g}) or {clip}; the {of} are kept."
    )


@contextmanager
def _one_thread() -> Iterator[None]:
    """Sums are added up in one order, whatever the machine; small networks are faster, too."""
    before = torch.get_num_threads()
    if before == 1:
        yield
        return
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
