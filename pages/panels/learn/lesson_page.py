"""One lesson on one screen: a question, a prediction, the player, and then why."""

from __future__ import annotations

import streamlit as st

from pages.panels.learn.class_question import class_answer
from pages.panels.learn.open_in_explore import open_in_explore
from pages.panels.learn.outcome import asked_of_all, committed, outcome
from pages.panels.learn.prediction import prediction
from pages.panels.learn.said import text
from pages.panels.learn.snippet_panel import snippet_panel
from pages.panels.learn.stage import lesson_frame
from pages.panels.learn.trained_pair import pair_frame
from pages.panels.learn.uses_links import uses_links
from pages.panels.shared.button import button
from pages.panels.shared.messages import problem
from pages.panels.shared.player import player
from pages.state.classroom import course
from pages.state.session import Session
from pages.state.training import lesson_training
from seqviz.lessons import in_use, learning
from seqviz.lessons.course import LESSONS, find
from seqviz.lessons.lesson import Lesson

_CAME_TO = "lesson the player stands at"


def lesson_page(session: Session, number: int) -> None:
    """All of a lesson."""
    lesson, words = LESSONS[number - 1], course.words(session)
    of_class = class_answer(session, number)
    answer = of_class or course.answers(session).get(number)
    trains, revealed = lesson is learning.LESSON, answer is not None and answer.revealed
    if trains and revealed and not lesson_training.pair(session).followers:
        lesson_training.start(session)  # a link, or a server that was restarted
    _stand(session, number, lesson, revealed)
    asked = find(number)
    now = course.found(session, number, own=not revealed) or asked
    with st.container(gap="xsmall"):
        st.subheader(f"{number} · {text(words, lesson, 'question', asked)}", anchor=False)
        st.markdown(text(words, lesson, "setup", asked))
        if of_class is not None:
            asked_of_all(session, lesson, revealed)
        elif answer is None:
            prediction(session, number, lesson, asked)
        else:
            committed(session, number, lesson, asked, answer)
    with st.container():
        problem(lesson_training.pair(session).problem if trains else None)
    if trains:
        frame = pair_frame(session, untrained=of_class is not None and not revealed)
    else:
        frame = lesson_frame(session, lesson, now, answer)
    player.show(session, frame)
    with st.container():  # always there: what stands below it would be seen twice for a moment
        if revealed:
            outcome(session, number, lesson)
    _ways_on(session, number, lesson, revealed)


def _stand(session: Session, number: int, lesson: Lesson, revealed: bool) -> None:
    """At h_0 on coming to a question about columns: at the last step one is marked, the answer."""
    came_to = (number, revealed)
    if session.options.get(_CAME_TO) != came_to:
        session.options[_CAME_TO] = came_to
        if lesson.kind == "cell" and not revealed and not session.settings.selected:
            session.play_at(0)


def _ways_on(session: Session, number: int, lesson: Lesson, revealed: bool) -> None:
    """Code, Explore, Uses and the next lesson: the last alone while something is given away."""
    words = course.words(session)
    happened = course.found(session, number, own=False)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if revealed:
            snippet_panel(session, lesson)
            if happened is not None:
                open_in_explore(session, lesson, happened)
            if lesson is in_use.LESSON:
                uses_links(session)
        st.space("stretch")
        button(
            session,
            words("page.next"),
            course.go_on,
            number + 1,
            icon=":material/arrow_forward:",
        )
