"""The poll: poll.js behind one typed function."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from pages.components.source import bundle, source

KEY = "poll"
_POLL = st.components.v2.component(
    "poll",
    html='<div class="poll" role="region" aria-label="Poll"></div>',
    css=source("poll/poll.css"),
    js=bundle("poll/poll.js"),
)


def poll(told: Mapping[str, Any]) -> None:
    """The poll of one room, which asks the server itself for news.

    told: code, ticket, and as this run of the page knows them round and revealed; waits: whether
    something on the page waits for the reveal; left: whether this browser has gone on from what was
    asked, so that nothing of it is shown until the next question; for the room's teacher also
    secret, link and qr, a picture's data URL. When something else is asked, when the page waits no
    longer, and when this browser knows the teacher's secret, the page runs again and finds {code,
    round, revealed, secret} in st.session_state[KEY]["news"]. A browser's words: check them.
    """
    _POLL(key=KEY, data=dict(told), height="content", on_news_change=lambda: None)
