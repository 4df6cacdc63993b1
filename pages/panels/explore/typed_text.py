"""Type: a text, the alphabet that gives its symbols their places, and what encodes them."""

from __future__ import annotations

import streamlit as st

from pages.panels.shared.button import button
from pages.panels.shared.choices import one_of
from pages.panels.shared.messages import plain, problem
from pages.state import typed_text as state
from pages.state.schema import LONGEST_LINKED_ALPHABET, LONGEST_SYMBOL, LONGEST_TYPED
from pages.state.session import Session
from seqviz.data import text as texts
from seqviz.data.alphabet import Alphabet
from seqviz.data.symbols import shown, split
from seqviz.errors import SeqvizError
from seqviz.limits import MAX_ALPHABET_BYTES

NAMED = 8  # unknown symbols in a caption
ALPHABET = (
    "The symbols a network was trained on, in the order of its features: one after the other (␣ ⏎ "
    '⇥ are space, newline and tab), words set apart by spaces, or a JSON list such as ["<unk>", '
    '"a", "b"].'
)


def typed_text(session: Session) -> None:
    """The box for the text and what stands beside it."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            "Text",
            **session.tie("text"),
            label_visibility="collapsed",
            placeholder="Type something to read",
            live=True,
            max_chars=LONGEST_TYPED,
        )
        one_of(session, "One step is", ["characters", "words"], "text_unit")
        with st.popover("Alphabet", on_change="rerun", key="_alphabet") as opened:
            if opened.open:
                _alphabet(session)
        _encoder(session)
    _what_is_read(session)
    text, any_symbols = session.settings.text, bool(session.settings.alphabet)
    fitting = texts.shorten(text, session.settings.text_unit, any_symbols)
    if fitting and len(fitting) < len(text.rstrip()):
        button(session, f"Use the first {len(fitting):,} characters", _use_text, fitting)


def _use_text(session: Session, text: str) -> None:
    session.set(text=text)


def _alphabet(session: Session) -> None:
    """The popover: an alphabet typed or from a file, and what is read for unknown symbols."""
    settings = session.settings
    if len(settings.alphabet) <= LONGEST_LINKED_ALPHABET:
        st.text_input(
            "Alphabet",
            **session.tie("alphabet"),
            placeholder="the text's own symbols",
            max_chars=LONGEST_LINKED_ALPHABET,
            help=ALPHABET,
        )
    st.file_uploader(
        "Or a list of symbols as JSON or TXT",
        type=["json", "txt"],
        max_upload_size=MAX_ALPHABET_BYTES // 2**20,
        **session.tie_file("symbols"),
        help="JSON: a list, or symbols with their indices. TXT: a symbol on each line.",
    )
    problem(session.options.get(state.PROBLEM))
    if not settings.alphabet:
        return
    st.text_input(
        "Unknown symbols are read as",
        **session.tie("unknown"),
        placeholder="nothing: they are refused",
        max_chars=LONGEST_SYMBOL,
        help="A symbol of the alphabet. One that is called <unk> is taken by itself.",
    )
    button(session, "Use the text's own symbols", _without)


def _without(session: Session) -> None:
    session.set(alphabet="", unknown="", **{state.PROBLEM: None})


def _encoder(session: Session) -> None:
    """Which embedding of the weights in use the text goes through, where there is one."""
    offered = {one.name: one for one in state.encoders(session)}
    if not offered:
        return
    names = [state.ONE_HOT, *offered]
    try:
        used = state.encoder(session)
    except SeqvizError:  # of the alphabet, said below the feed
        used = None
    st.selectbox(
        "Encoder",
        names,
        format_func=lambda name: plain(
            f"{name} {offered[name].matrix.shape}" if name in offered else name
        ),
        **session.tie_index("own_encoder", names, used.name if used else state.ONE_HOT),
        width=240,
    )


def _what_is_read(session: Session) -> None:
    """How many symbols there are, and which of the text's are read as another."""
    try:
        alphabet = state.kept_alphabet(session)
    except SeqvizError:
        return
    if alphabet is not None:
        st.caption(plain(_said(alphabet, session.settings.text, session.settings.text_unit)))


def _said(alphabet: Alphabet, text: str, unit: str) -> str:
    missing = alphabet.missing([symbol for symbol, _ in split(text, unit)])
    said = f"{len(alphabet):,} symbols in the alphabet."
    if not missing or not alphabet.unknown:
        return said  # an unknown one is refused, and that is said below
    named = " ".join(shown(symbol) for symbol in missing[:NAMED])
    more = f" and {len(missing) - NAMED:,} more" if len(missing) > NAMED else ""
    return f"{said} Read as {shown(alphabet.unknown)}: {named}{more}"
