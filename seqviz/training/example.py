"""Sequences of a task to look at, with what should be answered at each step."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seqviz.errors import SeqvizError
from seqviz.training.datasets import Characters, Examples
from seqviz.training.recipe import Recipe
from seqviz.training.task import UNSCORED, Batch, Task
from seqviz.training.tasks import TASKS
from seqviz.types import FloatArray, InputSequence, frozen

LONGEST_TEXT = 80  # characters: each is a column wide enough for its letter


@dataclass(frozen=True, eq=False)
class Example:
    """sequence: in the data's own units. target: what should be answered, NaN where nothing is
    asked: (T,) class numbers where the task answers with classes, else (T, K) values.
    """

    sequence: InputSequence
    target: FloatArray


def example(recipe: Recipe, k: int = 0) -> Example:
    """The k-th example of a recipe's task, from 0; beyond the last it begins again.

    Sequences that the training never sees, where the task draws its own; a person's examples one
    by one; of a text or a sequence the part that is judged, or all of it where it is that short.
    Raises SeqvizError when k is below 0.
    """
    if k < 0:
        raise SeqvizError(f"Example {k} is asked for: count from 0.")
    task, data = TASKS[recipe.task], recipe.data
    if isinstance(data, Characters):
        return _of_text(data)
    if isinstance(data, InputSequence):
        return _ahead(data)
    if isinstance(data, Examples):
        return _labelled(data, k % len(data.labels))
    batch = task.held_out(recipe)
    assert batch is not None, "a task that draws its own data has as many as it wants"
    n = k % batch.x.shape[1]
    return Example(_sequence(task, batch, n), _target(task, batch, n, len(task.outputs())))


def _sequence(task: Task, batch: Batch, n: int) -> InputSequence:
    x = batch.x[:, n].numpy()  # (T, I)
    names = task.inputs()
    if task.one_hot:
        labels = tuple(names[i] for i in x.argmax(axis=1))
        return InputSequence(x, labels, names, name=task.name, kind="text")
    return InputSequence(x, (), names, name=task.name)


def _target(task: Task, batch: Batch, n: int, outputs: int) -> FloatArray:
    steps = len(batch.x)
    y = (batch.y[n] if task.last_step else batch.y[:, n]).numpy()
    target = np.full((steps,) if task.classes else (steps, outputs), np.nan)
    asked = slice(steps - 1, None) if task.last_step else slice(batch.first, None)
    target[asked] = np.where(y == UNSCORED, np.nan, y) if task.classes else y
    return frozen(target)


def _of_text(data: Characters) -> Example:
    """The last characters: of a text that is long enough they are held out."""
    symbols = data.symbols[-LONGEST_TEXT:]
    sequence = data.encode("".join(symbols))
    return Example(sequence, frozen([*data.codes[-len(symbols) :][1:], np.nan]))


def _ahead(sequence: InputSequence) -> Example:
    nothing = np.full((1, sequence.input_size), np.nan)
    return Example(sequence, frozen(np.concatenate([sequence.x[1:], nothing])))


def _labelled(data: Examples, k: int) -> Example:
    x = data.sequences[k]
    label = data.labels[k]
    sequence = InputSequence(x, name=f"example {k + 1}, {label}")
    return Example(sequence, frozen(np.full(len(x), data.codes[k])))
