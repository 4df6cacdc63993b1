"""Explore: build a network, feed it a sequence, watch its hidden state fill in."""

import streamlit as st

from pages.ui import state
from pages.ui.controls import build_panel
from pages.ui.feed_panel import feed_panel
from pages.ui.inspect_panel import inspect_panel
from pages.ui.watch_panel import lesson_panel, watch_panel
from pages.ui.weights_panel import weights_panel

state.begin()
with st.sidebar:
    built = state.current()
    build_panel(built)
    weights_panel()


@st.fragment
def feed_and_watch() -> None:
    """Reruns alone while a hand draws, so that the heatmap follows it."""
    setup = state.current()
    with st.container():  # what follows keeps its place, and so the player its step and speed
        feed_panel(setup)
    trace, changed = state.trace(setup), state.changed(setup)
    watch_panel(setup, trace, changed)
    if trace is not None and not setup.live:
        inspect_panel(setup, trace, changed)
        lesson_panel(setup, trace)
    state.publish()
    if not setup.live and setup.shapes != st.session_state["_shapes"]:
        st.rerun()  # the sidebar names the shapes, and they have changed


with st.container():
    state.notices()
st.session_state["_shapes"] = built.shapes
feed_and_watch()
