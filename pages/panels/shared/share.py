"""Share: a link and a QR code that bring somebody else to this very screen."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from urllib.parse import urlencode

import streamlit as st

from pages.components.copy_link.component import copy_link
from pages.components.landmark.component import landmark
from pages.panels.shared.address import others_address
from pages.panels.shared.messages import plain
from pages.state import visit
from pages.state.files import file_choices, linked_files
from pages.state.schema import FILE_FEEDS, LONGEST_LINKED_ALPHABET, LONGEST_LINKED_LEARNED
from pages.state.session import Session
from pages.state.setup import Setup
from seqviz.limits import MAX_KEPT_BYTES

LONGEST_QR = 1200  # characters: beyond, a phone cannot read the code from a projector
CARELESS_LENGTH = 2000  # some mail and chat programs cut longer links

AS_LONG = (
    f"as long as this server keeps the file: it keeps the newest {MAX_KEPT_BYTES // 2**20} MB of "
    "all visitors together, until it ends. To be sure, send the file as well."
)


def share_panel(session: Session, setup: Setup) -> None:
    """The popover `Share`."""
    with st.popover("Share", on_change="rerun", key="_share", width="content") as opened:
        if opened.open:
            with st.container(key="share_region"):
                landmark("Share", "share_region")
                _link(session, setup)


def _who_sees(session: Session, setup: Setup) -> Iterator[str]:
    """Whose files the link opens, a sentence each."""
    feed, files = setup.settings.feed, session.files
    if feed in FILE_FEEDS and setup.sequence is not None:
        if setup.data:
            name = files[feed].name if feed in files else setup.sequence.name
            yield f"Whoever has this link sees “{name}”: its numbers are in the link."
        elif feed in files:
            yield f"Whoever has this link sees “{files[feed].name}”, {AS_LONG}"
    weights = linked_files.weights_in_use(session)
    if weights is not None and "weights" not in session.wanted:
        yield f"Whoever has this link can run your weights, “{weights.name}”, {AS_LONG}"
    learned = len(session.settings.learned_from)
    if 0 < learned <= LONGEST_LINKED_LEARNED:
        yield "Whoever has this link sees what the network learned from: it is in the link."
    if setup.trained is not None and learned <= LONGEST_LINKED_LEARNED:
        yield (
            "The link holds the recipe, not the weights: who opens it trains the same network "
            "again, to the last bit, or finds it trained on this server."
        )


def _not_in_link(session: Session, setup: Setup) -> Iterator[str]:
    """What whoever opens the link will miss, a sentence each."""
    for slot in (setup.settings.feed, "weights"):
        if slot in session.wanted and not (slot != "weights" and setup.data):
            name = session.wanted[slot].name
            yield f"The link asks for “{name}”, which this server does not have: send that file."
    chosen = linked_files.chosen(session)
    if chosen and not file_choices.pack(chosen):
        yield "The names of the chosen columns are too long for a link, which leaves them out."
    settings = setup.settings
    if settings.feed == "type" and len(settings.alphabet) > LONGEST_LINKED_ALPHABET:
        yield "The alphabet is too large for a link: send its file as well."
    if len(settings.learned_from) > LONGEST_LINKED_LEARNED:
        yield (
            "What the network learned from is too large for a link: who opens it sees an "
            "untrained network."
        )


def _link(session: Session, setup: Setup) -> None:
    missing = list(_not_in_link(session, setup))
    query = urlencode(visit.parameters(session, setup))
    address, hint = others_address(st.context.url or "", st.get_option("server.address"))
    link = f"{address}?{query}" if query else address
    said, code = st.columns([3, 2], gap="medium")
    with said:
        st.text_input("Link to this screen", value=link, key=f"_link_{hash(link)}")
        copy_link(link)
        restores = "" if missing else " It restores network, sequence, step and selection."
        st.caption(f"{len(link):,} characters.{restores}")
        if len(link) > CARELESS_LENGTH:
            st.caption("Longer than some mail and chat programs keep whole.")
        if hint:
            st.caption(f":material/lan: {plain(hint)}")
        for note in _who_sees(session, setup):
            st.caption(f":material/visibility: {plain(note)}")
    with code:
        if len(link) <= LONGEST_QR:
            st.image(_qr(link), alt="QR code of the link", width="stretch")
        else:
            st.caption("Too long for a QR code that a phone can read across a room.")
    for note in missing:
        st.warning(plain(note), icon=":material/link_off:")


@st.cache_data(max_entries=32, show_spinner=False)
def _qr(link: str) -> bytes:
    import segno

    picture = BytesIO()
    segno.make(link, error="l", micro=False).save(picture, kind="png", scale=6, border=3)
    return picture.getvalue()
