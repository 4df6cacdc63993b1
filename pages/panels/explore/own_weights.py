"""Your own weights: upload a state_dict, see which recurrent layers it holds, run one."""

from __future__ import annotations

import streamlit as st

from pages.panels.shared.build import KEEP
from pages.panels.shared.messages import plain, problem
from pages.state.callbacks import whole
from pages.state.own_weights import chosen_module
from seqviz.errors import SeqvizError
from seqviz.weights import recurrent_layers
from seqviz.weights.files import read_weights
from seqviz.weights.recurrent_layers import Found

TYPES = ["safetensors", "pt", "pth", "bin", "npz"]
MAX_MEGABYTES = 64


def weights_panel() -> None:
    """The expander in the sidebar."""
    with st.expander("Your own weights", on_change="rerun", key="_own") as more:
        if not more.open:
            return
        st.file_uploader(
            "Upload a state_dict",
            type=TYPES,
            key="_weights_file",
            max_upload_size=MAX_MEGABYTES,
            on_change=_take,
            help="safetensors, a .pt or .pth of torch.save(model.state_dict()), or NPZ. Nothing "
            "in the file is executed.",
        )
        _report()


@whole
def _take() -> None:
    """Look for recurrent layers in the file; a single one is run at once."""
    session = st.session_state
    file = session["_weights_file"]
    if file is None:
        return
    session["_weights_problem"], session["_weights_notes"] = None, ()
    try:
        read = read_weights(file.name, file.getvalue(), MAX_MEGABYTES * 2**20)
        found = recurrent_layers.find(read.tensors)
    except SeqvizError as error:
        session["_weights_problem"] = str(error)
        return
    session["_found"], session["_weights_notes"] = found, read.notes
    session["_own_layer"] = 0 if len(found.modules) == 1 else None


def _report() -> None:
    session = st.session_state
    problem(session.get("_weights_problem"))
    found: Found | None = session.get("_found")
    if found is None:
        return
    for said in (*session.get("_weights_notes", ()), *found.problems):
        st.caption(plain(said))
    if not found.modules:
        return
    st.radio(
        "Layer",
        range(len(found.modules)),
        index=None,
        format_func=lambda k: plain(recurrent_layers.describe(found.modules[k])),
        key="_own_layer",
        persist_state=KEEP,
    )
    place = session["_own_layer"]
    if place is not None and found.modules[place].needs_nonlinearity:
        st.segmented_control(
            "nonlinearity",
            ["tanh", "relu"],
            key="_own_nonlinearity",
            default="tanh",
            required=True,
            persist_state=KEEP,
            help="A plain RNN's weights do not tell which one it was trained with.",
        )
    if chosen_module() is not None:
        st.button("Back to the network from Build", on_click=_back)


@whole
def _back() -> None:
    st.session_state["_own_layer"] = None
