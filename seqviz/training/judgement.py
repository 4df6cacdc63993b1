"""How good a trained network is on what it has not seen, beside the baselines."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from seqviz.training.network import Network
from seqviz.training.run import Run
from seqviz.training.task import Baseline
from seqviz.training.tasks import TASKS

CLEARLY = 0.9


@dataclass(frozen=True)
class Judgement:
    """loss and accuracy (0 to 1, None where the task has none) on what the task's judged_on says,
    and what the baselines reach on the same. further: what else there is to say, or ""."""

    loss: float
    accuracy: float | None
    baselines: tuple[Baseline, ...]
    further: str = ""

    @property
    def learned(self) -> bool:
        """True when the loss is clearly below the first baseline, by a tenth: less is chance."""
        line = self.baselines[0].loss
        return line is not None and self.loss < CLEARLY * line


def judge(run: Run) -> Judgement | None:
    """The run's network on fresh sequences, or on the part of the data that was held out.

    None where the data were too few to hold any out.
    """
    task, recipe = TASKS[run.recipe.task], run.recipe
    batch = task.held_out(recipe)
    if batch is None:
        return None
    network = Network(recipe)
    network.load_state_dict({name: torch.tensor(value) for name, value in run.weights.items()})
    with torch.inference_mode():
        answers = network(batch)
        return Judgement(
            task.loss(answers, batch.y).item(),
            task.accuracy(answers, batch),
            task.held_out_baselines(recipe),
            task.further(recipe, run.model),
        )
