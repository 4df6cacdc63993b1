"""What every use has: a sentence about it, a trained network, and a score with its baselines."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from seqviz.applications import weight_file
from seqviz.applications.mistakes import Mistakes
from seqviz.applications.weight_file import Stored
from seqviz.training.recipe import Recipe
from seqviz.training.run import begin
from seqviz.training.segment import advance
from seqviz.types import FloatArray, Model, frozen


@dataclass(frozen=True)
class Line:
    """What another method reaches on the same data: its name, and its value of the same measure."""

    name: str
    value: float


@dataclass(frozen=True)
class Score:
    """How good something is on data its training never saw.

    measure: with its unit, "MAE, °C". value: the network's. baselines: the others', on the same
    data; the first is the one to compare with. on: what it was measured on. lower_is_better:
    False for shares of right answers. digits: how many of them mean something.
    """

    measure: str
    value: float
    baselines: tuple[Line, ...]
    on: str
    lower_is_better: bool = True
    digits: int = 3

    @property
    def best_baseline(self) -> Line:
        best = min if self.lower_is_better else max
        return best(self.baselines, key=lambda line: line.value)

    @property
    def beats_baselines(self) -> bool:
        """True when the network is better than every one of them."""
        other = self.best_baseline.value
        return self.value < other if self.lower_is_better else self.value > other


@dataclass(frozen=True, eq=False)
class Trained:
    """What a training ended with.

    loss (iterations,): of each iteration, as far as it went. notes: what else it takes to use the
    network, ready for JSON: a vocabulary, a scale. extra: weights that model does not hold.
    """

    model: Model
    loss: FloatArray
    notes: Mapping[str, Any] = field(default_factory=dict)
    extra: Mapping[str, FloatArray] = field(default_factory=dict)


class Application(ABC):
    """One trained network and what it is for.

    key: its name in links, code and files; name: on the screen; about: two sentences, what it
    reads and what it answers; cannot: what it cannot do, and where it goes wrong. every: the
    iterations between two recorded losses. half: the file holds float16, and the network has
    exactly these numbers.
    """

    key: ClassVar[str]
    name: ClassVar[str]
    about: ClassVar[str]
    cannot: ClassVar[str]
    every: ClassVar[int] = 10
    half: ClassVar[bool] = False

    def __repr__(self) -> str:
        return f"<{self.name}: {self.about}>"

    def recipe(self) -> Recipe | None:
        """What its weights came from; None where `train` says how it was trained instead."""
        return None

    def nearby_recipe(self) -> Recipe | None:
        """What the page Train can open to try it oneself: the recipe, or a task much like it."""
        return self.recipe()

    @property
    def can_be_tried(self) -> bool:
        """Whether `nearby_recipe` gives one; to make it may take a second."""
        kind = type(self)
        made = (kind.recipe, Application.recipe), (kind.nearby_recipe, Application.nearby_recipe)
        return any(own is not general for own, general in made)

    @property
    def why_not_tried(self) -> str:
        """Where it cannot be tried, why, and what can be done instead."""
        return "Train has no task like this one."

    @property
    def why_not_opened(self) -> str:
        """Why there is no trained network to look into, and what to do; "" where there is one."""
        return ""

    @property
    def left_out(self) -> str:
        """What Explore does not show of it, in a sentence; "" where it shows all."""
        return ""

    def train(self, iterations: int | None = None) -> Trained:
        """Its training once more, up to so many iterations, or to the end.

        The same losses as the recorded ones, and in the end the stored weights. Whoever trains
        without a recipe overrides this.
        """
        recipe = self.recipe()
        if recipe is None:
            raise NotImplementedError(f"{self.key} has no recipe and no training of its own.")
        last = recipe.iterations if iterations is None else iterations
        run = advance(begin(recipe), last)
        return Trained(run.model, run.loss)

    def model(self) -> Model:
        """The trained network as it is stored, ready to read. SeqvizError when it is damaged."""
        return self.stored().model

    def stored(self) -> Stored:
        """The file's network, recorded loss and notes. SeqvizError when it is damaged."""
        return weight_file.read(self.key)

    def recorded_loss(self) -> FloatArray:
        """The training's loss at iterations 1, 1 + every, …: an array of float32."""
        return self.stored().loss

    def store(self, trained: Trained) -> int:
        """Write the network and every so many-th loss to weights/<key>.safetensors; its bytes."""
        loss = frozen(trained.loss[:: self.every])
        stored = Stored(trained.model, loss, trained.notes, trained.extra)
        return weight_file.write(self.key, stored, half=self.half)

    def mistakes(self) -> Mistakes | None:
        """Where the stored network goes wrong, on the data of its first score."""
        return None

    @abstractmethod
    def evaluate(self) -> tuple[Score, ...]:
        """The stored network on data it has never seen; the first score is the one to name."""
