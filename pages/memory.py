"""Memory: how long a network remembers, in pictures with true numbers."""

import streamlit as st

from pages.panels.memory.measured_player import measured_player
from pages.panels.memory.measured_run import measured_run
from pages.panels.memory.measures import MEASURES
from pages.panels.shared import page
from pages.panels.shared.build import sidebar
from pages.panels.shared.choices import one_of
from pages.panels.shared.messages import note, plain, problem
from pages.panels.shared.player.training_notice import training_notice
from pages.panels.shared.sharing.share import share_panel
from pages.state import setup as setups
from pages.state.classroom.folded import last_seen
from seqviz.errors import SeqvizError

session = page.begin("memory")
setup = setups.current(session)

sidebar(session, setup)
with st.container(horizontal=True, vertical_alignment="center", gap="small"):
    if not setup.settings.present:
        st.markdown("**Memory**", width="content")
        one_of(session, "Measure", {key: name for key, (name, _) in MEASURES.items()}, "measure")
        with st.container(horizontal=True, horizontal_alignment="right"):
            share_panel(session, setup)
with st.container(), st.spinner("Running the network"):
    run = measured_run(session, setup)
if run is None:
    st.info(plain(setup.problem or "There is no sequence yet."), icon=":material/info:")
    st.page_link("explore.py", label="Give the network a sequence on Explore")
else:
    with st.container():  # always there: a player that moves in the page would start afresh
        note(setup.note)
        training_notice(session, setup)
    measured_player(session, run)
    if last_seen(session) is None:  # every measure tells of the future
        try:
            MEASURES[setup.settings.measure][1](session, run)
        except SeqvizError as error:
            problem(str(error))
    else:
        st.caption("What is measured stands here once nothing is hidden any more.")
page.end(session, setup)
