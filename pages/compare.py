"""Compare: two or three runs side by side under one player."""

import streamlit as st

from pages.panels.compare import controls, side_by_side
from pages.panels.compare.runs import Comparison, comparison
from pages.panels.shared.build import build_panel, facts_panel
from pages.state import fields
from pages.state import setup as state
from pages.state.setup import Setup

state.begin()
with st.sidebar:
    setup = state.current()
    build_panel(setup)
    facts_panel(setup)


@st.fragment
def watch(setup: Setup, shown: Comparison) -> None:
    """Reruns alone when the player's step changes."""
    with st.container(gap="xsmall"):
        side_by_side.side_by_side(setup, shown)
    state.publish()


with st.container():
    state.notices()
with st.container(gap="xsmall"):
    controls.presets(setup)
    if setup.sequence is None:
        controls.nothing_yet(setup)
        state.publish()
    else:
        shown = comparison(setup, fields.checked())
        controls.options(setup, shown)
        controls.problems(setup, shown)
        watch(setup, shown)
