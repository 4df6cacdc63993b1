"""Class poll: the teacher asks the class about what is on screen, and shows what it answered."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.components.classroom.component import ABOVE, BESIDE
from pages.components.landmark.component import landmark
from pages.components.poll.component import poll
from pages.panels.shared.button import button
from pages.panels.shared.classroom.class_link import for_a_class
from pages.panels.shared.classroom.questions import Asked, Questions
from pages.panels.shared.messages import plain, problem
from pages.panels.shared.sharing.links import link_to, qr_code
from pages.state.browser import visit
from pages.state.classroom import folded, polls
from pages.state.classroom.rooms.room import LONGEST_QUESTION, Question
from pages.state.session import Session
from pages.state.setup import Setup
from seqviz.errors import SeqvizError

OWN = "own"
_KIND, _TEXT, _CHOICES, _HIDE = "poll kind", "poll question", "poll choices", "poll hides future"


def poll_panel(session: Session) -> None:
    """What is asked in the session's room: above the page, or beside it on a projector, where
    nobody scrolls; nothing without a room.
    """
    beside = session.settings.present and not polls.is_left(session)
    with st.container(key=BESIDE if beside else ABOVE):
        _poll(session)


def _poll(session: Session) -> None:
    room = session.poll.room
    if room is None:
        if session.poll.away:
            problem(session.poll.away)
            poll({"code": session.settings.room, "ticket": None, "round": 0, "revealed": False,
                  "waits": False, "left": False})  # fmt: skip
        return
    told: dict[str, Any] = {
        "code": room.code,
        "ticket": polls.ticket(session, room),
        "round": room.round,
        "revealed": room.revealed,
        "waits": folded.waits(session),
        "left": polls.is_left(session),
    }
    if session.poll.secret:
        link, _ = link_to({"room": room.code})
        told |= {"secret": session.poll.secret, "link": link, "qr": qr_code(link)}
    poll(told)


def class_poll_panel(session: Session, setup: Setup, questions: Questions) -> None:
    """The popover `Class poll`. It closes with each question: its key is another one then.

    questions: what the page can ask, besides the teacher's own words.
    """
    asked = f"{session.settings.room}{session.settings.round}"
    with st.popover("Class poll", on_change="rerun", key=f"_class_poll_{asked}") as opened:
        if opened.open:
            with st.container(key="class_poll_region"):
                landmark("Class poll", "class_poll_region")
                problem(session.poll.problem)
                _ask(session, setup, questions)
                _end(session)


def _ask(session: Session, setup: Setup, questions: Questions) -> None:
    names = {kind: one.name for kind, one in questions.items()} | {OWN: "Your own words"}
    if session.options.get(_KIND) not in names:  # another page's
        first = next(iter(names))
        askable = (kind for kind, one in questions.items() if _can_be_asked(one))
        session.set(**{_KIND: next(askable, first)})
    st.radio(
        "Ask the class",
        list(names),
        format_func=lambda kind: names.get(kind, str(kind)),
        **session.tie_index(_KIND, list(names)),
    )
    asked = questions.get(str(session.options[_KIND]))
    if asked is None:
        st.text_input("Question", **session.tie(_TEXT, ""), max_chars=LONGEST_QUESTION)
        st.text_area("Choices, one on each line", **session.tie(_CHOICES, "Yes\nNo"), height=120)
    elif asked.has_future:
        st.toggle(
            "Hide the future until Reveal",
            **session.tie(_HIDE, True),
            help="For the class and for this screen: nobody sees what follows this step.",
        )
        if setup.settings.step is None:
            st.caption(
                "Nothing is hidden of the future at the last step: go back to an earlier one."
            )
    try:
        question = asked.make() if asked else _in_own_words(session)
    except SeqvizError as error:
        st.caption(str(error))
        return
    st.markdown(f":small[{' · '.join(('Choices', *map(plain, question.choices)))}]")
    # Made with the press: who chooses another question and presses at once means that one.
    button(session, "Ask", polls.ask, lambda: _asking(session, setup, questions))


def _asking(session: Session, setup: Setup, questions: Questions) -> polls.Asking:
    """What is asked now. Raises SeqvizError where it cannot be."""
    asked = questions.get(str(session.options[_KIND]))
    question = asked.make() if asked else _in_own_words(session)
    hide = [*polls.OF_STUDENTS]
    has_future = asked is not None and asked.has_future and setup.settings.step is not None
    if has_future and session.options.get(_HIDE, True):
        hide.append("future")
    shown = for_a_class(setup.settings, hide)
    if asked is not None and asked.cell is not None:  # the class finds its row marked
        shown = shown.having(selected=asked.cell())
    return polls.Asking(question, visit.query(session, setup, shown), "future" in hide)


def _can_be_asked(question: Asked) -> bool:
    """Whether it has an answer now."""
    try:
        question.make()
    except SeqvizError:
        return False
    return True


def _in_own_words(session: Session) -> Question:
    lines = str(session.options.get(_CHOICES) or "Yes\nNo").splitlines()
    choices = tuple(filter(None, (line.strip() for line in lines)))
    return Question(str(session.options.get(_TEXT) or ""), choices)


def _end(session: Session) -> None:
    if session.poll.secret:
        button(session, "End the poll", polls.end, icon=":material/close:")
