"""A button whose action is done at the top of the next run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from pages.state.session import Session


def button(
    session: Session, label: str, action: Callable[..., None], *args: Any, **shown: Any
) -> None:
    """action(session, *args) is done when it was pressed. shown: st.button's own arguments."""
    press = session.press(action, session, *args)
    if not session.resumed:
        st.button(label, on_click=press, **shown)
    elif st.button(label, **shown):  # a new server knows no callback before its first run has ended
        press()
