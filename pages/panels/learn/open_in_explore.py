"""Open in Explore: the network, the input and the start of what is on screen."""

from __future__ import annotations

import io

import numpy as np
import streamlit as st

from pages.panels.learn.stage import sequence_of
from pages.panels.shared.button import button
from pages.state.classroom import course
from pages.state.files.upload import Upload
from pages.state.session import Session
from seqviz.data.url_payload import pack_sequence
from seqviz.lessons.lesson import Found, Lesson
from seqviz.types import FloatArray, Model
from seqviz.weights.written import state_dict_bytes

_GO = "go from learn"
_NOTHING_CHANGED = {"changes": "", "step": None, "trained": "", "selected": ""}


def open_in_explore(session: Session, lesson: Lesson, found: Found) -> None:
    """The button; the page changes in the run that does what it asks for."""
    words = course.words(session)
    if session.options.pop(_GO, None):
        st.switch_page("explore.py")
    button(
        session,
        words("page.explore"),
        _open,
        lesson,
        found,
        icon=":material/visibility:",
        help=words("page.explore_help"),
    )


def _npy(x: FloatArray) -> bytes:
    file = io.BytesIO()
    np.save(file, x)
    return file.getvalue()


def _open(session: Session, lesson: Lesson, found: Found) -> None:
    """The first run's network as weights, and what it read as a sequence of the link."""
    run = next(iter(found.runs.values()))
    name = course.words(session)(f"lessons.{lesson.key}.name")
    packed = pack_sequence(sequence_of(run, name)) or ""
    file = None if packed else Upload.of(f"lesson-{lesson.key}.npy", _npy(run.x))
    weights = state_dict_bytes(Model(run.spec, run.weights, run.head))
    session.replace_file("upload", file)  # for what is too large for a link
    session.wanted.pop("upload", None)
    session.replace_file("weights", Upload.of(f"lesson-{lesson.key}.safetensors", weights))
    start = {"h_0": "zeros", "h_0_values": ""}
    if np.any(run.h_0):
        values = ", ".join(f"{value:.7g}" for value in run.h_0.reshape(-1))
        start = {"h_0": "typed", "h_0_values": values}
    session.set(feed="upload", data=packed, file="", choices="", **start, **_NOTHING_CHANGED)
    session.play_at(None)
    session.options[_GO] = True
