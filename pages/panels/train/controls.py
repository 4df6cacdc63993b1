"""Train, Pause, Continue, Stop and Train longer, and one line on what is going on."""

from __future__ import annotations

import streamlit as st

from pages.panels.shared.button import button
from pages.panels.shared.messages import plain
from pages.panels.shared.share import share_panel
from pages.state import training
from pages.state.session import Session
from pages.state.setup import Setup
from seqviz.training.cost import cost, spoken_time
from seqviz.training.recipe import Recipe
from seqviz.training.schedule import Follower


def controls(
    session: Session, setup: Setup, recipe: Recipe | None, follower: Follower | None
) -> None:
    """The row above the player. recipe: None where the settings ask for what cannot be trained."""
    state = follower.state if follower is not None else ""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown("**Train**", width="content")
        if state in ("waiting", "running"):
            button(session, "Pause", training.pause, icon=":material/pause:")
            button(session, "Stop", training.stop, icon=":material/stop:")
        elif state in ("paused", "stopped"):
            button(session, "Continue", training.resume, icon=":material/play_arrow:")
            if state == "paused":
                button(session, "Stop", training.stop, icon=":material/stop:")
            else:
                _longer(session)
        elif state == "done":
            _longer(session)
        else:
            button(
                session,
                "Train",
                training.start,
                icon=":material/model_training:",
                disabled=recipe is None,
            )
        st.markdown(f":small[{plain(_line(recipe, follower))}]", width="content")
        with st.container(horizontal=True, horizontal_alignment="right"):
            share_panel(session, setup)


def _longer(session: Session) -> None:
    button(
        session,
        "Train longer",
        training.longer,
        icon=":material/more_time:",
        help="As many iterations more as the sidebar says.",
    )


def _line(recipe: Recipe | None, follower: Follower | None) -> str:
    """What it would take, or how it ended."""
    if follower is not None and follower.state in ("diverged", "failed"):
        return ""
    if follower is None and recipe is not None:
        needed = cost(recipe)
        return f"about {spoken_time(needed.seconds)}"
    return ""
