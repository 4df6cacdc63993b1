"""Your own weights: upload a state_dict, see which recurrent layers it holds, run one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

import streamlit as st

from pages.panels.shared.button import button
from pages.panels.shared.messages import plain, problem
from pages.state import own_weights
from pages.state.session import Session
from seqviz.limits import MAX_WEIGHT_BYTES
from seqviz.rnn import cost
from seqviz.weights import recurrent_layers
from seqviz.weights.recurrent_layers import FoundLayers, RecurrentModule

LISTED_LAYERS = 8
LISTED_PROBLEMS = 3
TYPES = ["safetensors", "pt", "pth", "bin", "npz"]


def weights_panel(session: Session, steps: int) -> None:
    """The expander in the sidebar. steps: of the sequence on screen."""
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
        _report(session, steps)


def _wanted(session: Session) -> None:
    """The file a link asks for, and a way to go on without it."""
    wanted = session.wanted.get("weights")
    if wanted is not None:
        st.caption(plain(f"The link asks for {wanted.name}."))
        button(session, "Go on without it", _go_on)


def _go_on(session: Session) -> None:
    session.wanted.pop("weights", None)


def _report(session: Session, steps: int) -> None:
    weights = own_weights.weights(session)
    problem(weights.problem)
    if weights.found is None:
        return
    _sentences(weights.notes)
    _sentences(weights.found.problems)
    modules = weights.found.modules
    if not modules:
        return
    places = _listed(session, weights.found)
    st.radio(
        "Layer",
        places,
        format_func=lambda k: plain(recurrent_layers.describe(modules[k])),
        captions=[_price(modules[k], steps) for k in places],
        **session.tie_index("own_layer", places),
    )
    place = own_weights.chosen_place(session)
    if place is not None and modules[place].needs_nonlinearity:
        st.segmented_control(
            "nonlinearity",
            ["tanh", "relu"],
            **session.tie_choice("own_nonlinearity", "tanh"),
            required=True,
            help="A plain RNN's weights do not tell which one it was trained with.",
        )
    if place is not None:
        button(session, "Back to the network from Build", _back)


def _price(module: RecurrentModule, steps: int) -> str:
    """What it costs to choose this layer, where somebody would notice."""
    read = cost.cost(module.spec, min(steps, cost.affordable_steps(module.spec)))
    return f"{read.steps:,} steps: {read}" if read.is_felt else ""


def _sentences(sentences: Sequence[str]) -> None:
    """The first few, and how many more there are."""
    for sentence in sentences[:LISTED_PROBLEMS]:
        st.caption(plain(sentence))
    if len(sentences) > LISTED_PROBLEMS:
        st.caption(f"{len(sentences) - LISTED_PROBLEMS:,} more sentences like these.")


def _listed(session: Session, found: FoundLayers) -> list[int]:
    """Places of the layers to choose from: all, or of many the chosen one and what is searched."""
    modules = found.modules
    if len(modules) <= LISTED_LAYERS:
        return list(range(len(modules)))
    st.caption(f"{recurrent_layers.summary(found)}. The first {LISTED_LAYERS} are listed.")
    typed = st.text_input(
        "Find a layer", **session.tie("own_search", ""), placeholder="a part of its name"
    )
    fitting = (k for k, module in enumerate(modules) if (typed or "") in module.prefix)
    places = list(islice(fitting, LISTED_LAYERS))
    place = own_weights.chosen_place(session)
    return places if place is None or place in places else [place, *places]


def _back(session: Session) -> None:
    session.set(own_layer=None)
