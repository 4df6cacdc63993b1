"""The trained network of a first visit: it predicts waves, and comes with the app."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from pages.state.schema import FIRST_TRAINED, FORMS, NETWORK, TRAINING, Settings
from seqviz.applications.waves import WavesAhead  # alone: most visits need no other use
from seqviz.training.recipe import Recipe
from seqviz.training.run import Run, begin
from seqviz.types import InputSequence


def is_asked_for(settings: Settings) -> bool:
    """Whether it is the one that the settings ask for."""
    return settings.trained == FIRST_TRAINED and all(
        settings.get(name) == FORMS[name].default for name in NETWORK
    )


def reads(sequence: InputSequence | None) -> bool:
    """Whether it can read this: one value a step."""
    return sequence is None or sequence.input_size == 1


def brought_back() -> dict[str, object]:
    """What has to be set for it."""
    return {name: FORMS[name].default for name in (*NETWORK, *TRAINING, "trained")}


@cache
def run() -> Run:
    """Its training as far as it is kept: the untrained network, and the trained one."""
    one = WavesAhead()
    recipe, model = one.recipe(), one.model()
    assert model.head is not None
    weights = {f"rnn.{name}": value for name, value in model.weights.items()}
    weights |= {"head.weight": model.head.weight, "head.bias": model.head.bias}
    done = recipe.iterations
    return replace(begin(recipe), iteration=done, weights=weights, last_good=weights)


@cache
def recipe() -> Recipe:
    """What it was trained with."""
    return run().recipe
