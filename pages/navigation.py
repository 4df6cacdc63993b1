"""The frame around every page: which pages exist, and the page's width."""

from pathlib import Path

import streamlit as st

from pages.panels.shared.sharing.menu import MENU
from pages.state.turns import TURNS

STATIC = Path(__file__).parent / "static"

# Our own pictures: a Material icon in the browser's tab would be fetched from another host.
st.set_page_config(
    page_title="seqviz",
    page_icon=STATIC / "icon.svg",
    layout="wide",
    initial_sidebar_state=348,
)
st.logo(STATIC / "logo.svg", icon_image=STATIC / "icon.svg")
page = st.navigation(
    [
        st.Page(
            entry.file,
            title=entry.title,
            icon=entry.icon,
            default=not entry.path,
            help=entry.help,
        )
        for entry in MENU
    ],
    position="top",
)
with TURNS.take():
    page.run()
