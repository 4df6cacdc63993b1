"""What happened beside what was predicted, what the prediction would have meant, and why."""

from __future__ import annotations

import streamlit as st

from pages.panels.learn.class_question import class_answer
from pages.panels.learn.said import answer_text, text
from pages.panels.learn.trained_pair import SHOWN
from pages.panels.shared.button import button
from pages.panels.shared.choices import one_of
from pages.state.classroom import course
from pages.state.session import Session
from seqviz.lessons import learning
from seqviz.lessons.answers import Answer
from seqviz.lessons.lesson import Found, Lesson


def committed(session: Session, number: int, lesson: Lesson, asked: Found, answer: Answer) -> None:
    """The prediction, and beside it Reveal, or how it went. asked: what it is about."""
    words = course.words(session)
    said = answer_text(words, lesson, answer.value, asked)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"{words('page.your_prediction')}: **{said}**", width="content")
        if not answer.revealed:
            button(
                session,
                words("page.reveal"),
                course.reveal,
                number,
                icon=":material/visibility:",
            )
            return
        judged = course.judgement(session, number)
        if judged is not None:
            if judged.right:
                st.badge(words("page.right"), icon=":material/check_circle:", color="green")
            else:
                st.badge(words("page.not_right"), icon=":material/info:", color="orange")
        _network(session, lesson)
        button(
            session,
            words("page.again"),
            course.forget,
            number,
            icon=":material/undo:",
            type="tertiary",
            help=words("page.again_help"),
        )


def asked_of_all(session: Session, lesson: Lesson, revealed: bool) -> None:
    """In place of one's own prediction while the class is asked, above the page."""
    words = course.words(session)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(words("page.class_saw" if revealed else "page.class_predicts"), width="content")
        if revealed:
            _network(session, lesson)


def _network(session: Session, lesson: Lesson) -> None:
    """Which of the two that are trained is on stage."""
    if lesson is learning.LESSON:
        words = course.words(session)
        names = {name: words(f"runs.{name}") for name in learning.recipes()}
        session.options.setdefault(SHOWN, "lstm")
        one_of(session, words("page.network"), names, SHOWN)


def outcome(session: Session, number: int, lesson: Lesson) -> None:
    """What happened, what the prediction would have meant, and why; once it is known. Of a question
    to the class the poll has said what happened.
    """
    words, happened = course.words(session), course.found(session, number)
    if happened is None:
        return
    why = text(words, lesson, "why", happened)
    sources = text(words, lesson, "sources", happened)
    with st.container(gap="xsmall"):
        if class_answer(session, number) is None:
            st.markdown(_what_happened(session, number, lesson, happened))
        st.markdown(f":small[**{words('page.why')}.** {why} ({sources})]")


def _what_happened(session: Session, number: int, lesson: Lesson, happened: Found) -> str:
    words, judged = course.words(session), course.judgement(session, number)
    said = f"**{words('page.what_happened')}.** {text(words, lesson, 'happened', happened)}"
    if judged is None:
        return said
    meaning = text(words, lesson, f"meant.{judged.meaning}", happened)
    yours = words("page.yours")
    if lesson.kind == "cell":  # the player has gone on to another one
        value = course.answers(session)[number].value
        yours = f"{yours}, {answer_text(words, lesson, value, happened)}"
    return f"{said} **{yours}:** {meaning}"  # its "that" is the prediction
