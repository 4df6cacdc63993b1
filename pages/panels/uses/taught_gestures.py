"""Teach it: five drawings of a gesture of one's own, and the network knows it beside the digits."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from pages.panels.shared.button import button
from pages.panels.shared.messages import plain, problem
from pages.state.session import Session
from seqviz.applications.handwriting.handwriting import Handwriting
from seqviz.applications.handwriting.taught import EXAMPLES, check_names, taught
from seqviz.data import drawing_payload
from seqviz.data.drawing import Strokes
from seqviz.errors import SeqvizError
from seqviz.types import Model

_NAME, _DRAWN, _PROBLEM = "gesture name", "gestures drawn", "gesture problem"

Drawn = Mapping[str, tuple[Strokes, ...]]


def teach_row(session: Session) -> None:
    """Name and button; what is on the pad becomes an example with each press."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.text_input("New gesture", **session.tie(_NAME, "star"), max_chars=40, width=150)
        button(
            session,
            "Teach it",
            _keep,
            icon=":material/gesture:",
            disabled=not strokes(session),
            help=f"Takes the drawing as an example. With {EXAMPLES} of them it knows the gesture, "
            "for as long as this page is open.",
        )
        if _drawn(session):
            button(session, "Forget gestures", _forget, icon=":material/delete:")
        st.markdown(f":small[{plain(_counted(session))}]", width="content")
    problem(session.options.get(_PROBLEM))


def model(session: Session, one: Handwriting) -> Model:
    """The network, with the gestures that were drawn often enough."""
    ready = _ready(session)
    if not ready:
        return one.model()
    with st.spinner("Learning your gesture"):
        return session.cache.get(
            "gestures", tuple(ready.items()), lambda: taught(one.model(), ready)
        )


def any_learned(session: Session) -> bool:
    """Whether it knows a gesture that was drawn here."""
    return bool(_ready(session))


def _ready(session: Session) -> Drawn:
    return {name: drawn for name, drawn in _drawn(session).items() if len(drawn) >= EXAMPLES}


def _drawn(session: Session) -> Drawn:
    drawn: Drawn = session.options.get(_DRAWN) or {}
    return drawn


def strokes(session: Session) -> Strokes:
    """What is on the pad."""
    text = session.settings.strokes
    return drawing_payload.unpack_strokes(text) if text else ()


def _keep(session: Session) -> None:
    """What is on the pad is one more example of the name beside it."""
    drawn = strokes(session)
    if not drawn:
        return
    name, before = str(session.options.get(_NAME) or "star").strip(), _drawn(session)
    now = {**before, name: (*before.get(name, ()), drawn)}
    try:
        check_names(tuple(now))
    except SeqvizError as error:
        session.set(**{_PROBLEM: str(error)})
        return
    session.set(strokes="", **{_DRAWN: now, _PROBLEM: None})


def _forget(session: Session) -> None:
    session.set(**{_DRAWN: None, _PROBLEM: None})


def _counted(session: Session) -> str:
    counts = [
        f"“{name}” is learned" if len(drawn) >= EXAMPLES else f"“{name}” {len(drawn)} of {EXAMPLES}"
        for name, drawn in _drawn(session).items()
    ]
    if not counts:
        return f"Draw a gesture of your own {EXAMPLES} times: a star, a heart, your initials."
    return ", ".join(counts) + "."
