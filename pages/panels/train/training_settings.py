"""How the network learns: the optimizer and all it is told, in the sidebar."""

from __future__ import annotations

import streamlit as st

from pages.panels.shared.number_box import number_box
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
        number_box(
            session,
            "Iterations",
            1,
            MAX_ITERATIONS,
            "iterations",
            step=100,
            help="Updates of all weights, each from a fresh batch.",
        )
        number_box(
            session,
            "Gradient clipping",
            0.0,
            1e6,
            "clip",
            step=0.5,
            help="The gradient of all weights together is scaled down to this norm where it is "
            "larger. 0: not at all.",
        )
        number_box(
            session,
            "Data seed",
            0,
            MAX_SEED,
            "data_seed",
            step=1,
            help="Draws the batches and the head's first weights; the seed of Build draws the "
            "recurrent weights.",
        )
    with right:
        number_box(
            session,
            "Learning rate",
            1e-6,
            MAX_LR,
            "lr",
            step=1e-3,
            format="%g",
            help=explained("learning_rate"),
        )
        number_box(
            session,
            "Batch size",
            1,
            MAX_BATCH,
            "batch_size",
            step=8,
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
        number_box(
            session,
            "Steps of a sequence",
            1,
            MAX_STEPS,
            "train_steps",
            step=5,
            help="How long the sequences are that it learns from.",
        )
    if "delay" in task.defaults:
        number_box(
            session,
            "Delay",
            1,
            MAX_STEPS,
            "delay",
            step=1,
            help="So many steps after it was read, a symbol is asked for.",
        )
