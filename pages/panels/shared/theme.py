"""How charts are shown on every page."""

import streamlit as st

PLAIN = {"displayModeBar": False}


def theme() -> str:
    """ "light" or "dark", as the page is shown."""
    return "dark" if st.context.theme.type == "dark" else "light"
