"""The room a session is in: who it is there, what it has seen of it, what its teacher does.

The room's code is in the settings, and so in every link. That somebody is its teacher is known by
the secret alone, which the browser keeps and no link holds.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import streamlit as st

from pages.state import url
from pages.state.classroom.rooms.room import Question, Room, RoomsAway, new_room
from pages.state.classroom.rooms.store import rooms
from seqviz.errors import SeqvizError

if TYPE_CHECKING:
    from pages.state.session import Session

NEWS = "poll"
"""The key under which the poll's component reports."""
GONE = "There is no room {} any more: it has ended, or its code is mistyped."


@dataclass
class Poll:
    """room: None where there is none, or none any more. secret: "" for students. round: of the
    question whose state this session has opened. ticket: see Room.ticket. problem: what came of the
    last question, "" if all is well.
    """

    room: Room | None = None
    secret: str = ""
    round: int = 0
    ticket: tuple[str, str] = "", ""
    problem: str = ""


def opened_by_code(parameters: dict[str, str]) -> dict[str, str]:
    """The parameters of a room's state, for a link that holds nothing but the room's code."""
    if set(parameters) != {"room"}:
        return parameters
    settings, _ = url.decode(parameters)
    room = None
    with suppress(RoomsAway):
        room = rooms().get(settings.room)
    if room is None:
        return parameters
    return {**dict(parse_qsl(room.link, keep_blank_values=True)), "room": room.code}


def follow(session: Session) -> str | None:
    """Look what has become of the session's room; a student's screen follows to its next question.

    At the beginning of each run. Returns the page of a question that is new to a student.
    """
    poll, code = session.poll, session.settings.room
    before = poll.room
    try:
        room = poll.room = rooms().get(code) if code else None
    except RoomsAway as error:  # it may well be there
        session.notices = [*session.notices, str(error)]
        return None
    if room is None:
        if code:
            session.notices = [*session.notices, GONE.format(code)]
            session.set(room="")
        return None
    comes = before is None or before.code != code  # in, and with a link that holds the state
    if comes:
        poll.secret = ""
    _take_secret(session, room)
    if poll.secret or (room.round == poll.round and not comes):
        poll.round = room.round
        return None
    poll.round = room.round
    if not comes:
        _open(session, room)
    elif set(st.query_params) != {"room"}:  # somebody's own page, and loaded again
        return None
    return room.page


def ticket(session: Session, room: Room) -> str:
    """The session's own in this room."""
    code, known = session.poll.ticket
    if code != room.code or room.student(known) is None:
        session.poll.ticket = room.code, room.ticket()
    return session.poll.ticket[1]


def ask(session: Session, question: Question, link: str, hides_future: bool) -> None:
    """Open a room for this question, or ask it in the room that this session is the teacher of."""
    poll = session.poll
    poll.problem = ""
    try:
        if poll.room is not None and poll.secret:
            poll.room = poll.room.asks(question, link, session.page)
            rooms().ask(poll.room)
        else:
            poll.room, poll.secret = new_room(question, link, session.page)
            rooms().open(poll.room)
    except SeqvizError as error:
        poll.room, poll.problem = (poll.room if poll.secret else None), str(error)
        return
    poll.round = poll.room.round
    hide = [part for part in session.settings.hide.split(",") if part and part != "future"]
    session.set(
        room=poll.room.code,
        hide=",".join([*hide, "future"] if hides_future else hide),
        shown_until=session.settings.step if hides_future else None,
    )


def end(session: Session) -> None:
    """The room is gone, for everybody."""
    poll = session.poll
    if poll.room is not None and poll.secret:
        rooms().end(poll.room.code)
    session.poll = Poll()
    hide = [part for part in session.settings.hide.split(",") if part and part != "future"]
    session.set(room="", hide=",".join(hide), shown_until=None)


def _take_secret(session: Session, room: Room) -> None:
    """What the browser kept, if it is the room's."""
    component: Any = st.session_state.get(NEWS)
    news = component.get("news") if component else None
    if not session.poll.secret and isinstance(news, dict) and news.get("code") == room.code:
        secret = news.get("secret")
        if room.is_teacher(secret):
            session.poll.secret = str(secret)


def _open(session: Session, room: Room) -> None:
    from pages.state.classroom import folded

    settings, _ = url.decode(dict(parse_qsl(room.link, keep_blank_values=True)))
    settings = settings.having(room=room.code, answers=session.settings.answers)  # one's own
    session.open(folded.begin_to_hide(settings))
