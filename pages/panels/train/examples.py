"""Which example of the task the player shows."""

from __future__ import annotations

import streamlit as st

from pages.panels.shared.button import button
from pages.panels.train.begin import Staged
from pages.state.session import Session
from pages.state.training import taught
from seqviz.training.datasets import Examples
from seqviz.training.tasks import TASKS


def examples(session: Session, now: Staged) -> None:
    """The next example, where there are more."""
    if now.recipe is None or session.options.get(taught.TEACHING):
        return
    task = TASKS[now.recipe.task]
    if task.data in (None, Examples):
        with st.container(horizontal=True, horizontal_alignment="right"):
            button(
                session,
                "Another example",
                _next,
                icon=":material/skip_next:",
                help="Another sequence of the task, which the training does not see."
                if task.data is None
                else "The next of your examples.",
            )


def _next(session: Session) -> None:
    session.set(example=(session.settings.example + 1) % 10_000)
