"""Horizon: how many steps until influence has fallen to a half and to 1 %."""

from __future__ import annotations

import streamlit as st

from pages.panels.memory.charts import chart, shown_from_a_part
from pages.panels.memory.measured_run import MeasuredRun
from pages.panels.memory.state_or_answer import state_or_answer
from pages.panels.shared.theme import theme
from pages.state.session import Session
from seqviz.analysis import horizon
from seqviz.figures import memory

HORIZON_STEPS = 100


def horizon_panel(session: Session, run: MeasuredRun) -> None:
    """How many steps the network remembers, over several random inputs."""
    of = state_or_answer(session, run)
    head = run.trace.head if of == "answer" else None
    found = run.cache.measure(
        f"horizon of the {of}",  # each is kept: the switch between them is quick
        run.key,
        "Reading random inputs",
        lambda progress: horizon.horizon(
            run.rnn, steps=HORIZON_STEPS, head=head, progress=progress
        ),
    )
    st.markdown(found.sentence())
    shown_from_a_part(found.notice)
    chart(session, "horizon", memory.horizon_band(found, theme()), found.sentence(), 320)
    norm = "on the answer, ‖∂s/∂x‖, s = W h + b of the head," if head else "‖∂h/∂x‖"
    st.caption(
        f"Eight random inputs of {HORIZON_STEPS} steps; influence {norm} some steps later, as a "
        f"share of the influence at once. {_verdict(run)}"
    )


def _verdict(run: MeasuredRun) -> str:
    """What is true of untrained networks, in place of "LSTMs remember"."""
    if run.setup.trained is not None:
        return run.setup.trained.sentence
    if run.setup.own is not None:
        return "These are uploaded weights, as they came."
    if run.setup.spec.mode == "LSTM" and run.setup.spec.forget_bias is None:
        return (
            "Untrained, an LSTM with PyTorch's default weights remembers barely longer than tanh: "
            "its forget gates sit near a half. Set the forget-gate bias to 1 or 3 and look again."
        )
    return "Untrained: what is seen here is the initialisation, not what training could make of it."
