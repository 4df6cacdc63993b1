"""Compare: two or three runs side by side under one player."""

import streamlit as st

from pages.panels.compare import controls
from pages.panels.compare.runs import comparison
from pages.panels.compare.side_by_side import side_by_side
from pages.panels.shared import page
from pages.panels.shared.build import sidebar
from pages.panels.shared.messages import note
from pages.panels.shared.player.training_notice import training_notice
from pages.state import setup as setups

session = page.begin("compare")
setup = setups.current(session)

sidebar(session, setup)
with st.container(gap="xsmall"):
    if not setup.settings.present:
        controls.presets(session)
    if setup.sequence is None:
        controls.nothing_yet(session, setup)
    else:
        compared = comparison(setup)
        if not setup.settings.present:
            controls.options(session, setup, compared)
        with st.container():  # always there: a player that moves in the page would start afresh
            note(setup.note)
            training_notice(session, setup)
        controls.problems(setup, compared)
        with st.container(gap="xsmall"):
            side_by_side(session, setup, compared)
page.end(session, setup)
