"""Train, Pause, Continue, Stop and Train longer, and one line on what it learns from."""

from __future__ import annotations

import streamlit as st

from pages.panels.shared.button import button
from pages.panels.shared.messages import plain
from pages.panels.shared.sharing.share import share_panel
from pages.panels.train import learned_from
from pages.state.session import Session
from pages.state.setup import Setup
from pages.state.training import recipes, training_run
from seqviz.limits import MAX_ITERATIONS
from seqviz.training.cost import cost, spoken_time
from seqviz.training.recipe import Recipe
from seqviz.training.run import Run
from seqviz.training.scheduling.schedule import Follower
from seqviz.training.tasks import TASKS


def controls(
    session: Session, setup: Setup, recipe: Recipe | None, follower: Follower | None
) -> None:
    """The rows above the player. recipe: None where the settings ask for what cannot be trained."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        _buttons(session, recipe, follower)
        with st.container(horizontal=True, horizontal_alignment="right"):
            share_panel(session, setup)
    task = TASKS[session.settings.task]
    # on a phone the sidebar, which says what the task is, is folded away
    about = plain(f"{task.name}: {task.about}")
    st.markdown(f":small[{plain(line(session, recipe))}]", help=about, width="content")


def _buttons(session: Session, recipe: Recipe | None, follower: Follower | None) -> None:
    """No more of them at once than a phone has room for beside Share."""
    if follower is None:
        _train(session, disabled=recipe is None)
        return
    state, run = follower.state, follower.run
    if state in ("waiting", "running"):
        button(
            session,
            "Pause",
            training_run.pause,
            icon=":material/pause:",
            help="It waits, and Continue goes on from there.",
        )
    if state in ("paused", "stopped", "failed"):
        button(
            session,
            "Continue",
            training_run.resume,
            icon=":material/play_arrow:",
            help=f"Finishes what was begun: from iteration {run.iteration:,} to "
            f"{run.recipe.iterations:,}.",
        )
    if state in ("waiting", "running", "paused"):
        button(
            session,
            "Stop",
            training_run.stop,
            icon=":material/stop:",
            help="Ends it here, so that others have the turn. What was learned stays.",
        )
    if state in ("stopped", "done"):
        _longer(session, run)
    if state == "diverged":
        again = "The same again would end in the same way: change something in the sidebar."
        _train(session, disabled=True, why=again)


def _train(session: Session, disabled: bool, why: str | None = None) -> None:
    icon = ":material/model_training:"
    button(session, "Train", _start, icon=icon, disabled=disabled, help=why)


def _start(session: Session) -> None:
    learned_from.take_typed(session)  # who presses Train while the text is open means that text
    if not learned_from.is_refused(session):  # else the sentence below says why
        training_run.start(session)


def _longer(session: Session, run: Run) -> None:
    more = session.settings.iterations
    button(
        session,
        "Train longer",
        training_run.longer,
        icon=":material/more_time:",
        help=f"{more:,} iterations more, as the sidebar says: from iteration {run.iteration:,} to "
        f"{min(MAX_ITERATIONS, run.iteration + more):,}.",
    )


def line(session: Session, recipe: Recipe | None) -> str:
    """What it learns from and how long that takes. The same in every state of a training: a line
    that came and went would move all that is below.
    """
    if recipe is None and recipes.has_data(session):
        return "These settings cannot be trained: the sentence below says why."
    if recipe is None:
        return "There is nothing to learn from yet."
    what = learned_from.learns_from(recipe)
    return f"Learns from {what} · about {spoken_time(cost(recipe).seconds)}"
