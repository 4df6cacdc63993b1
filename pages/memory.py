"""Memory: how long a network remembers, in pictures with true numbers."""

import streamlit as st

from pages.panels.memory import measured_run
from pages.panels.memory.measures import (
    gates_panel,
    horizon_panel,
    influence_panel,
    nudge_panel,
    spectrum_panel,
)
from pages.panels.memory.player import memory_player
from pages.panels.memory.states import alike_panel, trajectory_panel
from pages.panels.shared.build import build_panel, facts_panel, one_of
from pages.panels.shared.messages import plain, problem
from pages.panels.shared.share import not_in_link, share_panel
from pages.state import fields
from pages.state import setup as state
from seqviz.errors import SeqvizError

MEASURES = {
    "influence": ("Influence", influence_panel),
    "nudge": ("Forward test", nudge_panel),
    "horizon": ("Horizon", horizon_panel),
    "spectrum": ("Spectrum", spectrum_panel),
    "gates": ("Gates", gates_panel),
    "trajectory": ("Trajectory", trajectory_panel),
    "alike": ("Alike", alike_panel),
}

state.begin()
with st.sidebar:
    built = state.current()
    build_panel(built)
    facts_panel(built)


@st.fragment
def measure() -> None:
    """Reruns alone when the player's step or a measure's control changes."""
    setup = state.current()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown("**Memory**", width="content")
        one_of("Measure", {key: name for key, (name, _) in MEASURES.items()}, "measure")
        with st.container(horizontal=True, horizontal_alignment="right"):
            share_panel(not_in_link(setup))
    run = measured_run.current(setup)
    if run is None:
        st.info(plain(setup.problem or "There is no sequence yet."), icon=":material/info:")
        st.page_link("explore.py", label="Give the network a sequence on Explore")
    else:
        memory_player(run)
        try:
            MEASURES[fields.get("measure")][1](run)
        except SeqvizError as error:
            problem(str(error))
    state.publish()


with st.container():
    state.notices()
measure()
