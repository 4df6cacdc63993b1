"""The player on Memory: h of the measured network, with the range that Find alike looks for."""

from __future__ import annotations

import streamlit as st

from pages.components.player import tracks
from pages.components.player.component import player
from pages.components.player.frame import frame
from pages.panels.explore.watch import ordered, take_view
from pages.panels.memory.measured_run import Run
from pages.panels.shared.messages import problem
from pages.state import fields
from pages.state.callbacks import whole
from pages.state.selected_cell import cell
from seqviz.analysis.overflow import overflow_text
from seqviz.data.table import MAX_STEPS
from seqviz.figures import palette

PLAYER = "_memory_player"


def memory_player(run: Run) -> None:
    """The run step by step, and in words what is not plain about it."""
    with st.container():  # always there: a player that moves in the page would start afresh
        _notices(run)
    sequence = run.setup.sequence
    assert sequence is not None
    first, last = ordered("range_from"), ordered("range_to")
    shown = frame(
        [tracks.input_track(sequence, run.setup.wave), *tracks.heat_tracks(run.trace, "h")],
        digest=sequence.digest,
        caption=f"{sequence.name} · {len(sequence):,} steps",
        quantity="h",
        ends=palette.scale("h", run.trace.h),
        command=st.session_state["_command"],
        step=ordered("step"),
        cell=cell(ordered("selected")),
        ranges=fields.get("measure") == "alike",
        chosen=(first, last) if first and last else None,
    )
    player(shown, key=PLAYER, on_view=_take_view)


def _notices(run: Run) -> None:
    problem(run.setup.problem, run.problem)
    if run.rho is not None:
        said = f"Changed network: W_hh rescaled to spectral radius {run.rho:.2f}."
        st.warning(said, icon=":material/science:")
    if overflow := overflow_text(run.trace):
        said = f"The network {overflow}: from there on h is shown as overflow."
        st.warning(said, icon=":material/warning:")


@whole
def _take_view() -> None:
    """Step and cell as on Explore, and the range dragged along the input."""
    take_view(PLAYER)
    view = st.session_state[PLAYER].view
    chosen = view.get("range") if isinstance(view, dict) else None
    if isinstance(chosen, list) and len(chosen) == 2 and all(type(k) is int for k in chosen):
        first, last = (min(max(1, step), MAX_STEPS) for step in chosen)
        fields.put(range_from=first, range_to=last)
