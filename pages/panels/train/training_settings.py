"""How the network learns: the optimizer and all it is told, in the sidebar."""

from __future__ import annotations

import streamlit as st

from pages.panels.shared.optional_number import optional_number
from pages.state.session import Session
from pages.words.glossary import explained
from seqviz.limits import MAX_BATCH, MAX_ITERATIONS, MAX_SEED, MAX_STEPS
from seqviz.training.recipe import MAX_LR, OPTIMIZERS
from seqviz.training.tasks import TASKS


def training_settings(session: Session) -> None:
    """The boxes below Build."""
    st.subheader("Training", anchor=False)
    left, right = st.columns(2, gap="small")
    with left:
        st.selectbox(
            "Optimizer",
            list(OPTIMIZERS),
            **session.tie_index("optimizer", OPTIMIZERS),
            help=explained("optimizer"),
        )
        st.number_input(
            "Iterations",
            1,
            MAX_ITERATIONS,
            step=100,
            **session.tie("iterations"),
            help="Updates of all weights, each from a fresh batch.",
        )
        st.number_input(
            "Gradient clipping",
            0.0,
            1e6,
            step=0.5,
            **session.tie("clip"),
            help="The gradient of all weights together is scaled down to this norm where it is "
            "larger. 0: not at all.",
        )
        st.number_input(
            "Data seed",
            0,
            MAX_SEED,
            step=1,
            **session.tie("data_seed"),
            help="Draws the batches and the head's first weights; the seed of Build draws the "
            "recurrent weights.",
        )
    with right:
        st.number_input(
            "Learning rate",
            1e-6,
            MAX_LR,
            step=1e-3,
            format="%g",
            **session.tie("lr"),
            help=explained("learning_rate"),
        )
        st.number_input(
            "Batch size",
            1,
            MAX_BATCH,
            step=8,
            **session.tie("batch_size"),
            help="Sequences that each iteration learns from, side by side.",
        )
        _steps(session)
    optional_number(
        session,
        "Truncation",
        1,
        MAX_STEPS,
        "truncation",
        without="Never",
        step=1,
        placeholder="never",
        help="Truncated backpropagation through time: after so many steps the gradient is cut, "
        "while the hidden state goes on.",
    )


def _steps(session: Session) -> None:
    task = TASKS[session.settings.task]
    if task.key != "classify":  # its examples are as long as they are
        st.number_input(
            "Steps of a sequence",
            1,
            MAX_STEPS,
            step=5,
            **session.tie("train_steps"),
            help="How long the sequences are that it learns from.",
        )
    if "delay" in task.defaults:
        st.number_input(
            "Delay",
            1,
            MAX_STEPS,
            step=1,
            **session.tie("delay"),
            help="So many steps after it was read, a symbol is asked for.",
        )
