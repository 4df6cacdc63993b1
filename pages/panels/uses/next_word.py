"""Next word: a story's words as they surprise the network, and how it would write on."""

from __future__ import annotations

from math import log2

import streamlit as st

from pages.components.player import tracks
from pages.panels.shared.button import button
from pages.panels.shared.messages import plain
from pages.panels.shared.theme import theme
from pages.panels.uses.part import Part, Reading
from pages.state.schema import LONGEST_STORY
from pages.state.session import Session
from pages.words.glossary import explained
from seqviz.applications import stories
from seqviz.applications.next_word import EXAMPLE, NextWord, appended, joined
from seqviz.applications.registry import APPLICATIONS
from seqviz.errors import SeqvizError
from seqviz.figures.surprise import surprise_words
from seqviz.limits import MAX_STEPS
from seqviz.rnn import tracing

WORDS = 30  # that it writes on
_WRITTEN, _FULL = "written on", "written on, no room"


def _application(session: Session) -> NextWord:
    one = APPLICATIONS["next_word"]
    assert isinstance(one, NextWord)
    return one


def _controls(session: Session) -> None:
    st.text_area(
        "Story",
        **session.tie("story"),
        placeholder=_example(),
        height=90,
        max_chars=LONGEST_STORY,
        help="Only words that it has read: they are listed below.",
    )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        button(session, "Try it", _forget, icon=":material/play_arrow:")
        button(
            session,
            "Write on",
            _write_on,
            icon=":material/edit:",
            help=f"{WORDS} words more, at the end of the story: the next press goes on from there.",
        )
        st.slider(
            "Temperature",
            0.0,
            2.0,
            step=0.1,
            **session.tie("temperature"),
            width=220,
            help=explained("temperature"),
        )
    written = session.options.get(_WRITTEN)
    if written and written[0] == _story(session):
        st.markdown(f"It writes on: *{plain(written[1])}*")
    if session.options.get(_FULL) == _story(session):
        st.caption(
            f"No room to write on: a story has at most {LONGEST_STORY:,} characters and "
            f"{MAX_STEPS - 1:,} words."
        )


def _story(session: Session) -> str:
    return session.settings.story or _example()


def _example() -> str:
    """The beginning of a story it has not learned from."""
    return joined(stories.judged()[0][1:EXAMPLE])


def _forget(session: Session) -> None:
    session.set(**{_WRITTEN: None})


def _write_on(session: Session) -> None:
    """More words at the end of the story; one it cannot read is told of where it is read."""
    story, warmth = _story(session), min(session.settings.temperature, 2.0)
    try:
        words = _application(session).write_on(story, WORDS, warmth)
    except SeqvizError:
        return
    longer = appended(story, words)
    if len(longer) > LONGEST_STORY or len(stories.words_of(longer)) >= MAX_STEPS:
        session.set(**{_FULL: story})
    else:
        session.set(story=longer, **{_WRITTEN: (longer, joined(words))})


def _read(session: Session) -> Reading:
    one, text = _application(session), _story(session)
    sequence = one.sequence(text)
    trace = tracing.trace(one.model(), sequence)
    answers = tracks.prediction_tracks(trace, next_value=True, answers="the likeliest next words")
    rows = [tracks.input_track(sequence), *tracks.heat_tracks(trace, "h"), *answers]
    return Reading(sequence, trace, rows, extra={"surprise": one.surprise(text)})


def _below(session: Session, reading: Reading) -> None:
    surprise = reading.extra["surprise"]
    st.markdown("**How surprised it was by each word**")
    st.html(surprise_words(surprise, theme()))  # type: ignore[arg-type]
    bits = [each for _, each in surprise]  # type: ignore[attr-defined]
    known = len(stories.vocabulary())
    st.caption(
        f"The stronger the colour the less expected: {sum(bits) / max(1, len(bits)):.1f} bits a "
        f"word on average here; guessing among all of its {known} words takes {log2(known):.1f}."
    )
    with st.expander("The words it knows"):
        st.markdown(plain(" ".join(sorted(set(stories.names())))))


NEXT_WORD = Part("Next word", _application, _controls, _read, _below)
