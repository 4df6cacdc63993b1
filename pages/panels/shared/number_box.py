"""A box for a number, which says in a sentence why it does not take one."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.state.session import Session


def number_box(
    session: Session,
    label: str,
    low: float,
    high: float,
    name: str,
    default: float | None = None,
    **options: Any,
) -> None:
    """name: the setting or option it says, from low to high. options: st.number_input's own.

    The browser is told no limits: it keeps what is beyond them to itself, in a red box, and the
    page goes on with the number before.
    """
    st.number_input(label, **session.tie_number(name, label, low, high, default), **options)
