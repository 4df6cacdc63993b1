"""The connection: connection.js behind one typed function."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from pages.components.source import bundle, source

_CONNECTION = st.components.v2.component(
    "connection",
    html='<div class="away" role="status"></div>',
    css=source("connection/connection.css"),
    js=bundle("connection/connection.js"),
)


def connection(handover: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Rerun the page when the browser has lost its server and found one again, load it anew where a
    part of its code never arrived, and let the server know of each press of a button.

    handover: what the browser keeps for the server that comes after this one. Returns what it kept
    of the server before, None on a page that has lost none. A browser's words: check them.
    """
    result = _CONNECTION(
        key="connection",
        data={"handover": dict(handover or {})},
        height="content",
        on_resumed_change=lambda: None,
    )
    resumed = result.get("resumed")
    return resumed if isinstance(resumed, dict) else None
