"""Compare: two or three runs side by side under one player."""

import streamlit as st

from pages.ui import state
from pages.ui.controls import build_panel

state.begin()
with st.sidebar:
    build_panel(state.current())
state.publish()
