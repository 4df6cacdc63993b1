"""Your own weights: upload a state_dict, see which recurrent layers it holds, run one."""

from __future__ import annotations

import streamlit as st

from pages.panels.shared.messages import plain, problem
from pages.state import own_weights
from pages.state.session import Session
from seqviz.limits import MAX_WEIGHT_BYTES
from seqviz.weights import recurrent_layers

TYPES = ["safetensors", "pt", "pth", "bin", "npz"]


def weights_panel(session: Session) -> None:
    """The expander in the sidebar."""
    with st.expander("Your own weights", on_change="rerun", key="_own") as more:
        if not more.open:
            return
        st.file_uploader(
            "Upload a state_dict",
            type=TYPES,
            max_upload_size=MAX_WEIGHT_BYTES // 2**20,
            **session.tie_file("weights"),
            help="safetensors, a .pt or .pth of torch.save(model.state_dict()), or NPZ. Nothing "
            "in the file is executed.",
        )
        _wanted(session)
        _report(session)


def _wanted(session: Session) -> None:
    """The file a link asks for, and a way to go on without it."""
    wanted = session.wanted.get("weights")
    if wanted is not None:
        st.caption(plain(f"The link asks for {wanted.name}."))
        st.button("Go on without it", on_click=session.press(_go_on, session))


def _go_on(session: Session) -> None:
    session.wanted.pop("weights", None)


def _report(session: Session) -> None:
    weights = own_weights.weights(session)
    problem(weights.problem)
    if weights.found is None:
        return
    for said in (*weights.notes, *weights.found.problems):
        st.caption(plain(said))
    modules = weights.found.modules
    if not modules:
        return
    layers = range(len(modules))
    st.radio(
        "Layer",
        layers,
        format_func=lambda k: plain(recurrent_layers.describe(modules[k])),
        **session.tie_index("own_layer", layers),
    )
    place = session.options.get("own_layer")
    if place is not None and modules[place].needs_nonlinearity:
        st.segmented_control(
            "nonlinearity",
            ["tanh", "relu"],
            **session.tie_choice("own_nonlinearity", "tanh"),
            required=True,
            help="A plain RNN's weights do not tell which one it was trained with.",
        )
    if own_weights.chosen_module(session) is not None:
        st.button("Back to the network from Build", on_click=session.press(_back, session))


def _back(session: Session) -> None:
    session.set(own_layer=None)
