"""What a class sees instead of the future, until it has predicted it."""

from __future__ import annotations

import streamlit as st

from pages.panels.shared.button import button
from pages.state.classroom import folded
from pages.state.session import Session


def hidden_future(session: Session) -> None:
    """Nothing where nothing is hidden."""
    step = folded.last_seen(session)
    if step is None or session.poll.secret:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        then = " until the answers are shown." if session.poll.room else ": predict it first."
        st.markdown(f"What follows step {step} is hidden{then}", width="content")
        if session.poll.room is None:
            button(session, "I have predicted", folded.predict, icon=":material/visibility:")
