"""The network Memory measures: the one on screen, or the same with W_hh rescaled."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from pages.state import fields, own_weights
from pages.state import setup as state
from pages.state.cache import remembered
from pages.state.setup import Setup
from seqviz.analysis import spectrum
from seqviz.errors import SeqvizError
from seqviz.rnn import tracing
from seqviz.types import InputSequence, Trace


@dataclass(frozen=True)
class Run:
    """What is measured. rho: the spectral radius W_hh was rescaled to, None when left as it is.

    key tells one run from another; plain is the trace without rescaling (the same when None).
    """

    setup: Setup
    rnn: torch.nn.RNNBase
    trace: Trace
    plain: Trace
    rho: float | None
    problem: str | None = None

    @property
    def key(self) -> tuple[object, ...]:
        return (*state.identity(self.setup), self.rho)

    def read(self, sequence: InputSequence) -> Trace:
        """Another sequence through the same network."""
        return tracing.trace(self.rnn, sequence, self.setup.h_0, self.setup.c_0)


def current(setup: Setup) -> Run | None:
    """The run on screen, or None without a sequence."""
    plain = state.trace(setup)
    if plain is None:
        return None
    rnn = own_weights.network(setup.module) if setup.module else state.network(setup.spec)
    rho = fields.checked()["rho"]
    if rho is None:
        return Run(setup, rnn, plain, plain, None)
    try:
        changed = spectrum.rescaled(rnn, rho)
    except SeqvizError as error:
        return Run(setup, rnn, plain, plain, None, str(error))
    sequence = setup.sequence
    assert sequence is not None
    rescaled = remembered(
        "rescaled",
        (*state.identity(setup), rho),
        lambda: tracing.trace(changed, sequence, setup.h_0, setup.c_0),
    )
    return Run(setup, changed, rescaled, plain, rho)
