"""From the browser's address to a session and back: a first visit, the way back, another page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages.state import url
from pages.state.browser import runs, waiting_requests
from pages.state.classroom import folded
from pages.state.files import linked_files, linked_texts, upload_addresses
from pages.state.schema import FILE_FEEDS, Settings
from pages.state.session import Session
from pages.state.setup import Setup
from pages.state.training import training_run

waiting_requests.keep_all()
upload_addresses.keep_all()

_KEY = "visit"
WITHOUT_FILE = (
    "This link came without its file: until you choose one below, the network reads the drawn "
    "curve."
)

OTHER_NETWORK = (
    "The trained network this link names does not come from its settings any more, so this one is "
    "untrained: press Train on Train."
)


@dataclass
class Visit:
    """A session and where it is. bare: the page last seen at an address without parameters.
    published: the parameters written last.
    """

    session: Session = field(default_factory=Session)
    page: str = ""
    bare: str | None = None
    published: dict[str, str] = field(default_factory=dict)


def known() -> bool:
    """Whether this visitor's session has begun on this server."""
    return _KEY in st.session_state


def begin(handover: dict[str, Any] | None) -> Session:
    """The visitor's session, read. handover: what a server that has ended left in the browser."""
    runs.begin()
    context = get_script_run_ctx()
    page = context.page_script_hash if context else ""
    visit: Visit | None = st.session_state.get(_KEY)
    if visit is None:
        visit = _opened(page, handover)
        st.session_state[_KEY] = visit
        waiting_requests.were_read()
        return visit.session
    session = visit.session
    # Back to an address without parameters is a way back only if this page has been there
    if context and context.is_history_navigation and (st.query_params or visit.bare == page):
        settings, session.notices = url.decode(st.query_params.to_dict())
        session.open(folded.begin_to_hide(settings))
        linked_files.take(session)
        _say_what_is_not_trained(session, st.query_params.to_dict())
    else:
        session.read()
    waiting_requests.were_read()
    linked_files.choose_weights(session)
    if visit.page != page:
        visit.page = page
        session.begin_widgets_anew()
        session.orders.give(session.settings)  # another page's player has to be told the step
    return session


def _opened(page: str, handover: dict[str, Any] | None) -> Visit:
    parameters = st.query_params.to_dict()
    settings, notices = url.decode(parameters)
    if settings.feed in FILE_FEEDS and not settings.data and not settings.file:
        notices.append(WITHOUT_FILE)
    settings = folded.begin_to_hide(settings)
    session = Session(settings=settings, notices=notices, linked=frozenset(parameters))
    session.orders.give(settings)
    if handover:
        session.take_over(handover)
    linked_files.take(session)
    _say_what_is_not_trained(session, parameters)
    return Visit(session, page, published=st.query_params.to_dict())


def _say_what_is_not_trained(session: Session, linked: dict[str, str]) -> None:
    if linked_texts.is_wanted(session, "learned_from"):
        return  # what it learned from is not here, and that has been said
    named = "trained" in linked and session.settings.trained
    if named and not training_run.can_be_trained_again(session):
        session.notices.append(OTHER_NETWORK)


def parameters(session: Session, setup: Setup, settings: Settings | None = None) -> dict[str, str]:
    """What is on screen as a link carries it. settings: others than those in force."""
    now = settings or session.settings
    kept = linked_texts.kept(session, now)
    return url.link(now.having(data=setup.data, kept=kept, **linked_files.parameters(session)))


def query(session: Session, setup: Setup, settings: Settings) -> str:
    """The same as the text of a URL's query."""
    return urlencode(parameters(session, setup, settings))


def publish(session: Session, setup: Setup) -> None:
    """Write what is on screen to the URL, unless a hand is still drawing."""
    if session.pad.live:
        return
    visit: Visit = st.session_state[_KEY]
    encoded = parameters(session, setup)
    if not encoded and not st.query_params:
        visit.bare = visit.page
    # What the browser said when this run began may be older than what was written to it last. And
    # what was written last may have reached it only when it had gone back to another address: that
    # is written again, in its own order, for in another one it would be a new address.
    said = st.query_params.to_dict()
    if not encoded == said == visit.published:
        st.query_params.from_dict(said if said == encoded else encoded)
        visit.published = encoded
