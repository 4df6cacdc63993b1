"""Translation: an English phrase read by one network and written in French by another."""

from __future__ import annotations

from contextlib import suppress

import streamlit as st

from pages.components.player import tracks
from pages.panels.shared.button import button
from pages.panels.shared.messages import plain
from pages.panels.shared.theme import PLAIN, theme
from pages.panels.uses.part import Part, Reading
from pages.state.session import Session
from seqviz.applications.registry import APPLICATIONS
from seqviz.applications.translation.dictionary import word_by_word
from seqviz.applications.translation.network import ENGLISH, MARK
from seqviz.applications.translation.translation import EnglishToFrench, Translation
from seqviz.errors import SeqvizError
from seqviz.figures.alignment import alignment
from seqviz.types import InputSequence

EXAMPLE = "the small cat does not see the red car"


def _application(session: Session) -> EnglishToFrench:
    one = APPLICATIONS["translation"]
    assert isinstance(one, EnglishToFrench)
    return one


def _controls(session: Session) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.text_input(
            "English", **session.tie("phrase"), placeholder=EXAMPLE, max_chars=400, width="stretch"
        )
        button(session, "Try it", _let_go, icon=":material/play_arrow:")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.text_input(
            "French words to begin with",
            **session.tie("forced"),
            max_chars=400,
            width="stretch",
            placeholder="none",
        )
        button(
            session,
            "Force a word",
            _force,
            icon=":material/edit:",
            help="Begins with its second likeliest word in place of the likeliest, and it goes on "
            "from there. Words that stand in the box are in force already: change them.",
        )
        st.toggle("Attention", **session.tie("attention"))


def _let_go(session: Session) -> None:
    session.set(forced="")


def _force(session: Session) -> None:
    """Another beginning than its own, which somebody may change. A phrase it cannot read is told
    of where it is read."""
    if session.settings.forced:
        return
    with suppress(SeqvizError):
        session.set(forced=_translated(session, "").second_choice)


def _translated(session: Session, force: str) -> Translation:
    settings = session.settings
    key = (settings.phrase or EXAMPLE, force, settings.attention)
    return session.cache.get(
        "translation",
        key,
        lambda: _application(session).translate(key[0], force, settings.attention),
    )


def _read(session: Session) -> Reading:
    done = _translated(session, session.settings.forced)
    read, written = done.encoder_trace, done.decoder_trace
    english = InputSequence(read.x, read.labels, tuple(ENGLISH), name="English", kind="text")
    french = InputSequence(written.x, written.labels, name="French", kind="text")
    answers = tracks.answer_track(
        done.probabilities,
        done.vocabulary,
        written.labels,
        classes=True,
        run=1,
        answers="the next French word",
    )
    rows = [
        tracks.input_track(english, name="English"),
        *tracks.heat_tracks(read, "h", 0, "encoder"),
        tracks.input_track(french, name="French"),
        *tracks.heat_tracks(written, "h", 1, "decoder"),
        answers,
    ]
    return Reading(english, read, rows, extra={"translation": done})


def _below(session: Session, reading: Reading) -> None:
    done = reading.extra["translation"]
    assert isinstance(done, Translation)
    english = reading.sequence.labels
    lookup = " ".join(word_by_word(english)).replace("' ", "'")
    st.markdown(f"**{plain(done.text)}**" + ("" if done.finished else " … (cut off)"))
    st.markdown(f":small[A dictionary, word by word: {plain(lookup)}]")
    st.caption(f"{MARK} is the beginning where it is read and the end where it is written.")
    if done.attention is not None:
        words = (*done.words, MARK)
        st.plotly_chart(
            alignment(done.attention, english, words, theme()),
            key="_alignment",
            height=120 + 26 * len(words),
            alt=f"Which English words each French word looked at, of “{done.text}”",
            config=PLAIN,
        )
    with st.expander("The words it knows"):
        st.markdown(plain(" ".join(sorted(ENGLISH))))


TRANSLATION = Part("Translation", _application, _controls, _read, _below)
