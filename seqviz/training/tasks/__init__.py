"""Everything that can be learned here, by its key."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

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

TASKS: Mapping[str, Task] = MappingProxyType(
    {
        task.key: task
        for task in (
            DelayedRecall(),
            Adding(),
            TemporalOrder(),
            Counting(),
            Parity(),
            FlipFlop(),
            Copying(),
            Sine(),
            NextCharacter(),
            NextValue(),
            Classify(),
        )
    }
)
"""Tasks by key: those that draw their own data first, then those that learn from what you have."""
