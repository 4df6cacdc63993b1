"""Share: a link and a QR code that bring somebody else to this very screen."""

from __future__ import annotations

import streamlit as st

from pages.components.landmark.component import landmark
from pages.panels.shared.links import show_link
from pages.state.session import Session
from pages.state.setup import Setup


def share_panel(session: Session, setup: Setup) -> None:
    """The popover `Share`."""
    with st.popover("Share", on_change="rerun", key="_share", width="content") as opened:
        if opened.open:
            with st.container(key="share_region"):
                landmark("Share", "share_region")
                show_link(session, setup, "Link to this screen")
