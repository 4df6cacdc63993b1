"""Questions that the state on screen answers: what is asked, and what the network does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from pages.state import setup as setups
from pages.state.browser.selected_cell import selected
from pages.state.classroom.rooms.room import MAX_CHOICES, Question
from pages.state.session import Session
from pages.state.setup import Setup
from seqviz.analysis import forgetting
from seqviz.analysis.influence import influence, plan
from seqviz.data.table import counted
from seqviz.errors import SeqvizError
from seqviz.labels import number
from seqviz.training.tasks import TASKS
from seqviz.types import Trace

FORGOTTEN = ((0, 2), (3, 5), (6, 10), (11, 20), (21, 50))
"""Steps, from and to, of the choices when an input is forgotten; the last is: longer."""


def up_or_down(setup: Setup, trace: Trace) -> Question:
    """The open cell's next value, or that of the last layer's first unit. Raises SeqvizError at the
    last step and before the first.
    """
    step = setup.settings.step
    if step is None or step >= len(trace):
        raise SeqvizError("No step follows the last one: go back to an earlier step to ask this.")
    if not step:
        raise SeqvizError("There is no value before the first step: go on to it to ask this.")
    layer, unit = asked_unit(setup, trace)
    values = trace.quantity(setup.quantity)[layer, 0, :, unit]  # (T,)
    now, then = float(values[step - 1]), float(values[step])
    moves = "stays" if now == then else "goes up" if then > now else "goes down"
    return Question(
        f"At step {step}, {setup.quantity} of unit {unit} in layer {layer + 1} is {number(now)}. "
        "Up or down at the next step?",
        ("Up", "Down"),
        {"goes up": 0, "goes down": 1}.get(moves),
        f"It {moves}, from {number(now)} to {number(then)}.",
    )


def asked_unit(setup: Setup, trace: Trace) -> tuple[int, int]:
    """Layer and unit of the open cell where it reads forwards, else the last layer's first."""
    place = selected(setup.settings, trace)
    forward = place is not None and not place.is_prediction and not place.direction
    return (place.layer, place.unit) if place and forward else (trace.spec.num_layers - 1, 0)


def has_classes(setup: Setup) -> bool:
    """Whether the network answers with classes."""
    return setup.trained is not None and TASKS[setup.trained.recipe.task].classes


def which_class(setup: Setup, trace: Trace) -> Question:
    """The likeliest class at the end. Raises SeqvizError where the network answers with none."""
    trained, prediction = setup.trained, trace.prediction
    if trained is None or prediction is None or not has_classes(setup):
        raise SeqvizError("Train a network that answers with classes first, on Train.")
    names = trained.head.names
    if len(names) > MAX_CHOICES:
        raise SeqvizError(f"This network knows {len(names)} classes, too many to choose from.")
    likeliest = int(np.argmax(prediction[-1]))
    share = 100 * float(prediction[-1, likeliest])
    return Question(
        "Which class will the network say at the end?",
        tuple(names),
        likeliest,
        f"It says {names[likeliest]}, with {share:.0f} %.",
    )


def how_long(setup: Setup, trace: Trace) -> Question:
    """After how many steps a hundredth of an input's influence is left, seen from the last step.

    Raises SeqvizError where it cannot be measured.
    """
    planned = plan(trace)
    measured = influence(trace, t_stride=planned.stride, directions=planned.directions)
    last = len(trace) - 1
    read = measured.inputs <= last
    sizes = measured.at(last)[read][::-1]
    found = forgetting.fading(sizes, (last - measured.inputs[read])[::-1])
    if found is None:
        raise SeqvizError("How long this network remembers cannot be measured here.")
    longest = FORGOTTEN[-1][1]
    if not found.most < np.inf and found.steps <= longest:
        raise SeqvizError(
            f"More than 1 % of an input is left at the end, {counted(found.steps, 'step')} later: "
            "give the network a longer sequence to ask this."
        )
    within = [low <= found.most <= high for low, high in FORGOTTEN]
    return Question(
        "How many steps until the network has forgotten 99 % of an input?",
        (*(f"{low} to {high}" for low, high in FORGOTTEN), f"more than {longest}"),
        within.index(True) if True in within else len(FORGOTTEN),
        f"Of its inputs, {forgetting.in_words(found)}.",
    )


COMPUTED: dict[str, tuple[str, Callable[[Setup, Trace], Question]]] = {
    "direction": ("Up or down at the next step?", up_or_down),
    "class": ("Which class will it say?", which_class),
    "forgotten": ("How many steps until it has forgotten?", how_long),
}
"""By a word for each: what it is called, and what makes it."""


@dataclass(frozen=True)
class Asked:
    """A question that a page can ask: what it is called, and what makes it, which raises
    SeqvizError where it cannot be asked now. has_future: whether a step hides what comes after it.
    cell: what is asked about, as the setting `selected` has it; None without such a thing.
    """

    name: str
    make: Callable[[], Question]
    has_future: bool = False
    cell: Callable[[], str] | None = None


Questions = Mapping[str, Asked]
"""By a word for each."""


def about(session: Session, setup: Setup) -> Questions:
    """What can be asked about the network and the sequence on screen."""

    def made(kind: str) -> Question:
        trace = setups.trace(session, setup)
        if trace is None:
            raise SeqvizError("Give the network a sequence first.")
        make = COMPUTED[kind][1]
        key = (kind, setup.identity, setup.settings.step, setup.settings.selected, setup.quantity)
        return session.cache.get("question", key, lambda: make(setup, trace))

    def cell() -> str:
        trace = setups.trace(session, setup)
        return "" if trace is None else "{}.0.{}".format(*asked_unit(setup, trace))

    cells = {"direction": cell}
    return {
        kind: Asked(name, partial(made, kind), has_future=True, cell=cells.get(kind))
        for kind, (name, _) in COMPUTED.items()
        if kind != "class" or has_classes(setup)
    }
