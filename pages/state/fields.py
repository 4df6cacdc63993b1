"""The session's shareable values, in one dictionary, and how a widget is tied to one of them.

The dictionary is the truth. A widget begins with its field's value and writes back when it is
moved, so a field outlives its widget: off screen, on another page. And Streamlit, which looks
through all of st.session_state for many a widget, finds a few keys there instead of eighty.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import streamlit as st

from pages.state import parts, schema
from pages.state.callbacks import whole

_KEY = "_fields"
_UNSHOWN = "_unshown"  # names of fields that code has set since their widget was last drawn
_REPLACED = "_replaced"  # (name, value) that code has replaced -> when
_ON_THE_WAY = 1.0  # seconds in which a browser may still report a value it has not seen replaced


def begun() -> bool:
    """Whether this session has its fields yet."""
    return _KEY in st.session_state


def begin(values: dict[str, Any]) -> None:
    """All fields at once: a first visit, or the browser's way back."""
    st.session_state[_KEY] = dict(values)
    show()


def show() -> None:
    """Let all widgets begin with today's values, whatever another page left in them."""
    st.session_state[_UNSHOWN] = set(st.session_state[_KEY])


def get(name: str) -> Any:
    """A field as it was last set: a widget's limits hold only in the browser, see `checked`."""
    return st.session_state[_KEY][name]


def put(**values: Any) -> None:
    """Set fields from code; their widgets show it when they are drawn the next time."""
    session, now = st.session_state, time.monotonic()
    fields, unshown = session[_KEY], session[_UNSHOWN]
    replaced = session[_REPLACED] = {
        one: when for one, when in session.get(_REPLACED, {}).items() if now - when < _ON_THE_WAY
    }
    bound_now = [name for name in values if name in session]
    replaced.update(
        {(name, fields[name]): now for name in bound_now if fields[name] != values[name]}
    )
    fields.update(values)
    unshown.update(values)


def bound(name: str, then: Callable[[], object] | None = None) -> dict[str, Any]:
    """What ties a widget to a field: its key and callback. then: what else a move of it does."""
    session = st.session_state
    # Not earlier, in `put`: what a callback writes to a widget's key does not reach the browser
    # when that callback asks for a rerun of certain parts.
    if name not in session or name in session[_UNSHOWN]:
        session[name] = session[_KEY][name]
        session[_UNSHOWN].discard(name)
    # persist_state: the browser forgets a widget that leaves the screen, and is told again
    return {"key": name, "on_change": _take, "args": (name, then), "persist_state": "session"}


@whole
def _take(name: str, then: Callable[[], object] | None) -> None:
    session = st.session_state
    fields, unshown, value = session[_KEY], session[_UNSHOWN], session[name]
    replaced = session.get(_REPLACED, {}).get((name, value))
    if replaced is not None and time.monotonic() - replaced < _ON_THE_WAY:
        unshown.add(name)  # sent before the browser saw the new value: nobody chose it
        return
    fields[name] = value
    unshown.discard(name)
    if then is not None:
        then()
    parts.follow(name)


def checked() -> dict[str, Any]:
    """Every field's value, or its default where it is not one it may have."""
    return schema.decode(schema.encode(st.session_state[_KEY]))[0]
