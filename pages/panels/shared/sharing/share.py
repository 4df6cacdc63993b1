"""Share: a link and a QR code that bring somebody else to this very screen."""

from __future__ import annotations

from html import escape

import streamlit as st

from pages.components.landmark.component import landmark
from pages.components.print_page.component import print_page
from pages.panels.shared.classroom.class_link import for_a_class
from pages.panels.shared.sharing.links import link_to, show_link
from pages.state.browser import visit
from pages.state.schema import HIDEABLE
from pages.state.session import Session
from pages.state.setup import Setup


def share_panel(session: Session, setup: Setup, *, opens: str = "") -> None:
    """The popover `Share`; a frame in another page has none. opens: as of show_link."""
    if st.context.is_embedded:
        return
    with st.popover("Share", on_change="rerun", key="_share", width="content") as opened:
        if opened.open:
            with st.container(key="share_region"):
                landmark("Share", "share_region")
                show_link(session, setup, "Link to this screen", opens=opens)
                _take_away(session, setup)


def _take_away(session: Session, setup: Setup) -> None:
    """The player in a page of somebody's own, and the screen on paper."""
    alone = [part for part in HIDEABLE if part != "future"]
    parameters = visit.parameters(session, setup, for_a_class(setup.settings, alone))
    link, _ = link_to({**parameters, "embed": "true"})
    snippet = f'<iframe src="{escape(link)}" width="100%" height="560"></iframe>'
    st.text_input("The player in a page of your own", value=snippet, key=f"_iframe_{hash(link)}")
    print_page()
