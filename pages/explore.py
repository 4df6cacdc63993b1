"""Explore: build a network, feed it a sequence, watch its hidden state fill in."""

import streamlit as st

from pages.panels.explore.feed import feed_panel
from pages.panels.explore.hands_on import changes_banner
from pages.panels.explore.inspect_cell import inspect_panel
from pages.panels.explore.own_weights import weights_panel
from pages.panels.explore.watch import (
    lesson_lines,
    more_panel,
    player_frame,
    watch_bar,
    what_is_seen,
    what_is_wrong,
)
from pages.panels.shared import page
from pages.panels.shared.build import sidebar
from pages.panels.shared.overflow import overflow_notice
from pages.panels.shared.player import player
from pages.state import setup as setups
from pages.state.classroom.folded import last_seen, shows
from pages.state.continuation import continuation

session = page.begin("")
setup = setups.current(session)
with st.container():  # a place for a spinner, ahead of all that must not move
    trace = setups.trace(session, setup)
ahead = continuation(session, setup, trace)
shown = player_frame(session, setup, trace, ahead)
if not setup.changes:  # a changed run takes longer, and says so on the page
    player.send_ahead(session, shown)

sidebar(session, setup)
if shows(session, "build"):
    with st.sidebar:
        weights_panel(session, 0 if trace is None else len(trace))
with st.container(key="feed"):  # what follows keeps its place, and so the player its step and speed
    if shows(session, "feed"):
        feed_panel(session, setup, ahead if last_seen(session) is None else None)
with st.container(gap="xsmall"):
    if not setup.settings.present:
        watch_bar(session, setup, trace)
    what_is_seen(setup, ahead)
with st.container():  # always there: a player that moves in the page would start afresh
    what_is_wrong(session, setup)
    overflow_notice("The network", trace)
stage = st.container()  # what is said of a changed run stands below: the player keeps its place
with st.container():
    changed = setups.changed(session, setup)
    changes_banner(session, setup)
    overflow_notice("The changed network", changed)
if changed is not None:
    shown = player_frame(session, setup, trace, ahead, changed)
with stage:
    player.show(session, shown)
if trace is not None and shows(session, "inspect"):
    inspect_panel(session, setup, trace, changed)
if shows(session, "inspect") and last_seen(session) is None:
    lesson_lines(trace)
    more_panel(setup, trace)
page.end(session, setup)
