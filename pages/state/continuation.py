"""What a network predicts of the sequence on screen, and how it goes on by itself."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np

from pages.state import setup as setups
from pages.state.schema import FIRST_TRAINED
from pages.state.session import Session
from pages.state.setup import Setup
from pages.state.training import first_network
from pages.state.training.training_run import Trained
from seqviz.errors import SeqvizError
from seqviz.rnn.continuation import traced_on
from seqviz.rnn.head import predict
from seqviz.training.network import untrained_head
from seqviz.training.tasks import TASKS
from seqviz.training.tasks.next_value import learned_steps
from seqviz.types import FloatArray, Head, InputSequence, Trace, frozen


@dataclass(frozen=True)
class Continuation:
    """predicted (T, I): after each step, of the next one. trace: of the steps it goes on for by
    itself, None while a hand draws or where its answers leave all bounds. learned: how many steps
    of this very sequence the network has learned from.
    """

    predicted: FloatArray
    trace: Trace | None
    learned: int = 0

    def misses(self, x: FloatArray) -> tuple[float, float] | None:
        """By how much the prediction and the last value miss the next one, on average, over what
        was not learned from; None where there is no such step, and for several features, which
        have no unit in common."""
        first = max(1, self.learned)
        if len(x) <= first or x.shape[1] > 1:
            return None
        wide = x.astype(np.float64)
        return (
            float(np.abs(self.predicted[first - 1 : -1] - wide[first:]).mean()),
            float(np.abs(wide[first - 1 : -1] - wide[first:]).mean()),
        )


def steps_ahead(setup: Setup) -> int:
    """How many steps the network on stage goes on by itself; 0 for one that cannot."""
    return setup.settings.ahead if _answers_next_value(setup) else 0


def columns_after(setup: Setup) -> int:
    """Columns of the player behind those of the steps: h_0 of the reverse direction, or what a
    network predicts last, or goes on with.
    """
    if setup.spec.bidirectional:
        return 1
    return max(steps_ahead(setup), int(setup.trained is not None and _next_value(setup.trained)))


def continuation(session: Session, setup: Setup, trace: Trace | None) -> Continuation | None:
    """Of the network on stage; None where it does not answer with the next value."""
    if trace is None or not _answers_next_value(setup):
        return None
    ahead = 0 if setup.live else setup.settings.ahead
    key = setup.identity, ahead
    return session.cache.get("continuation", key, lambda: _made(session, setup, trace, ahead))


def _made(session: Session, setup: Setup, trace: Trace, ahead: int) -> Continuation:
    head = _head(setup)
    following = None
    if ahead:
        with suppress(SeqvizError):  # an untrained network may go beyond all numbers
            following = traced_on(setups.module_of(session, setup), trace, head, ahead)
    return Continuation(frozen(predict(head, trace.output)), following, _learned(setup))


def _learned(setup: Setup) -> int:
    """Steps of the sequence on screen that the network has learned from."""
    if setup.trained is None or setup.sequence is None:
        return 0
    data = setup.trained.recipe.data
    same = isinstance(data, InputSequence) and data.digest == setup.sequence.digest
    return learned_steps(data) if same else 0


def _answers_next_value(setup: Setup) -> bool:
    if setup.spec.bidirectional or not setup.settings.ahead:
        return False
    if setup.trained is None:
        return _falls_apart(setup)
    return _next_value(setup.trained) and len(setup.trained.head.bias) == setup.spec.input_size


def _next_value(trained: Trained) -> bool:
    task = TASKS[trained.recipe.task]
    return task.ahead and not task.classes


def _falls_apart(setup: Setup) -> bool:
    """Whether the first visit's network is shown without its training, or with another one's."""
    one_value = setup.spec.input_size == 1 and setup.note is None
    return setup.settings.trained == FIRST_TRAINED and setup.own is None and one_value


def _head(setup: Setup) -> Head:
    """The trained head, or the one with which training of this network would begin."""
    if setup.trained is not None:
        return setup.trained.head
    return untrained_head(replace(first_network.recipe(), spec=setup.spec))
