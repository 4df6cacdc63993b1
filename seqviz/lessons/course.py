"""The nine lessons in their order."""

from __future__ import annotations

from functools import lru_cache

from seqviz.lessons import (
    forgetting,
    gates,
    in_use,
    learning,
    one_step,
    order,
    sample_network,
    shapes,
    starting_memory,
)
from seqviz.lessons.lesson import Found, Lesson
from seqviz.lessons.sizes import Sizes

LESSONS: tuple[Lesson, ...] = (
    order.LESSON,
    one_step.LESSON,
    shapes.LESSON,
    starting_memory.LESSON,
    sample_network.LESSON,
    forgetting.LESSON,
    gates.LESSON,
    learning.LESSON,
    in_use.LESSON,
)


def find(number: int, sizes: Sizes | None = None) -> Found:
    """What lesson `number`, from 1, finds with these sizes, or with its own."""
    return _find(number, sizes or LESSONS[number - 1].sizes)


@lru_cache(maxsize=64)
def _find(number: int, sizes: Sizes) -> Found:
    return LESSONS[number - 1].find(sizes)
