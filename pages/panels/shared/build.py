"""The model form in the sidebar, what Build shows, and the row of choices all panels use."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from pages.panels.shared.messages import plain
from pages.state import fields, parts, schema
from pages.state.callbacks import whole
from pages.state.fields import bound
from pages.state.setup import Setup
from seqviz.rnn import model
from seqviz.weights import recurrent_layers

CELLS = {"RNN_TANH": "RNN (tanh)", "RNN_RELU": "RNN (ReLU)", "GRU": "GRU", "LSTM": "LSTM"}
INITS = {
    "default": "PyTorch default",
    "orthogonal": "orthogonal",
    "identity": "identity",
    "xavier": "xavier",
}
KEEP = "session"  # a widget that is not on screen keeps its value


def one_of(
    label: str,
    options: Mapping[str, str] | Sequence[str],
    field: str,
    then: Callable[[], object] | None = None,
    **more: Any,
) -> None:
    """A row of choices of which one is always taken; its label is for those who cannot see it.

    options: the words, or words and how they are shown. then: what else a choice does.
    """
    names = options if isinstance(options, Mapping) else {word: word for word in options}
    st.segmented_control(
        label,
        list(names),
        format_func=names.get,
        **bound(field, then),
        required=True,
        label_visibility="collapsed",
        **more,
    )


def build_panel(setup: Setup) -> None:
    """All controls of the network, and what PyTorch would say of it."""
    if setup.module is not None:
        st.markdown(f"**{plain(recurrent_layers.describe(setup.module))}**")
        _initial_state()
        _typed_state()
        return
    st.pills(
        "Cell",
        list(CELLS),
        format_func=CELLS.get,
        **bound("cell"),
        required=True,
    )
    st.slider("hidden_size", 1, schema.MAX_HIDDEN_SIZE, **bound("hidden_size"))
    st.slider("num_layers", 1, schema.MAX_LAYERS, **bound("num_layers"))
    with st.container(horizontal=True, gap="medium"):
        st.toggle("bidirectional", **bound("bidirectional"))
        st.toggle("bias", **bound("bias"))
    _weights()
    if setup.spec.mode == "LSTM":
        _forget_bias(setup)
    else:
        st.empty()  # in its place: when clicks follow fast, what is merely left out stays on screen


def _weights() -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.selectbox(
            "init",
            list(INITS),
            format_func=INITS.get,
            **bound("init"),
            help="default: as PyTorch's constructor does. orthogonal and identity: each gate's "
            "H×H block of weight_hh (identity also sets every bias to 0). xavier: all weights.",
        )
        _initial_state()
    _typed_state()
    _seed()


@parts.part(parts.SEED)
def _seed() -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.number_input("seed", 0, 2**31 - 1, **bound("seed"), step=1, width=110)
        st.button(
            "New weights",
            icon=":material/casino:",
            on_click=_next_seed,
            width="stretch",
            help="The next seed. The same seed always gives the same network.",
        )


def _forget_bias(setup: Setup) -> None:
    st.number_input(
        "Forget-gate bias",
        -10.0,
        10.0,
        value=None,
        step=0.5,
        **bound("forget_bias"),
        placeholder="PyTorch default",
        disabled=not setup.spec.bias,
        help="Set, not added: b_if takes this value and b_hf becomes 0, so the forget gate's "
        "bias is exactly this. Empty keeps PyTorch's random default.",
    )


@whole
def _next_seed() -> None:
    fields.put(seed=(int(fields.get("seed") or 0) + 1) % 2**31)
    parts.follow("seed")


def _initial_state() -> None:
    st.selectbox(
        "h_0",
        ["zeros", "random", "typed"],
        format_func={"zeros": "zeros", "random": "random", "typed": "a value per unit"}.get,
        **bound("h_0"),
        help="The hidden state before the first step. random: torch.randn with the seed above.",
    )


def _typed_state() -> None:
    if fields.get("h_0") == "typed":
        st.text_input(
            "h_0 values",
            **bound("h_0_values"),
            placeholder="0.5, -1, 0, …",
            help="One number for all units, or one for each unit.",
        )
    else:
        st.empty()


def facts_panel(setup: Setup) -> None:
    """Parameters, the constructor and the shapes, as PyTorch writes them."""
    lines = [
        model.constructor(setup.spec),
        f"{model.num_parameters(setup.spec):,} parameters",
        # a line each even without a sequence, so that nothing below jumps
        *(f"{name:<6} {setup.shapes.get(name, 'none yet')}" for name in ("x", "output", "h_n")),
    ]
    # inline code: st.code would fetch half a megabyte of highlighter on a first visit
    said = "  \n".join(f"`{line}`" for line in lines)
    if setup.module is None:
        said += "\n\n:gray[:small[input_size follows the sequence.]]"
    st.markdown(said)
