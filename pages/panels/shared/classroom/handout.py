"""What stands on a handout alone: what the network is, room for a prediction, and the link."""

from __future__ import annotations

import streamlit as st

from pages.panels.shared.messages import plain
from pages.state.setup import Setup
from seqviz.data.table import counted
from seqviz.rnn.model import constructor


def handout(setup: Setup) -> None:
    """Seen on paper only, see components/classroom."""
    with st.container(key="handout", gap="small"):
        st.markdown(f"**seqviz** · `{constructor(setup.spec)}`")
        if setup.sequence is not None:
            steps = counted(len(setup.sequence), "step")
            st.markdown(plain(f"reads {setup.sequence.name}, {steps}"))
        # in place of "…" the browser writes the page's address when it prints
        st.markdown("What do you expect at the next steps, and why?  \n&nbsp;  \n&nbsp;\n\n…")
