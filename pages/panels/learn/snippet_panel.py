"""Code: the lesson's snippet with numbers to change, and what it prints."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.panels.shared.button import button
from pages.state.classroom import course
from pages.state.session import Session
from seqviz.lessons import snippet
from seqviz.lessons.lesson import Lesson
from seqviz.lessons.sizes import BIAS_BOUNDS, BOUNDS


def snippet_panel(session: Session, lesson: Lesson) -> None:
    """The popover `Code`.

    What it holds is there before it opens, since it opens where there is room for that: with
    what came later it stayed below its button, a line high.
    """
    words = course.words(session)
    with st.popover(
        words("page.code"),
        key=f"_code_{lesson.key}",
        icon=":material/code:",
        help=words("page.code_help"),
    ):
        if lesson.controls:
            with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
                for name in lesson.controls:
                    _control(session, lesson, name)
            if course.sizes(session, lesson) != lesson.sizes:
                st.caption(words("page.changed_numbers"))
                button(session, words("page.own_numbers"), _own, icon=":material/undo:")
        code = lesson.snippet(course.sizes(session, lesson))
        st.code(code, language="python", height=260)
        st.markdown(f"**{words('page.prints')}**")
        st.code(snippet.run(code).printed, language=None, height=150)


def _own(session: Session) -> None:
    course.go(session, session.settings.lesson)


def _control(session: Session, lesson: Lesson, name: str) -> None:
    words = course.words(session)
    label, field = words(f"page.{name}"), f"learn_{name}"
    if name == "both":
        st.toggle(label, **session.tie(field))
        return
    low, high = BIAS_BOUNDS if name == "bias" else BOUNDS[name]
    own = getattr(lesson.sizes, name)
    kind: Any = type(own)
    step: Any = 0.5 if name == "bias" else 1
    st.number_input(
        label, kind(low), kind(high), **session.tie(field, default=own), step=step, width=130
    )
