"""Teach it: draw examples of each class, train, and watch the next drawing being recognised."""

from __future__ import annotations

import streamlit as st

from pages.components.draw_pad.component import Answer
from pages.panels.shared.button import button
from pages.panels.shared.messages import plain, problem
from pages.panels.shared.pad import pad
from pages.state.session import Session
from pages.state.setup import Setup
from pages.state.training import taught
from seqviz.data.drawing import GESTURE
from seqviz.types import InputSequence

ADVISED = 5


def teach_panel(session: Session, setup: Setup, drawn: InputSequence | None) -> None:
    """The pad with its class, or the button that opens it. drawn: what is on the pad."""
    if not session.options.get(taught.TEACHING):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            button(
                session,
                "Teach it",
                taught.open_pad,
                icon=":material/gesture:",
                help="Draw examples of two classes or more; it learns to tell them apart.",
            )
            st.markdown(f":small[{plain(_counted(session, setup, 'Teach it'))}]", width="content")
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.text_input(
            "Class",
            **session.tie(taught.NAME, "circle"),
            max_chars=40,
            width=150,
            live=True,
        )
        session.options.setdefault(taught.NAME, "circle")
        button(
            session,
            "Keep as example",
            taught.keep,
            icon=":material/add:",
            disabled=drawn is None or not taught.class_name(session),
        )
        button(
            session,
            "Take back",
            taught.take_back,
            icon=":material/undo:",
            disabled=not taught.so_far(session),
            help="The example kept last.",
        )
        button(session, "Forget all", taught.forget, disabled=not taught.so_far(session))
        button(session, "Clear", _clear)
        button(session, "Done drawing", taught.close_pad)
    st.markdown(f":small[{plain(_counted(session, setup, 'Clear'))}]")
    problem(session.options.get(taught.PROBLEM))
    answer: Answer = "awaited" if drawn is None else "drawing"
    pad(session, setup.spec.num_directions - 1, answer=answer)


def _clear(session: Session) -> None:
    session.set(strokes="")


def _counted(session: Session, setup: Setup, then: str) -> str:
    """ "circle 5, zigzag 3." and what to do next. then: the button to press before one draws, once
    it is trained.
    """
    counts, examples = taught.counts(session), taught.so_far(session)
    if not counts:
        return f"Draw about {ADVISED} examples of each of two classes, then press Train."
    said = ", ".join(f"{label} {count}" for label, count in counts.items())
    if not taught.enough(examples):
        return (
            f"{said}. Each class needs {taught.ENOUGH} examples at least, {ADVISED} are better, "
            "and there must be two classes."
        )
    trained = setup.trained is not None
    if examples[0][1].shape[1] == len(GESTURE):
        # about as long before as after the training: a longer one would move the pad below it
        first = then if trained else "Train"
        return f"{said}. Press {first}, then draw another and see what it takes it for."
    return f"{said}." if trained else f"{said}. Press Train."  # a table's: no hand can draw those
