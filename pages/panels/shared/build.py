"""Build: the network's controls in the sidebar, and what PyTorch would say of it."""

from __future__ import annotations

import streamlit as st

from pages.panels.shared.button import button
from pages.panels.shared.messages import plain
from pages.panels.shared.names import CELLS, INITS
from pages.panels.shared.number_box import number_box
from pages.panels.shared.optional_number import optional_number
from pages.state.classroom import folded
from pages.state.session import Session
from pages.state.setup import Setup
from pages.state.training import first_network, training_run
from pages.words.glossary import explained
from seqviz.limits import MAX_HIDDEN_SIZE, MAX_LAYERS, MAX_SEED
from seqviz.rnn import model
from seqviz.types import RNNSpec
from seqviz.weights import recurrent_layers

STARTS = {"zeros": "zeros", "random": "random", "typed": "a value per unit"}


def sidebar(session: Session, setup: Setup, *, trained_here: bool = False) -> None:
    """The network's controls and facts, the same on every page.

    trained_here: whether only a network that was trained in this visit is a way back.
    """
    if not folded.shows(session, "build"):
        return
    with st.sidebar:
        st.subheader("Build", anchor=False)
        with st.container():  # always there: what follows keeps its place
            _way_back(session, setup, trained_here)
        _network(session, setup)
        _facts(setup)


def _way_back(session: Session, setup: Setup, trained_here: bool) -> None:
    """Where another network is on stage than the one that was trained last, or the first one."""
    if setup.trained is not None and setup.trained.run is not first_network.run():
        button(
            session,
            "Back to the first network",
            training_run.bring_back_first,
            icon=":material/undo:",
            width="stretch",
            help="The one of a first visit, which predicts the curve on the pad.",
        )
    there = training_run.was_trained_here if trained_here else training_run.can_be_brought_back
    if setup.trained is None and there(session):
        button(
            session,
            "Back to the trained network",
            training_run.bring_back,
            icon=":material/undo:",
            width="stretch",
            help="Sets network and training as they were when it was trained.",
        )


def _network(session: Session, setup: Setup) -> None:
    if setup.own is not None:
        st.markdown(f"**{plain(recurrent_layers.describe(setup.own))}**")
        _start(session)
        _typed_start(session)
        return
    st.pills(
        "Cell",
        list(CELLS),
        format_func=CELLS.__getitem__,
        **session.tie_choice("cell"),
        required=True,
        help=explained("rnn"),
    )
    st.slider(
        "hidden_size",
        1,
        MAX_HIDDEN_SIZE,
        **session.tie("hidden_size"),
        help=explained("hidden_size"),
    )
    st.slider(
        "num_layers", 1, MAX_LAYERS, **session.tie("num_layers"), help=explained("num_layers")
    )
    with st.container(horizontal=True, gap="medium"):
        st.toggle("bidirectional", **session.tie("bidirectional"), help=explained("bidirectional"))
        st.toggle("bias", **session.tie("bias"), help=explained("bias"))
    _weights(session)
    if setup.spec.mode == "LSTM":
        _forget_bias(session, setup.spec)
    else:
        st.empty()  # in its place: when clicks follow fast, what is merely left out stays on screen


def _weights(session: Session) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.selectbox(
            "init",
            list(INITS),
            format_func=INITS.__getitem__,
            **session.tie_index("init", list(INITS)),
            help="default: as PyTorch's constructor does. orthogonal and identity: each gate's "
            "H×H block of weight_hh (identity also sets every bias to 0). xavier: all weights.",
        )
        _start(session)
    _typed_start(session)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        number_box(session, "seed", 0, MAX_SEED, "seed", step=1, width=110)
        button(
            session,
            "New weights",
            _next_seed,
            icon=":material/casino:",
            width="stretch",
            help="The next seed. The same seed always gives the same network.",
        )


def _next_seed(session: Session) -> None:
    session.set(seed=(session.settings.seed + 1) % (MAX_SEED + 1))


def _forget_bias(session: Session, spec: RNNSpec) -> None:
    optional_number(
        session,
        "Forget-gate bias",
        -10.0,
        10.0,
        "forget_bias",
        without="Default",
        step=0.5,
        placeholder="PyTorch default",
        disabled=not spec.bias,
        help="Set, not added: b_if takes this value and b_hf becomes 0, so the forget gate's "
        "bias is exactly this. Empty keeps PyTorch's random default.",
    )


def _start(session: Session) -> None:
    st.selectbox(
        "h_0",
        list(STARTS),
        format_func=STARTS.__getitem__,
        **session.tie_index("h_0", list(STARTS)),
        help="The hidden state before the first step. random: torch.randn with the seed above.",
    )


def _typed_start(session: Session) -> None:
    if session.settings.h_0 == "typed":
        st.text_input(
            "h_0 values",
            **session.tie("h_0_values"),
            placeholder="0.5, -1, 0, …",
            help="One number for all units, or one for each unit.",
        )
    else:
        st.empty()


def _facts(setup: Setup) -> None:
    """Parameters, the constructor and the shapes, as PyTorch writes them."""
    lines = [
        model.constructor(setup.spec),
        f"{model.num_parameters(setup.spec):,} parameters",
        # a line each even without a sequence, so that nothing below jumps
        *(f"{name:<6} {setup.shapes.get(name, 'none yet')}" for name in ("x", "output", "h_n")),
    ]
    # inline code: st.code would fetch half a megabyte of highlighter on a first visit
    said = "  \n".join(f"`{line}`" for line in lines)
    if setup.own is None:
        said += "\n\n:gray[:small[input_size follows the sequence.]]"
    st.markdown(said)
