"""Uses: five trained networks, each with an example already running, to be tried by anybody."""

import streamlit as st

from pages.panels.shared import page
from pages.panels.shared.choices import one_of
from pages.panels.shared.messages import note, plain, problem
from pages.panels.uses.actions import ways_on
from pages.panels.uses.mistakes import mistakes_panel
from pages.panels.uses.parts import PARTS
from pages.panels.uses.scores import scores_panel
from pages.panels.uses.show import reading_of, show
from pages.state import setup as setups
from seqviz.applications.recorded_scores import recorded, recorded_mistakes

session = page.begin("uses")
with st.container(gap="xsmall"):
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if not session.settings.present:
            st.markdown("**Uses**", width="content")
            one_of(session, "Use", {key: part.name for key, part in PARTS.items()}, "use")
    part = PARTS[session.settings.use]
    application = part.application(session)
    st.markdown(f":small[{plain(application.about)}]")
    with st.container():
        part.controls(session)
reading, wrong = reading_of(session, part)
with st.container():
    problem(wrong)
    note("" if wrong else reading.note)
    if wrong:
        st.caption("What stands below was read before, or is the example.")
show(session, reading)
if not wrong:
    part.below(session, reading)
application = part.application(session)  # one's own may have learned by now
scores = recorded(application.key)
if scores:
    st.markdown("**How good it is, on what it has not seen**")
    scores_panel(scores)
goes_wrong = recorded_mistakes(application.key) or application.mistakes()
if goes_wrong is not None:
    mistakes_panel(session, goes_wrong)
st.markdown(f"**What it cannot do.** {plain(application.cannot)}")
ways_on(session, application, reading.sequence)
setup = setups.current(session, wait=False)
page.end(session, setup, questions={}, opens=f"“{part.name}” on Uses")
