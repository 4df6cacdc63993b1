"""Somebody's own weights in the session: what was found in the file, and what is used of it."""

from __future__ import annotations

import streamlit as st
import torch

from pages.state.cache import remembered
from seqviz.types import InputSequence
from seqviz.weights import recurrent_layers
from seqviz.weights.recurrent_layers import Found, RecurrentModule

STAND_IN_STEPS = 60


def chosen_module() -> RecurrentModule | None:
    """The layer in use, or None when the network is the one from Build."""
    session = st.session_state
    found: Found | None = session.get("_found")
    place = session.get("_own_layer")
    if found is None or place is None or not 0 <= place < len(found.modules):
        return None
    module = found.modules[place]
    if module.needs_nonlinearity:
        module = module.with_nonlinearity(session.get("_own_nonlinearity") or "tanh")
    return module


def fitting(
    module: RecurrentModule, sequence: InputSequence | None, problem: str | None
) -> tuple[InputSequence | None, str | None]:
    """A sequence the module can read, and what is wrong with the one on screen.

    Where input_size does not fit, the sentence says what would; the stand-in is used once asked
    for.
    """
    unfit = None if sequence is None else recurrent_layers.fits(module, sequence)
    if unfit is None:
        st.session_state["_stand_in"] = False
        return sequence, problem
    if st.session_state.get("_stand_in"):
        return stand_in(module), problem
    return None, unfit


def stand_in(module: RecurrentModule) -> InputSequence:
    """torch.randn(60, 1, input_size) with seed 0, for a network that reads many features."""
    size = module.spec.input_size
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(STAND_IN_STEPS, 1, size, generator=generator)[:, 0]
    return InputSequence(x.numpy(), name=f"torch.randn({STAND_IN_STEPS}, 1, {size})")


def network(module: RecurrentModule) -> torch.nn.RNNBase:
    """The module ready to run, built once."""
    return remembered("own network", module.digest, lambda: recurrent_layers.to_module(module))
