"""The room a session is in: who it is there, what it has seen of it, what its teacher does.

The room's code is in the settings, and so in every link. That somebody is its teacher is known by
the secret alone, which the browser keeps and no link holds.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import streamlit as st

from pages.state import url
from pages.state.classroom import folded
from pages.state.classroom.held import Poll
from pages.state.classroom.rooms.room import Question, Room, RoomsAway, new_room
from pages.state.classroom.rooms.store import rooms
from pages.state.files import linked_files
from pages.state.session import Session
from seqviz.errors import SeqvizError

NEWS = "poll"
"""The key under which the poll's component reports."""
OF_STUDENTS = ("feed", "classroom")
"""What is folded away for a class that is asked: on a phone the player stands right below then."""
GONE = "There is no room {} any more: it has ended, or its code is mistyped."


def follow(session: Session) -> str | None:
    """Look what has become of the session's room; a student's screen follows to its next question.

    At the beginning of each run. The settings, and so the address, say of which question's state
    they are; whoever comes by the room's code alone is of none yet. Returns the page of a question
    that is new to a student.
    """
    poll, settings = session.poll, session.settings
    before, poll.away = poll.room, ""
    try:
        room = poll.room = rooms().get(settings.room) if settings.room else None
    except RoomsAway as error:  # it may well be there
        poll.away = str(error)
        return None
    if room is None:
        poll.secret = ""
        if settings.room:
            session.notices = [*session.notices, GONE.format(settings.room)]
            session.set(room="", round=0)
        return None
    if before is None or before.code != room.code:
        poll.secret = ""
    is_new = _take_secret(session, room)
    page = _show_question(session, room)
    if is_new:  # the teacher, who has come as students do
        session.set(hide=_hidden(session, *OF_STUDENTS))
    return page


def _show_question(session: Session, room: Room) -> str | None:
    """Open its state, where that is new to a student; returns the page it is on."""
    settings = session.settings
    if room.round == settings.round:
        return None
    if session.poll.secret and settings.round:  # asked in another of the teacher's tabs
        session.set(round=room.round)
        return None
    _open(session, room)
    return room.page


def ticket(session: Session, room: Room) -> str:
    """The session's own in this room."""
    code, known = session.poll.ticket
    if code != room.code or room.student(known) is None:
        session.poll.ticket = room.code, room.ticket()
    return session.poll.ticket[1]


class Asking(NamedTuple):
    """A question, the query of the page that a class sees with it, and whether that page hides what
    follows its step, for the teacher, too."""

    question: Question
    link: str
    hides_future: bool


def ask(session: Session, make: Callable[[], Asking]) -> None:
    """Open a room for a question, or ask it in the room that this session is the teacher of."""
    poll = session.poll
    poll.problem = ""
    try:
        question, link, hides_future = make()
        if poll.room is not None and poll.secret:
            following = poll.room.asks(question, link, session.page)
            rooms().ask(following)
            poll.room = following
        else:
            poll.room, poll.secret = new_room(question, link, session.page)
            rooms().open(poll.room)
    except SeqvizError as error:
        poll.room, poll.problem = (poll.room if poll.secret else None), str(error)
        return
    hide = _hidden(session, folded.FUTURE)
    session.set(
        room=poll.room.code,
        round=poll.room.round,
        hide=",".join(filter(None, (hide, folded.FUTURE))) if hides_future else hide,
        shown_until=session.settings.step if hides_future else None,
    )


def is_left(session: Session) -> bool:
    """Whether this screen has gone on from the lesson that asks. A student's question stays until
    the answers are shown: it can still be answered.
    """
    room = session.poll.room
    if room is None or not room.question.lesson:
        return False
    there = session.page == room.page and session.settings.lesson == room.question.lesson
    return not there and (room.revealed or bool(session.poll.secret))


def end(session: Session) -> None:
    """The room is gone, for everybody."""
    poll = session.poll
    if poll.room is not None and poll.secret:
        try:
            rooms().end(poll.room.code)
        except RoomsAway as error:
            poll.problem = str(error)
            return
    session.poll = Poll()
    session.set(room="", round=0, hide=_hidden(session, folded.FUTURE), shown_until=None)


def _hidden(session: Session, *without: str) -> str:
    """What is folded away, but for these parts."""
    return ",".join(part for part in session.settings.hide.split(",") if part not in without)


def _take_secret(session: Session, room: Room) -> bool:
    """What the browser kept, if it is the room's. Whether it is known only since now."""
    component: Any = st.session_state.get(NEWS)
    news = component.get("news") if component else None
    if not session.poll.secret and isinstance(news, dict) and news.get("code") == room.code:
        secret = news.get("secret")
        if room.is_teacher(secret):
            session.poll.secret = str(secret)
            return True
    return False


def _open(session: Session, room: Room) -> None:
    """The state that is asked about, with one's own answers to lessons."""
    settings, _ = url.decode(dict(parse_qsl(room.link, keep_blank_values=True)))
    own = session.settings.answers
    settings = settings.having(room=room.code, round=room.round, answers=own)
    session.open(folded.begin_to_hide(settings))
    linked_files.take(session)
