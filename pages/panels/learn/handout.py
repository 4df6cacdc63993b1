"""Handout: the lesson on screen as one page to print. What is not revealed is not on it."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from pages.panels.learn.said import answer_text, text
from pages.state.classroom import course
from pages.state.files.held_downloads import held
from pages.state.session import Session
from seqviz.export.handout import Handout, page
from seqviz.lessons import snippet
from seqviz.lessons.course import LESSONS, find
from seqviz.types import frozen


def handout_button(session: Session, number: int) -> None:
    """A download of one HTML page with everything in it."""
    words = course.words(session)
    sheet = _sheet(session, number)  # now: what is deferred runs outside the session
    revealed = number if course.judgement(session, number) else None
    file_name = f"lesson-{number}.html"
    st.download_button(
        words("page.handout"),
        held(lambda: page(_illustrated(sheet, revealed)).encode(), file_name, "text/html"),
        file_name=file_name,
        mime="text/html",
        on_click="ignore",
        key="_handout",
        icon=":material/print:",
        help=words("page.handout_help"),
    )


def _sheet(session: Session, number: int) -> Handout:
    lesson, words, asked = LESSONS[number - 1], course.words(session), find(number)
    title = f"{number} · {text(words, lesson, 'question', asked)}"
    setup = text(words, lesson, "setup", asked)
    options = [text(words, lesson, f"options.{option}", asked) for option in lesson.options]
    space = words("page.handout_space")
    answer, judged = course.answers(session).get(number), course.judgement(session, number)
    happened = course.found(session, number)
    if answer is None or judged is None or happened is None:
        return Handout(words.language, title, setup, space, options, foot=words("page.course"))
    said = answer_text(words, lesson, answer.value, asked)
    what = f"{text(words, lesson, 'happened', happened)} " + text(
        words, lesson, f"meant.{judged.meaning}", happened
    )
    return Handout(
        words.language,
        title,
        setup,
        f"{space}: {said}",
        options,
        [
            (words("page.what_happened"), what),
            (words("page.why"), text(words, lesson, "why", happened)),
        ],
        code=lesson.snippet(lesson.sizes),
        printed=snippet.run(lesson.snippet(lesson.sizes)).printed,
        foot=f"{words('page.course')} · {text(words, lesson, 'sources', happened)}",
    )


def _illustrated(sheet: Handout, number: int | None) -> Handout:
    """With the heatmap of the lesson's first run, as the player has it; Pillow loads with the first
    handout.
    """
    from seqviz.export import animation

    if number is None:
        return sheet
    found = find(number)
    name, run = next(iter(found.runs.items()))
    if name in found.without:
        run = replace(run, h=frozen(run.h - found.without[name].h))
    return replace(sheet, picture=animation.png(run, "h", len(run), "light"))
