"""What a student predicts with: a choice, a number, a cell of the heatmap, or a sketch."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from pages.components.draw_pad.component import draw_pad
from pages.panels.learn.said import column_text, text
from pages.panels.shared.button import button
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
        value = _CONTROLS[lesson.kind](session, number, lesson, found)
        button(
            session,
            words("page.commit"),
            course.commit,
            number,
            value or "",
            icon=":material/lock:",
            disabled=value is None,
            help=words("page.commit_help") if value else words("page.commit_first"),
        )


def _choice(session: Session, number: int, lesson: Lesson, found: Found) -> str | None:
    words = course.words(session)
    name = f"_choice_{number}"
    st.pills(
        words("page.your_prediction"),
        lesson.options,
        format_func=lambda option: (
            text(words, lesson, f"options.{option}", found)
            if option in lesson.options
            else str(option)
        ),  # forged
        **session.tie_choice(name),
        label_visibility="collapsed",
        wrap=True,
    )
    value = session.options.get(name)
    return value if value in lesson.options else None


def _number(session: Session, number: int, lesson: Lesson, found: Found) -> str | None:
    words = course.words(session)
    low, high, step = lesson.number
    name = f"_number_{number}"
    st.number_input(
        words("page.your_prediction"),
        low,
        high,
        **session.tie(name),
        step=step,
        width=180,
    )
    value = session.options.get(name)
    if not isinstance(value, (int, float)) or not low <= value <= high:
        return None
    return f"{value:.4f}".rstrip("0").rstrip(".")


def _cell(session: Session, number: int, lesson: Lesson, found: Found) -> str | None:
    words, settings = course.words(session), session.settings
    if not settings.selected:
        st.markdown(words("page.clicked_none"), width="content")
        return None
    (steps,) = {len(run) for run in found.runs.values()}
    column = steps if settings.step is None else min(settings.step, steps)
    st.markdown(f"{words('page.your_prediction')}: **{column_text(words, column)}**",
                width="content")  # fmt: skip
    return str(column)


def _sketch(session: Session, number: int, lesson: Lesson, found: Found) -> str | None:
    """What is on the pad, or a number from who cannot draw."""
    words, steps = course.words(session), lesson.sizes.steps
    name = f"_half_{number}"
    st.number_input(words("page.sketch_half"), 1, steps - 1, **session.tie(name), width=250)
    half = session.options.get(name)
    if type(half) is int and 1 <= half < steps:
        return packed_sketch(np.float32(0.5 ** (np.arange(steps) / half)))
    return _drawn(_pad_key(session), steps)


def _pad(session: Session, lesson: Lesson) -> None:
    with st.container(gap="xsmall"):
        st.markdown(f":small[{course.words(session)('page.sketch_hint')}]")
        draw_pad(
            key=_pad_key(session),
            mode="curve",
            steps=lesson.sizes.steps,
            levels=(),
            strokes=(),
            version=0,
            columns=(1, 0),
            ahead=(),
        )


def _pad_key(session: Session) -> str:
    return f"{PAD}_{session.options.get(course.PADS, 0)}"


def _drawn(key: str, steps: int) -> str | None:
    """What is on the pad, None while a hand draws and where nothing was drawn."""
    pad: Any = st.session_state.get(key)
    message = pad.get("drawing") if pad else None
    if not isinstance(message, dict) or message.get("live"):
        return None
    try:
        levels = parse_levels(message["levels"])
    except (SeqvizError, KeyError, TypeError, ValueError, OverflowError):
        return None  # not from our pad
    if not levels:
        return None
    shares = (np.asarray(levels[:steps], np.float32) - _MIDDLE) / _MIDDLE
    return packed_sketch(np.clip(shares, 0, 1))


_CONTROLS = {"choice": _choice, "number": _number, "cell": _cell, "sketch": _sketch}
