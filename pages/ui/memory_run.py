"""The network Memory measures: the one on screen, or the same with W_hh rescaled."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st
import torch

from pages.ui import own_weights, state
from pages.ui.state import Setup
from seqviz import spectrum, tracing
from seqviz.errors import SeqvizError
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
    rho = state.values()["rho"]
    if rho is None:
        return Run(setup, rnn, plain, plain, None)
    try:
        changed = spectrum.rescaled(rnn, rho)
    except SeqvizError as error:
        return Run(setup, rnn, plain, plain, None, str(error))
    return Run(setup, changed, _rescaled(state.identity(setup), rho, changed, setup), plain, rho)


@st.cache_resource(max_entries=2, scope="session", show_spinner=False)
def _rescaled(
    identity: tuple[object, ...], rho: float, _rnn: torch.nn.RNNBase, _setup: Setup
) -> Trace:
    assert _setup.sequence is not None
    return tracing.trace(_rnn, _setup.sequence, _setup.h_0, _setup.c_0)
