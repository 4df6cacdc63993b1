"""What stands on a handout alone: what the network is, room for a prediction, and the link."""

from __future__ import annotations

import streamlit as st

from pages.panels.shared.messages import plain
from pages.state.setup import Setup
from seqviz.rnn.model import constructor


def handout(setup: Setup) -> None:
    """Seen on paper only, see components/classroom."""
    with st.container(key="handout", gap="small"):
        st.markdown(f"**seqviz** · `{constructor(setup.spec)}`")
        if setup.sequence is not None:
            st.markdown(plain(f"reads {setup.sequence.name}, {len(setup.sequence)} steps"))
        st.markdown("What do you expect at the next steps, and why?  \n&nbsp;  \n&nbsp;")
        with st.container(key="handout_link"):
            st.markdown("…")
