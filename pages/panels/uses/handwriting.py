"""Handwriting: a digit on the pad, and what the network takes it for while the pen moves."""

from __future__ import annotations

import streamlit as st

from pages.components.player import tracks
from pages.panels.shared.button import button
from pages.panels.shared.messages import plain
from pages.panels.shared.pad import pad
from pages.panels.uses.part import Part, Reading
from pages.panels.uses.taught_gestures import any_learned, model, strokes, teach_row
from pages.state.session import Session
from seqviz.applications.answer import Answer
from seqviz.applications.handwriting.examples import CLASSES
from seqviz.applications.handwriting.handwriting import Handwriting, stand_apart
from seqviz.applications.registry import APPLICATIONS
from seqviz.rnn import tracing

TWO = "Strokes stand apart here: it reads one digit at a time, and took them all for one."
DOUBT = "Doubt is the entropy of all probabilities: 0 % certain, 100 % no idea."


def _application(session: Session) -> Handwriting:
    one = APPLICATIONS["handwriting"]
    assert isinstance(one, Handwriting)
    return one


def _controls(session: Session) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown("##### Try it", width="content")
        said = "Draw one digit, as large as the pad is high; until then an example is shown."
        st.markdown(f":small[{said}]", width="content")
        button(session, "Clear", _clear)
    teach_row(session)
    pad(session, 0)


def _clear(session: Session) -> None:
    session.set(strokes="")


def _read(session: Session) -> Reading:
    one, drawn = _application(session), strokes(session)
    sequence = one.read(drawn) if drawn else one.example()
    trace = tracing.trace(model(session, one), sequence)
    answers = tracks.prediction_tracks(trace, answers="digit")
    rows = [tracks.input_track(sequence), *tracks.heat_tracks(trace, "h"), *answers]
    return Reading(sequence, trace, rows, extra={"answer": Answer(trace)})


def said(answer: Answer) -> str:
    """The answer in a sentence, with its doubt."""
    doubt = float(answer.doubt[-1])
    if not answer.sure:
        return f"Not sure: its doubt is {doubt:.0%}, {answer.best} is the likeliest."
    return f"It takes this for {answer.best}, with a doubt of {doubt:.0%}."


def _below(session: Session, reading: Reading) -> None:
    answer = reading.extra["answer"]
    assert isinstance(answer, Answer)
    st.markdown(plain(said(answer)))
    if answer.best in CLASSES and stand_apart(strokes(session)):
        st.markdown(TWO)
    st.caption(DOUBT)
    if any_learned(session):
        st.caption("The figures below are the network's before it learned your gestures.")


HANDWRITING = Part("Handwriting", _application, _controls, _read, _below)
