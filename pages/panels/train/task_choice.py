"""What the network shall learn: the list of tasks, and two sentences on the chosen one."""

from __future__ import annotations

import streamlit as st

from pages.panels.shared.messages import plain
from pages.state.schema import NETWORK, Settings
from pages.state.session import Session
from pages.state.training import recipes
from seqviz.training.tasks import TASKS

FIRST = "adding"
NAMES = {
    key: task.name if task.data is None else f"{task.name}, your own" for key, task in TASKS.items()
}


def settle(session: Session) -> None:
    """Choose a task where there is none, and follow a choice just made with all it brings.

    Build's network gives way to the task's usual one, but not one that somebody built: who comes
    with a network of their own wants to see that one learn.
    """
    settings = session.settings
    if not settings.task:
        first = Settings()
        built = any(settings.get(name) != first.get(name) for name in NETWORK)
        recipes.choose_task(session, FIRST, network=not built)
    elif session.options.get(_CHOSEN, settings.task) != settings.task and (
        session.said_by_widget("task")  # a link or the way back brings more than the task
    ):
        recipes.choose_task(session, settings.task)
    session.options[_CHOSEN] = session.settings.task


_CHOSEN = "task chosen last"


def task_panel(session: Session) -> None:
    """The list, above Build."""
    st.selectbox(
        "Task",
        list(NAMES),
        format_func=lambda key: NAMES.get(key, str(key)),
        **session.tie_index("task", list(NAMES)),
    )
    task = TASKS[session.settings.task]
    st.markdown(f":small[{plain(task.about)}]")
    st.markdown(f":small[Reads {plain(task.reads)}. Answers {plain(task.answers)}.]")
