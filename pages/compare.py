"""Compare: two or three runs side by side under one player."""

import streamlit as st

from pages.ui import compare_controls, compare_panel, fields, state
from pages.ui.compare_runs import Comparison, comparison
from pages.ui.controls import build_panel, facts_panel
from pages.ui.state import Setup

state.begin()
with st.sidebar:
    setup = state.current()
    build_panel(setup)
    facts_panel(setup)


@st.fragment
def watch(setup: Setup, shown: Comparison) -> None:
    """Reruns alone when the player's step changes."""
    with st.container(gap="xsmall"):
        compare_panel.side_by_side(setup, shown)
    state.publish()


with st.container():
    state.notices()
with st.container(gap="xsmall"):
    compare_controls.presets(setup)
    if setup.sequence is None:
        compare_controls.nothing_yet(setup)
        state.publish()
    else:
        shown = comparison(setup, fields.checked())
        compare_controls.options(setup, shown)
        compare_controls.problems(setup, shown)
        watch(setup, shown)
