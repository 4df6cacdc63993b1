"""A number that may be left out: its box, and the button that empties it."""

from __future__ import annotations

from typing import Any, Literal

import streamlit as st

from pages.panels.shared.button import button
from pages.panels.shared.number_box import number_box
from pages.state.session import Session


def optional_number(
    session: Session,
    label: str,
    low: float,
    high: float,
    name: str,
    *,
    without: str,
    **options: Any,
) -> None:
    """without: what the button says, which is what holds when nothing is set.

    A box that begins with a number takes that number again when it is emptied by hand, so the
    button beside it begins a new one.
    """
    width: Literal["content", "stretch"] = "content" if "width" in options else "stretch"
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", width=width):
        number_box(session, label, low, high, name, **options)
        if session.value(name) is not None:
            button(
                session,
                without,
                _empty,
                name,
                icon=":material/close:",
                type="tertiary",
                key=f"_clear_{name}",
                help=f"Leave {label} empty",
                disabled=options.get("disabled", False),
            )


def _empty(session: Session, name: str) -> None:
    session.set(**{name: None})
    if name in session.orders.values:
        session.orders.give(session.settings, moves=False)
