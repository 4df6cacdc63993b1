"""Everything that can be learned here, by its key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from seqviz.training.task import Task
from seqviz.training.tasks.adding import Adding
from seqviz.training.tasks.classify import Classify
from seqviz.training.tasks.copying import Copying
from seqviz.training.tasks.counting import Counting
from seqviz.training.tasks.delayed_recall import DelayedRecall
from seqviz.training.tasks.flip_flop import FlipFlop
from seqviz.training.tasks.next_character import NextCharacter
from seqviz.training.tasks.next_value import NextValue
from seqviz.training.tasks.parity import Parity
from seqviz.training.tasks.sine import Sine
from seqviz.training.tasks.temporal_order import TemporalOrder
from seqviz.training.tasks.waves import Waves


class Tasks(Mapping[str, Task]):
    """Everything that can be learned here, by key; printed, it is a list to choose from."""

    def __init__(self, *tasks: Task) -> None:
        self._tasks = {task.key: task for task in tasks}

    def __getitem__(self, key: str) -> Task:
        return self._tasks[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tasks)

    def __len__(self) -> int:
        return len(self._tasks)

    def __repr__(self) -> str:
        from seqviz.training.recipe import Recipe  # here: a recipe checks itself with TASKS

        lines = []
        for key, task in self._tasks.items():
            baseline = "depends on your data"
            if task.data is None:
                line = task.baselines(Recipe.default(key))[0]
                baseline = f"{line.loss:.4f}, {line.answers}"
            lines.append(
                f"{key}: {task.name}\n    reads {task.reads}\n    answers {task.answers}\n"
                f"    baseline {baseline}"
            )
        return "\n".join(lines)


TASKS = Tasks(
    DelayedRecall(),
    Adding(),
    TemporalOrder(),
    Counting(),
    Parity(),
    FlipFlop(),
    Copying(),
    Sine(),
    Waves(),
    NextCharacter(),
    NextValue(),
    Classify(),
)
"""Tasks that draw their own data, then those that learn from what a person has."""
