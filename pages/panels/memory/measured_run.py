"""The network Memory measures: the one on screen, or the same with W_hh rescaled."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import torch

from pages.state import setup as setups
from pages.state.cache import Cache
from pages.state.session import Session
from pages.state.setup import Setup
from seqviz.analysis import spectrum
from seqviz.errors import SeqvizError
from seqviz.rnn import tracing
from seqviz.types import InputSequence, Trace


@dataclass(frozen=True)
class MeasuredRun:
    """What is measured. rho: the spectral radius W_hh was rescaled to, None when left as it is.

    plain: the trace without rescaling (the same when None). key: tells one run from another, for
    what is kept in cache.
    """

    setup: Setup
    cache: Cache
    rnn: torch.nn.RNNBase
    trace: Trace
    plain: Trace
    rho: float | None = None
    problem: str | None = None

    @property
    def key(self) -> tuple[Hashable, ...]:
        return self.setup.identity, self.rho

    @property
    def step_index(self) -> int:
        """The input index the player stands at, the last one at the end and at h_0."""
        step, steps = self.setup.settings.step, len(self.trace)
        return steps - 1 if not step else min(step, steps) - 1

    def read(self, sequence: InputSequence) -> Trace:
        """Another sequence through the same network."""
        return tracing.trace(self.rnn, sequence, self.setup.h_0, self.setup.c_0)


def measured_run(session: Session, setup: Setup) -> MeasuredRun | None:
    """The run on screen, or None without a sequence."""
    plain, sequence, rho = setups.trace(session, setup), setup.sequence, setup.settings.rho
    if plain is None or sequence is None:
        return None
    rnn = setups.module_of(session, setup)
    as_it_is = MeasuredRun(setup, session.cache, rnn, plain, plain)
    if rho is None:
        return as_it_is
    try:  # of the largest networks the eigenvalues take seconds: not again at each step
        changed = session.cache.get(
            "rescaled network",
            (setup.spec, setup.module and setup.module.digest, rho),
            lambda: spectrum.rescaled(rnn, rho),
        )
    except SeqvizError as error:
        return MeasuredRun(setup, session.cache, rnn, plain, plain, problem=str(error))
    rescaled = session.cache.get(
        "rescaled",
        (setup.identity, rho),
        lambda: setups.answered(tracing.trace(changed, sequence, setup.h_0, setup.c_0), setup.head),
    )
    return MeasuredRun(setup, session.cache, changed, rescaled, plain, rho)
