"""Lesson 8: delayed recall is learned, by tanh and by LSTM with as many parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from string import Template

import numpy as np

from seqviz.lessons.lesson import Found, Lesson, by_choice
from seqviz.lessons.sizes import Sizes
from seqviz.lessons.snippet import run
from seqviz.rnn.model import match_parameters, num_parameters
from seqviz.rnn.tracing import trace
from seqviz.training.example import example
from seqviz.training.recipe import Recipe
from seqviz.training.run import Run
from seqviz.training.run import begin as untrained

DELAY, STEPS, ITERATIONS, UNITS = 10, 24, 400, 12
FALLEN = 0.5  # of the loss of guessing: a loss below has fallen
_OVER = 20  # iterations: one batch's loss says little

_CODE = Template("""\
import torch
from torch import nn

for rnn in (nn.LSTM(4, $units), nn.RNN(4, $tanh)):
    parameters = sum(weight.numel() for weight in rnn.parameters())
    print(type(rnn).__name__, rnn.hidden_size, "units,", parameters, "parameters")
""")


def recipes(iterations: int | None = None) -> dict[str, Recipe]:
    """The two, by name: nothing differs but the cell, and the units that its parameters allow."""
    usual = Recipe.default("recall")
    lstm = replace(usual.spec, mode="LSTM", hidden_size=UNITS, forget_bias=1.0)
    tanh = match_parameters(replace(lstm, forget_bias=None), "RNN_TANH")
    count = iterations or ITERATIONS
    return {
        name: replace(usual, spec=spec, delay=DELAY, steps=STEPS, iterations=count)
        for name, spec in (("lstm", lstm), ("tanh", tanh))
    }


def snippet(sizes: Sizes) -> str:
    pair = recipes()
    return _CODE.substitute(units=UNITS, tanh=pair["tanh"].spec.hidden_size)


def find(sizes: Sizes) -> Found:
    """Before anybody has trained: what is known of the two."""
    run(snippet(sizes))
    return found({name: untrained(recipe) for name, recipe in recipes().items()})


def found(runs: Mapping[str, Run]) -> Found:
    """What two runs have come to. The truth says whose loss has fallen below half of guessing's."""
    guessing = next(iter(runs.values())).baselines[0].loss or np.nan
    losses = {name: _late(one) for name, one in runs.items()}
    fallen = {name: loss < FALLEN * guessing for name, loss in losses.items()}
    letter = {(True, True): "a", (True, False): "b", (False, True): "c", (False, False): "d"}
    numbers = {
        "guessing": f"{guessing:.2f}",
        "over": str(_OVER),
        "delay": str(DELAY),
        "steps": str(STEPS),
        "planned": f"{next(iter(runs.values())).recipe.iterations:,}",
        "iterations": f"{max(one.iteration for one in runs.values()):,}",
    }
    for name, one in runs.items():
        spec = one.recipe.spec
        numbers |= {
            f"{name}_loss": f"{losses[name]:.2f}",
            f"{name}_units": str(spec.hidden_size),
            f"{name}_parameters": f"{num_parameters(spec):,}",
        }
    return Found(
        letter[fallen["lstm"], fallen["tanh"]],
        numbers,
        {name: trace(one.model, example(one.recipe, 0).sequence) for name, one in runs.items()},
    )


def _late(one: Run) -> float:
    """The loss of the last iterations, on average; of guessing, before any."""
    if not len(one.loss):
        return float(one.baselines[0].loss or np.nan)
    return float(np.mean(one.loss[-_OVER:]))


LESSON = Lesson(
    "learning",
    "choice",
    Sizes(input=4, hidden=UNITS, steps=STEPS),
    (),
    snippet,
    find,
    by_choice,
    options=("a", "b", "c", "d"),
)
