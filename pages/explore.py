"""Explore: build a network, feed it a sequence, watch its hidden state fill in.

Each function is a part of the screen that can rerun without the others: parts.py says which of them
follow which control.
"""

import streamlit as st

from pages.panels.explore.feed import feed_panel
from pages.panels.explore.inspect_cell import inspect_panel
from pages.panels.explore.own_weights import weights_panel
from pages.panels.explore.watch import lesson_lines, more_panel, show_ahead, watch_bar, watch_panel
from pages.panels.shared.build import build_panel, facts_panel
from pages.state import parts
from pages.state import setup as state
from pages.state.parts import part


@part(parts.BUILD)
def build() -> None:
    build_panel(state.current())


@part(parts.FACTS)
def facts() -> None:
    setup = state.current()
    facts_panel(setup)
    st.session_state["_shapes"] = setup.shapes


@part(parts.BAR)
def bar() -> None:
    setup = state.current()
    watch_bar(setup, state.trace(setup))


@part(parts.WATCH)
def watch() -> None:
    setup = state.current()
    watch_panel(setup, state.trace(setup), state.changed(setup))


@part(parts.INSPECT)
def inspect() -> None:
    setup = state.current()
    trace = state.trace(setup)
    if trace is not None:
        inspect_panel(setup, trace, state.changed(setup))
    state.publish()


@part(parts.LESSON)
def lesson() -> None:
    setup = state.current()
    lesson_lines(state.trace(setup))
    state.publish()


@part(parts.MORE)
def more() -> None:
    setup = state.current()
    more_panel(setup, state.trace(setup))


@part(parts.MAIN)
def main() -> None:
    with st.container():  # what follows keeps its place, and so the player its step and speed
        feed_panel()
    bar()
    watch()
    inspect()
    lesson()
    more()
    if state.current().shapes != st.session_state["_shapes"]:
        st.rerun()  # the sidebar names the shapes, and they have changed


state.begin(show_ahead)
with st.sidebar:
    build()
    facts()
    weights_panel()
with st.container():
    state.notices()
main()
