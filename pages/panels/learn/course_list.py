"""The sidebar: what can be taken along, the nine lessons, how far somebody is, the language."""

from __future__ import annotations

import streamlit as st

from pages.panels.learn.handout import handout_button
from pages.panels.shared.button import button
from pages.panels.shared.choices import one_of
from pages.panels.shared.sharing.share import share_panel
from pages.state.classroom import course
from pages.state.classroom.course import SUMMARY
from pages.state.session import Session
from pages.state.setup import Setup
from pages.words.texts import LANGUAGES, texts
from seqviz.lessons.course import LESSONS


def course_list(session: Session, setup: Setup) -> None:
    """A button for each lesson, marked with how its prediction went."""
    words = course.words(session)
    st.subheader(words("page.course"), anchor=False)
    # above the list: Share opens below its button, and its QR code needs the room
    with st.container(horizontal=True, gap="small"):
        share_panel(session, setup, opens=course.on_screen(session))
        if session.settings.lesson < SUMMARY:
            handout_button(session, session.settings.lesson)
    with st.container(gap=None):
        for number, lesson in enumerate(LESSONS, 1):
            _entry(session, number, words(f"lessons.{lesson.key}.name"), _icon(session, number))
        _entry(session, SUMMARY, words("page.summary"), ":material/checklist:")
    _progress(session)
    names = {language: texts(language)("page.language") for language in LANGUAGES}
    one_of(session, "Language", names, "language")


def _progress(session: Session) -> None:
    """How many lessons were revealed, how many answers right, and how many cannot be judged yet."""
    words = course.words(session)
    revealed = [n for n, answer in course.answers(session).items() if answer.revealed]
    judged = [one for n in revealed if (one := course.judgement(session, n)) is not None]
    counts = {"revealed": len(revealed), "all": len(LESSONS), "right": sum(j.right for j in judged)}
    said = words("page.progress", **{name: str(count) for name, count in counts.items()})
    if waits := len(revealed) - len(judged):
        said = words("page.progress_waits", progress=said, waits=str(waits))
    st.progress(len(revealed) / len(LESSONS), said)


def _entry(session: Session, number: int, name: str, icon: str) -> None:
    here = session.settings.lesson == number
    button(
        session,
        f"**{name}**" if here else name,
        course.go,
        number,
        icon=icon,
        type="tertiary",
        key=f"_lesson_{number}",
    )


def _icon(session: Session, number: int) -> str:
    answer = course.answers(session).get(number)
    if answer is None:
        return f":material/counter_{number}:"
    judged = course.judgement(session, number)
    if judged is None:
        return ":material/pending:"
    return ":material/check_circle:" if judged.right else ":material/cancel:"
