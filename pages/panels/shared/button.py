"""A button whose action is done at the top of the next run, once for each press."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from pages.state.browser import waiting_requests
from pages.state.session import Session


def button(
    session: Session, label: str, action: Callable[..., None], *args: Any, **shown: Any
) -> None:
    """action(session, *args) is done as often as it was pressed. shown: st.button's own arguments;
    without a key there is one button of this label on a page."""
    key = shown.setdefault("key", f"_press_{label}")
    once = session.press(action, session, *args)

    def press() -> None:
        for _ in range(1 + waiting_requests.folded(key)):
            once()

    if not session.resumed:
        st.button(label, on_click=press, **shown)
    elif st.button(label, **shown):  # a new server knows no callback before its first run has ended
        press()
