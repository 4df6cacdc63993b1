"""After the last lesson: what was predicted and what happened, for a link."""

from __future__ import annotations

import streamlit as st

from pages.panels.learn.said import answer_text, text
from pages.panels.shared.button import button
from pages.state.classroom import course
from pages.state.classroom.course import SUMMARY
from pages.state.session import Session
from seqviz.lessons.course import LESSONS, find


def summary(session: Session) -> None:
    """A row for each lesson that was revealed, computed again for whoever opens the link."""
    words = course.words(session)
    st.subheader(words("page.summary_title"), anchor=False)
    st.markdown(words("page.summary_about"))
    rows = [row for number in range(1, SUMMARY) if (row := _row(session, number))]
    if rows:
        head = [words("page.lesson"), words("page.predicted"), words("page.happened"), ""]
        table = [head, ["---"] * 4, *rows]
        st.markdown("\n".join("| " + " | ".join(row) + " |" for row in table))
    else:
        st.info(words("page.summary_none"), icon=":material/info:")
    with st.container(horizontal=True, gap="small"):
        button(
            session,
            words("page.back_to", number="1"),
            course.go,
            1,
            icon=":material/arrow_back:",
        )
        button(
            session,
            words("page.begin_again"),
            course.begin_again,
            icon=":material/restart_alt:",
            type="tertiary",
            help=words("page.begin_again_help"),
        )
    references = "  \n".join(words(f"references.{name}") for name in words.keys("references"))
    st.markdown(f"**{words('page.sources')}**  \n:small[{references}]")


def _row(session: Session, number: int) -> list[str] | None:
    answer, lesson, words = (
        course.answers(session).get(number),
        LESSONS[number - 1],
        course.words(session),
    )
    if answer is None or not answer.revealed:
        return None
    asked = find(number)
    happened, judged = course.found(session, number), course.judgement(session, number)
    said = answer_text(words, lesson, answer.value, asked)
    name = f"{number} · {words(f'lessons.{lesson.key}.name')}"
    if happened is None or judged is None:
        return [name, said, words("page.summary_untrained"), ""]
    mark = words("page.right") if judged.right else words("page.not_right")
    return [name, said, text(words, lesson, "happened", happened), mark]
