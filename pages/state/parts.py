"""The parts of Explore that rerun by themselves, and which of them follow a control.

Rerunning the few parts that follow takes the server about half of what the whole page takes: with
a classroom on one server that decides whether the heatmap answers at once. On the other pages,
which have no parts, a control reruns what Streamlit would rerun.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import streamlit as st
from streamlit.errors import StreamlitAPIException

from pages.state.callbacks import written

BUILD, SEED, FACTS = "build", "seed", "facts"  # in the sidebar
MAIN = "main"  # Feed and everything below: what follows are its parts
BAR, WATCH, INSPECT, LESSON, MORE = "bar", "watch", "inspect", "lesson", "more"

_SHOW_AHEAD, _SHOWING = "_show_ahead", "_showing"
_NUMBERS = (INSPECT, MORE, LESSON)
_NETWORK = (WATCH, FACTS, BAR, *_NUMBERS)
_FOLLOW: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "cell": (WATCH, BUILD, BAR, FACTS, *_NUMBERS),
        "bias": (WATCH, BUILD, FACTS, BAR, *_NUMBERS),
        "h_0": (WATCH, BUILD, BAR, *_NUMBERS),
        "seed": (WATCH, SEED, BAR, *_NUMBERS),
        "quantity": (WATCH, BAR, *_NUMBERS),
        "inspect": (INSPECT,),
        **dict.fromkeys(
            ("hidden_size", "num_layers", "bidirectional", "init", "forget_bias", "h_0_values"),
            _NETWORK,
        ),
    }
)
"""By field, what is looked at first in front. Any other field is about the sequence."""
_SEQUENCE = (FACTS, MAIN)


def part(name: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Make a function a part of Explore: it may rerun alone, so it takes nothing but the state."""

    def made(draw: Callable[[], None]) -> Callable[[], None]:
        alone = st.fragment(draw, key=name)
        return lambda: alone() if st.session_state[_SHOW_AHEAD] else draw()

    return made


def begin(show_ahead: Callable[[], None] | None) -> None:
    """On a page with parts: what sends the player a frame before they are redrawn. Else None."""
    st.session_state[_SHOW_AHEAD] = show_ahead


def showing(name: str, numbers: bool) -> None:
    """Whether BAR, INSPECT or MORE shows numbers of the network now; closed, it needs no rerun."""
    st.session_state.setdefault(_SHOWING, {})[name] = numbers


def only(*names: str) -> None:
    """Rerun these parts and nothing else. From a callback, as its last act."""
    with written():
        show_ahead = st.session_state.get(_SHOW_AHEAD)
        if show_ahead and (WATCH in names or MAIN in names):
            show_ahead()
    try:
        st.rerun(list(names))
    except StreamlitAPIException:  # a part is missing: the last rerun ended before it
        st.rerun()


def follow(field: str) -> None:
    """Rerun what shows a field that a control has changed. From a callback, as its last act."""
    if field not in _FOLLOW and st.session_state.get(_SHOW_AHEAD):
        st.session_state["_stand_in"] = False  # another sequence is wanted
    with written():
        if not st.session_state.get(_SHOW_AHEAD):
            return
        shown = st.session_state.get(_SHOWING, {})
    names = _FOLLOW.get(field, _SEQUENCE)
    if field != "cell":  # which has other quantities, and so another BAR
        names = tuple(name for name in names if shown.get(name, True)) or names
    only(*names)


def follow_sequence() -> None:
    """The same after a change of what the network reads."""
    follow("feed")
