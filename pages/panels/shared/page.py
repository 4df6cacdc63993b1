"""How each page begins and ends. What happens in between only reads the session."""

from __future__ import annotations

import streamlit as st

from pages.components.connection.component import connection
from pages.panels.shared import glossary
from pages.panels.shared.classroom import bar as classroom
from pages.panels.shared.classroom.class_poll import poll_panel
from pages.panels.shared.classroom.handout import handout
from pages.panels.shared.classroom.hidden_future import hidden_future
from pages.panels.shared.classroom.questions import Questions, about
from pages.panels.shared.messages import plain
from pages.panels.shared.put_on_explore import GO
from pages.panels.shared.sharing import menu
from pages.state.browser import visit
from pages.state.classroom import polls
from pages.state.session import Session
from pages.state.setup import Setup


def begin(path: str) -> Session:
    """The visitor's session with everything the browser says, and what is to be said of it.

    path: of this page, in the address.
    """
    if visit.known():
        session = visit.begin(None)
        connection(session.handover())
    else:
        session = visit.begin(connection(None))
    if session.page != path:  # wherever somebody went meanwhile
        session.options.pop(GO, None)
    session.page = path
    asked_on = polls.follow(session)
    if asked_on not in (None, path):
        menu.go(asked_on)
    glossary.help_on(session, path)
    menu.links(path)
    classroom.place(session)
    with st.container():  # always there: a player that moves in the page would start afresh
        if session.notices:  # what in a link would not do, or what a restart has lost
            said = "  \n".join(plain(notice) for notice in session.notices)
            st.warning(said, icon=":material/link_off:")
    poll_panel(session)
    with st.container():
        hidden_future(session)
    return session


def end(
    session: Session, setup: Setup, questions: Questions | None = None, *, opens: str = ""
) -> None:
    """Publish what is on screen, unless widgets turn out to say otherwise.

    questions: what a class can be asked about this page; None for those about the setup's network.
    opens: what is seen by a link to the page, in words; "" for the setup's network.

    They do on a server's first run for a page that is older than the server: what was set on it
    since the URL was written becomes known when its widgets are drawn. Then they begin anew, for
    one that was being dragged or typed into shows what it never said.
    """
    asked = about(session, setup) if questions is None else questions
    classroom.bar(session, setup, asked, opens)
    handout(setup)
    notices, resumed = session.notices, session.resumed
    session.resumed = False
    if session.read() or resumed:
        session.notices = notices
        if resumed:
            session.begin_widgets_anew()
        st.rerun()
    visit.publish(session, setup)
