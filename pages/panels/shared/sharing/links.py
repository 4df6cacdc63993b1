"""A link to a screen with its QR code, who sees what by it, and what it cannot carry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import urlencode

import streamlit as st

from pages.components.copy_link.component import copy_link
from pages.panels.shared.messages import plain
from pages.panels.shared.sharing.address import others_address
from pages.state import own_forecast, url
from pages.state.browser import visit
from pages.state.files import file_choices, linked_files, linked_texts
from pages.state.schema import FILE_FEEDS, Settings
from pages.state.session import Session
from pages.state.setup import Setup
from seqviz.limits import MAX_KEPT_BYTES

LONGEST_QR = 1200  # characters: beyond, a phone cannot read the code from a projector
CARELESS_LENGTH = 2000  # some mail and chat programs cut longer links

KEPT_HERE = f"the newest {MAX_KEPT_BYTES // 2**20} MB of all visitors together, until it ends"
AS_LONG = (
    f"as long as this server keeps the file: it keeps {KEPT_HERE}. To be sure, send the file as "
    "well."
)
RECIPE = (
    "The link holds the recipe, not the weights: who opens it trains the same network again, to "
    "the last bit, or finds it trained on this server."
)


def link_to(parameters: Mapping[str, str]) -> tuple[str, str]:
    """This page's address with parameters, and a sentence where others need to know more of it."""
    address, hint = others_address(st.context.url or "", st.get_option("server.address"))
    return (f"{address}?{urlencode(parameters)}" if parameters else address), hint


def show_link(
    session: Session,
    setup: Setup,
    label: str,
    settings: Settings | None = None,
    *,
    opens: str = "",
) -> str:
    """The link in a box, its button and its QR code. settings: other ones than the screen's own.
    opens: what is seen by it, in words; "" for the network and sequence of the setup.

    Returns the link.
    """
    linked = settings or session.settings
    missing = list(_not_in_link(session, setup, linked))
    link, hint = link_to(visit.parameters(session, setup, settings))
    said, code = st.columns([3, 2], gap="medium")
    with said:
        st.text_input(label, value=link, key=f"_{label}_{hash(link)}")
        copy_link(link, f"_copy_{label}")
        restores = f"opens {opens}" if opens else "restores network, sequence, step and selection"
        st.caption(f"{len(link):,} characters." + ("" if missing else f" It {restores}."))
        if len(link) > CARELESS_LENGTH:
            st.caption("Longer than some mail and chat programs keep whole.")
        if hint:
            st.caption(f":material/lan: {plain(hint)}")
        for note in _who_sees(session, setup, linked):
            st.caption(f":material/visibility: {plain(note)}")
        if setup.trained is not None and not opens:
            st.caption(f":material/visibility: {RECIPE}")
    with code:
        show_qr(link)
    for note in missing:
        st.warning(plain(note), icon=":material/link_off:")
    return link


def show_qr(link: str) -> None:
    """The QR code of a link, where a phone could read it."""
    if len(link) <= LONGEST_QR:
        st.image(qr_code(link), alt="QR code of the link", width="stretch")
    else:
        st.caption("Too long for a QR code that a phone can read across a room.")


def _who_sees(session: Session, setup: Setup, settings: Settings) -> Iterator[str]:
    """Whose files the link opens, a sentence each."""
    feed, files = setup.settings.feed, session.files
    if feed in FILE_FEEDS and setup.sequence is not None:
        if setup.data:
            name = files[feed].name if feed in files else setup.sequence.name
            left_out = "" if feed == "record" else ", also those of rows and columns left out here"
            yield f"Whoever has this link sees “{name}”: its numbers are in the link{left_out}."
        elif feed in files:
            yield f"Whoever has this link sees “{files[feed].name}”, {AS_LONG}"
    weights = linked_files.weights_in_use(session)
    if weights is not None and "weights" not in session.wanted:
        yield f"Whoever has this link can run your weights, “{weights.name}”, {AS_LONG}"
    sound = linked_files.sound_in_use(session)
    if sound is not None and sound.data:
        yield f"Whoever has this link hears “{sound.name}” on Uses, {AS_LONG}"
    if own_forecast.SLOT in session.files:
        yield f"Whoever has this link can run the network that learned your series, {AS_LONG}"
    for name, (what, _) in linked_texts.TEXTS.items():
        if url.is_too_long(name, settings.get(name)):
            yield f"Whoever has this link sees {what}, which this server keeps: {KEPT_HERE}."
    if settings.learned_from and not url.is_too_long("learned_from", settings.learned_from):
        yield "Whoever has this link sees what its network learned from: it is in the link."


def _not_in_link(session: Session, setup: Setup, settings: Settings) -> Iterator[str]:
    """What whoever opens the link will miss, a sentence each."""
    for slot in (setup.settings.feed, "weights"):
        if slot in session.wanted and not (slot != "weights" and setup.data):
            name = session.wanted[slot].name
            yield f"The link asks for “{name}”, which this server does not have: send that file."
    chosen = linked_files.chosen(session)
    if chosen and not file_choices.pack(chosen):
        yield "The names of the chosen columns are too long for a link, which leaves them out."
    for name, (what, _) in linked_texts.TEXTS.items():
        if linked_texts.is_wanted(session, name) and linked_texts.is_of_use(name, settings):
            yield f"The link asks for {what}, which this server does not have."


@st.cache_data(max_entries=32, show_spinner=False)
def qr_code(link: str) -> str:
    """A PNG, as a data URI: the page holds it. As a file of the server's it would be gone with the
    next link, and a slow browser would ask for it in vain."""
    import segno

    return segno.make(link, error="l", micro=False).png_data_uri(scale=6, border=3)
