"""Share: a link and a QR code that bring somebody else to this very screen."""

from __future__ import annotations

from io import BytesIO
from urllib.parse import urlencode, urlsplit

import streamlit as st

from pages.components.copy_link.component import copy_link
from pages.components.landmark.component import landmark
from pages.panels.shared.messages import plain
from pages.state import visit
from pages.state.schema import LONGEST_LINKED_ALPHABET
from pages.state.session import Session
from pages.state.setup import Setup

LONGEST_QR = 1200  # characters: beyond, a phone cannot read the code from a projector
CARELESS_LENGTH = 2000  # some mail and chat programs cut longer links


def share_panel(session: Session, setup: Setup) -> None:
    """The popover `Share`."""
    with st.popover("Share", on_change="rerun", key="_share", width="content") as opened:
        if opened.open:
            with st.container(key="share_region"):
                landmark("Share", "share_region")
                _link(session, setup)


def _not_in_link(setup: Setup) -> list[str]:
    """What a link cannot carry of this screen, a sentence each."""
    notes = []
    if setup.settings.feed in ("upload", "record") and setup.sequence and not setup.data:
        notes.append(
            f"“{setup.sequence.name}” is too large for a link: whoever opens it starts from the "
            "drawn curve, so send the file as well."
        )
    alphabet = setup.settings.alphabet
    if setup.settings.feed == "type" and len(alphabet) > LONGEST_LINKED_ALPHABET:
        notes.append("The alphabet is too large for a link: send its file as well.")
    if setup.module is not None:
        notes.append("Uploaded weights are too large for a link: send their file as well.")
    return notes


def _link(session: Session, setup: Setup) -> None:
    notes = _not_in_link(setup)
    query = urlencode(visit.parameters(session, setup))
    link = f"{_address()}?{query}" if query else _address()
    said, code = st.columns([3, 2], gap="medium")
    with said:
        st.text_input("Link to this screen", value=link, key=f"_link_{hash(link)}")
        copy_link(query)
        restores = "" if notes else " It restores network, sequence, step and selection."
        st.caption(f"{len(link):,} characters.{restores}")
        if len(link) > CARELESS_LENGTH:
            st.caption("Longer than some mail and chat programs keep whole.")
    with code:
        if len(link) <= LONGEST_QR:
            st.image(_qr(link), alt="QR code of the link", width="stretch")
        else:
            st.caption("Too long for a QR code that a phone can read across a room.")
    for note in notes:
        st.warning(plain(note), icon=":material/link_off:")


def _address() -> str:
    """This page's address without its parameters."""
    parts = urlsplit(st.context.url or "")
    return f"{parts.scheme}://{parts.netloc}{parts.path or '/'}" if parts.netloc else ""


@st.cache_data(max_entries=32, show_spinner=False)
def _qr(link: str) -> bytes:
    import segno

    picture = BytesIO()
    segno.make(link, error="l", micro=False).save(picture, kind="png", scale=6, border=3)
    return picture.getvalue()
