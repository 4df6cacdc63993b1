"""Everything it takes to train a network, and to train the very same one again."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from seqviz.errors import SeqvizError
from seqviz.limits import (
    MAX_BATCH,
    MAX_HIDDEN_SIZE,
    MAX_ITERATIONS,
    MAX_LAYERS,
    MAX_SEED,
    MAX_STEPS,
)
from seqviz.training.cost import check_cost
from seqviz.training.datasets import Characters, Data, Examples
from seqviz.training.task import Task
from seqviz.training.tasks import TASKS
from seqviz.types import InputSequence, RNNSpec

OPTIMIZERS = ("Adam", "SGD", "RMSprop")
"""Classes of torch.optim, with their own defaults but for the learning rate."""
MAX_LR = 10.0

_BOUNDS = {
    "steps": (1, MAX_STEPS),
    "iterations": (1, MAX_ITERATIONS),
    "batch_size": (1, MAX_BATCH),
    "seed": (0, MAX_SEED),
    "delay": (1, MAX_STEPS),
}
_WANTED = {Characters: "a text", InputSequence: "a sequence", Examples: "labelled sequences"}


@dataclass(frozen=True, eq=False)
class Recipe:
    """A task, a network and how it learns. Equal recipes end in equal weights, bit for bit.

    task: a key of TASKS. spec: the network as it begins; its seed chooses its weights. steps: T,
    of each sequence. iterations: updates of the weights, each from a fresh batch of batch_size
    sequences. lr: learning rate. seed: chooses the head's first weights and all data. optimizer:
    one of OPTIMIZERS. clip: the norm gradients of all weights together are clipped to, None for
    no clipping. truncation: after so many steps the gradient is cut (truncated BPTT), None for
    never. delay: for delayed recall alone, how many steps later a symbol is asked. data: what the
    task learns from, where it draws nothing itself: Characters, an InputSequence or Examples.

    Raises SeqvizError when a field is out of range, does not fit the task, or takes too much.
    """

    task: str
    spec: RNNSpec
    steps: int = 50
    iterations: int = 1000
    batch_size: int = 64
    lr: float = 1e-2
    seed: int = 0
    optimizer: str = "Adam"
    clip: float | None = 1.0
    truncation: int | None = None
    delay: int = 5
    data: Data | None = None

    def __post_init__(self) -> None:
        if self.task not in TASKS:
            raise SeqvizError(f"Unknown task {self.task!r:.40}: choose one of {', '.join(TASKS)}.")
        self._check_numbers()
        self._check_data()
        self._check_network()
        TASKS[self.task].check(self)
        check_cost(self)

    @classmethod
    def default(cls, task: str, data: Data | None = None, mode: str | None = None) -> Recipe:
        """The recipe that learns with nothing moved; change it with dataclasses.replace.

        mode: another cell than the task's usual one.
        Raises SeqvizError for an unknown task, or data that it cannot learn from.
        """
        if task not in TASKS:
            raise SeqvizError(f"Unknown task {task!r:.40}: choose one of {', '.join(TASKS)}.")
        one = TASKS[task]
        _check_kind(one, data)
        settings = dict(one.defaults)
        settings["steps"] = one.usual_steps(data)
        usual = settings.pop("mode", "LSTM")
        mode = mode or usual
        forget_bias = settings.pop("forget_bias", 1.0)
        spec = RNNSpec(
            mode=mode,
            input_size=one.input_size(data),
            hidden_size=settings.pop("hidden_size"),
            init=settings.pop("init", "default"),
            forget_bias=forget_bias if mode == "LSTM" else None,
        )
        return cls(task, spec, **settings, data=data)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Recipe) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    @property
    def digest(self) -> str:
        """The same for recipes that give the same weights, and for no others; 24 characters."""
        text = json.dumps(self.packed(), sort_keys=True, allow_nan=False)
        return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()

    @property
    def path(self) -> str:
        """The same for recipes that differ in iterations alone; 24 characters.

        Of two runs with one path the longer passes through the weights of the shorter.
        """
        return replace(self, iterations=1).digest

    def packed(self) -> dict[str, Any]:
        """Text, numbers and None in dictionaries, ready for JSON and a link.

        data is not in it but its fingerprint is: a link carries the data itself elsewhere.
        """
        settings = {one.name: getattr(self, one.name) for one in fields(self)}
        settings["spec"] = asdict(self.spec)
        settings["data"] = self.data.digest if self.data is not None else None
        return settings

    @classmethod
    def unpacked(cls, packed: Mapping[str, Any], data: Data | None = None) -> Recipe:
        """The recipe that packed describes; data is what it learned from, if anything.

        Raises SeqvizError when packed was not made by `packed`, or with other data.
        """
        try:
            settings = dict(packed)
            settings["spec"] = RNNSpec(**settings["spec"])
            wanted = settings.pop("data", None)
            has = data.digest if data is not None else None
            if wanted != has:
                raise SeqvizError(
                    "This recipe learned from other data: open it with the text, sequence or "
                    "examples it was made with."
                )
            return cls(**settings, data=data)
        except SeqvizError:
            raise
        except (TypeError, ValueError, KeyError) as error:
            raise SeqvizError(
                "This recipe cannot be read: take the whole link again, as it was given."
            ) from error

    def _check_numbers(self) -> None:
        for name, (low, high) in _BOUNDS.items():
            value = getattr(self, name)
            if not _is_whole(value):
                raise SeqvizError(f"{name} is {value!r:.40}: give a whole number.")
            if not low <= value <= high:
                raise SeqvizError(f"{name} is {value:,}: set it between {low} and {high:,}.")
            object.__setattr__(self, name, int(value))
        if self.optimizer not in OPTIMIZERS:
            raise SeqvizError(
                f"Unknown optimizer {self.optimizer!r:.40}: choose one of {', '.join(OPTIMIZERS)}."
            )
        if not _is_number(self.lr) or not 0 < self.lr <= MAX_LR:
            raise SeqvizError(f"lr is {self.lr!r:.40}: set it above 0 and up to {MAX_LR:g}.")
        object.__setattr__(self, "lr", float(self.lr))
        if self.clip is not None:
            if not _is_number(self.clip) or self.clip <= 0:
                raise SeqvizError(f"clip is {self.clip!r:.40}: set it above 0, or leave it out.")
            object.__setattr__(self, "clip", float(self.clip))
        if self.truncation is not None:
            if not _is_whole(self.truncation) or not 1 <= self.truncation <= self.steps:
                raise SeqvizError(
                    f"truncation is {self.truncation!r:.40}: set it between 1 and the sequence's "
                    f"{self.steps} steps, or leave it out."
                )
            object.__setattr__(self, "truncation", int(self.truncation))

    def _check_data(self) -> None:
        task = TASKS[self.task]
        _check_kind(task, self.data)
        wanted = task.input_size(self.data)
        if self.spec.input_size != wanted:
            raise SeqvizError(
                f"The network reads {self.spec.input_size} features a step and {task.name} gives "
                f"{wanted}: set input_size to {wanted}."
            )

    def _check_network(self) -> None:
        spec, task = self.spec, TASKS[self.task]
        if spec.init == "given":
            raise SeqvizError(
                "Weights that came from outside cannot be trained again from a recipe: choose "
                "another init."
            )
        if spec.hidden_size > MAX_HIDDEN_SIZE or spec.num_layers > MAX_LAYERS:
            raise SeqvizError(
                f"This network has {spec.num_layers} layers of {spec.hidden_size} units: use at "
                f"most {MAX_LAYERS} layers and {MAX_HIDDEN_SIZE} units."
            )
        if spec.bidirectional and task.causal:
            raise SeqvizError(
                f"{task.name} asks what comes next, and a reverse direction has read it already: "
                "train one direction."
            )
        if spec.bidirectional and self.truncation is not None:
            raise SeqvizError(
                "A reverse direction cannot be cut into parts that follow one another: leave "
                "truncation out or train one direction."
            )


def _check_kind(task: Task, data: object) -> None:
    if task.data is None and data is not None:
        raise SeqvizError(f"{task.name} draws its own sequences: leave data out.")
    if task.data is not None and not isinstance(data, task.data):
        name = _WANTED[task.data]
        raise SeqvizError(f"{task.name} learns from {name}: give data as {task.data.__name__}.")


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
