"""What a student predicts with: a choice, a number, a cell of the heatmap, or a sketch."""

from __future__ import annotations

import numpy as np
import streamlit as st

from pages.components.draw_pad.component import draw_pad
from pages.panels.learn.said import column_text, text
from pages.panels.shared.button import button
from pages.state.browser import pad_drawing
from pages.state.classroom import course
from pages.state.session import Session
from seqviz.data.drawing import parse_levels
from seqviz.errors import SeqvizError
from seqviz.lessons.answers import packed_sketch
from seqviz.lessons.lesson import Found, Lesson

PAD = "lesson_pad"
_MIDDLE = 2047.5  # of the pad's levels: nothing is left


def prediction(session: Session, number: int, lesson: Lesson, found: Found) -> None:
    """The control, and the button that commits what it says."""
    words = course.words(session)
    if lesson.kind == "sketch":
        _pad(session, lesson)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        draw, value_of = _CONTROLS[lesson.kind]
        draw(session, number, lesson, found)
        value = value_of(session, number, lesson, found)
        button(
            session,
            words("page.commit"),
            _commit,
            number,
            lesson,
            found,
            icon=":material/lock:",
            disabled=value is None,
            help=words("page.commit_help") if value else words("page.commit_first"),
        )


def _commit(session: Session, number: int, lesson: Lesson, found: Found) -> None:
    """What the control says when the press is done: it may have changed since it was drawn."""
    _, value_of = _CONTROLS[lesson.kind]
    value = value_of(session, number, lesson, found)
    if value is not None:
        course.commit(session, number, value)


def _choice(session: Session, number: int, lesson: Lesson, found: Found) -> None:
    words = course.words(session)
    st.pills(
        words("page.your_prediction"),
        lesson.options,
        format_func=lambda option: (
            text(words, lesson, f"options.{option}", found)
            if option in lesson.options
            else str(option)
        ),  # forged
        **session.tie_choice(f"_choice_{number}"),
        label_visibility="collapsed",
        wrap=True,
    )


def _chosen(session: Session, number: int, lesson: Lesson, found: Found) -> str | None:
    value = session.options.get(f"_choice_{number}")
    return value if value in lesson.options else None


def _number(session: Session, number: int, lesson: Lesson, found: Found) -> None:
    words = course.words(session)
    low, high, step = lesson.number
    st.number_input(
        words("page.your_prediction"),
        low,
        high,
        **session.tie(f"_number_{number}"),
        step=step,
        width=180,
    )


def _entered(session: Session, number: int, lesson: Lesson, found: Found) -> str | None:
    low, high, _ = lesson.number
    value = session.options.get(f"_number_{number}")
    if not isinstance(value, (int, float)) or not low <= value <= high:
        return None
    return f"{value:.4f}".rstrip("0").rstrip(".")


def _cell(session: Session, number: int, lesson: Lesson, found: Found) -> None:
    words, column = course.words(session), _clicked(session, number, lesson, found)
    said = words("page.clicked_none")
    if column is not None:
        said = f"{words('page.your_prediction')}: **{column_text(words, int(column))}**"
    st.markdown(said, width="content")


def _clicked(session: Session, number: int, lesson: Lesson, found: Found) -> str | None:
    settings = session.settings
    if not settings.selected:
        return None
    (steps,) = {len(run) for run in found.runs.values()}
    return str(steps if settings.step is None else min(settings.step, steps))


def _sketch(session: Session, number: int, lesson: Lesson, found: Found) -> None:
    """A number from who cannot draw."""
    words, steps, name = course.words(session), lesson.sizes.steps, f"_half_{number}"
    st.number_input(words("page.sketch_half"), 1, steps - 1, **session.tie(name), width=300)


def _sketched(session: Session, number: int, lesson: Lesson, found: Found) -> str | None:
    """The number, or else what is on the pad."""
    steps = lesson.sizes.steps
    half = session.options.get(f"_half_{number}")
    if type(half) is int and 1 <= half < steps:
        return packed_sketch(np.float32(0.5 ** (np.arange(steps) / half)))
    return _drawn(_pad_key(session), steps)


def _pad(session: Session, lesson: Lesson) -> None:
    key = _pad_key(session)
    with st.container(gap="xsmall"):
        st.markdown(f":small[{course.words(session)('page.sketch_hint')}]")
        draw_pad(
            key=key,
            mode="curve",
            steps=lesson.sizes.steps,
            levels=(),
            strokes=(),
            version=0,
            columns=(1, 0),
            ahead=(),
            taken=_taken(key),
        )


def _pad_key(session: Session) -> str:
    return f"{PAD}_{session.options.get(course.PADS, 0)}"


def _taken(key: str) -> int:
    """The revision of the pad's newest message, 0 without one."""
    revision = (pad_drawing.said(key) or {}).get("revision")
    return revision if isinstance(revision, int) else 0


def _drawn(key: str, steps: int) -> str | None:
    """What is on the pad, None while a hand draws and where nothing was drawn."""
    message = pad_drawing.said(key)
    if message is None or message.get("live"):
        return None
    try:
        levels = parse_levels(message["levels"])
    except (SeqvizError, KeyError, TypeError, ValueError, OverflowError):
        return None  # not from our pad
    if not levels:
        return None
    shares = (np.asarray(levels[:steps], np.float32) - _MIDDLE) / _MIDDLE
    return packed_sketch(np.clip(shares, 0, 1))


_CONTROLS = {
    "choice": (_choice, _chosen),
    "number": (_number, _entered),
    "cell": (_cell, _clicked),
    "sketch": (_sketch, _sketched),
}
"""By kind of lesson: what draws the control, and what it says, None for nothing yet."""
