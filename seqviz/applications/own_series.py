"""Somebody's own sequence, one step ahead: untrained until a network has learned from it."""

from __future__ import annotations

from seqviz.applications.application import Application, Score
from seqviz.applications.forecasting import HIDDEN, Forecast, errors_along
from seqviz.applications.mistakes import Mistakes
from seqviz.data.generators import generate
from seqviz.errors import SeqvizError
from seqviz.rnn.model import build
from seqviz.training.recipe import Recipe
from seqviz.types import InputSequence, Model, RNNSpec


class OwnSeries(Application):
    """The sequence on the table, and the network once one has learned from it."""

    key = "own"
    name = "Your own sequence"
    about = (
        "It reads the sequence on the table, step by step. It answers with the values of the next "
        "step, once it has learned from the first 70 %."
    )
    cannot = (
        "It knows this one sequence and nothing else. Where what comes next does not depend on "
        "what came before, no network foretells it, and repeating the last value is as good; and "
        "if the end is unlike the beginning, what it has learned there does not hold any more."
    )

    def __init__(self, sequence: InputSequence | None, found: Forecast | None) -> None:
        self.sequence, self.found = sequence, found

    @property
    def can_be_tried(self) -> bool:
        return self.nearby_recipe() is not None

    @property
    def why_not_tried(self) -> str:
        return "Train cannot learn from this sequence: bring another one."

    @property
    def why_not_opened(self) -> str:
        return "" if self.found is not None else "It has learned nothing yet: press Try it."

    def nearby_recipe(self) -> Recipe | None:
        """Next value, where the sequence will do for it."""
        if self.sequence is None:
            return None
        try:
            return Recipe.default("next_value", self.sequence)
        except SeqvizError:
            return None

    def model(self) -> Model:
        """An untrained one before anything was learned."""
        if self.found is not None:
            return self.found.trained.model
        spec = RNNSpec("GRU", self.example().input_size, HIDDEN)
        parameters = build(spec).named_parameters()
        return Model(spec, {name: value.detach().numpy() for name, value in parameters})

    def example(self) -> InputSequence:
        return self.sequence or generate("sine")

    def evaluate(self) -> tuple[Score, ...]:
        return () if self.found is None else self.found.scores

    def mistakes(self) -> Mistakes | None:
        return None if self.found is None else errors_along(self.found, self.example())
