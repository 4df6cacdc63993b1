"""The player on Memory: h of the measured network, with the range that Find alike looks for."""

from __future__ import annotations

import streamlit as st

from pages.components.player import tracks
from pages.panels.memory.charts import PICTURE
from pages.panels.memory.measured_run import MeasuredRun
from pages.panels.shared.answers import answer_tracks, over_input, recipe_of
from pages.panels.shared.messages import problem
from pages.panels.shared.overflow import overflow_notice
from pages.panels.shared.player import player
from pages.state.session import Session


def measured_player(session: Session, run: MeasuredRun) -> None:
    """The run step by step, and in words what is not plain about it."""
    with st.container():  # always there: a player that moves in the page would start afresh
        _notices(run)
    sequence = run.setup.sequence
    assert sequence is not None
    recipe = recipe_of(run.setup.trained)
    frame = player.frame_of(
        session,
        [
            tracks.input_track(sequence, run.setup.wave, predicted=over_input(run.trace, recipe)),
            *tracks.heat_tracks(run.trace, "h"),
            *answer_tracks(run.trace, recipe, target=run.setup.target),
        ],
        digest=sequence.digest,
        caption=tracks.caption(sequence),
        quantity="h",
        ends=player.common_scale("h", [run.trace]),
        ranges=run.setup.settings.measure == "alike",
        presented_below=PICTURE,
    )
    player.show(session, frame)


def _notices(run: MeasuredRun) -> None:
    problem(run.setup.problem, run.problem)
    if run.rho is not None:
        said = f"Changed network: W_hh rescaled to spectral radius {run.rho:.2f}."
        st.warning(said, icon=":material/science:")
    overflow_notice("The network", run.trace)
