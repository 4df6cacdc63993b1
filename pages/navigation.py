"""The frame around every page: which pages exist, and the page's width."""

from pathlib import Path

import streamlit as st

STATIC = Path(__file__).parent / "static"

# Our own pictures: a Material icon in the browser's tab would be fetched from another host.
st.set_page_config(
    page_title="seqviz",
    page_icon=STATIC / "icon.svg",
    layout="wide",
    initial_sidebar_state=348,
)
st.logo(STATIC / "logo.svg", icon_image=STATIC / "icon.svg")
st.navigation(
    [
        st.Page(
            "explore.py",
            title="Explore",
            icon=":material/visibility:",
            default=True,
            help="Build a recurrent network, feed it a sequence, watch its hidden state.",
        ),
        st.Page(
            "compare.py",
            title="Compare",
            icon=":material/compare:",
            help="Two or three runs under one player: cells, sizes, orders, seeds.",
        ),
        st.Page(
            "memory.py",
            title="Memory",
            icon=":material/history:",
            help="How long the network remembers: influence, spectrum, gates, trajectory.",
        ),
    ],
    position="top",
).run()
