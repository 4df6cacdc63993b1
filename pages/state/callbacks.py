"""Callbacks that do what was asked even when the next click is already waiting.

Streamlit lets a newer message end the run in progress at the next look into the session. If that
look is in a callback, the callback is gone and with it what it was about to do: two controls moved
in quick succession would be one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec
from weakref import WeakSet

import streamlit as st
from streamlit.runtime.scriptrunner import RerunException

P = ParamSpec("P")
_MISSED = "_missed"
_WRITTEN: WeakSet[RerunException] = WeakSet()  # these ended a callback in `written`


def whole(callback: Callable[P, None]) -> Callable[P, None]:
    """The callback, begun again when a newer message ended it before it was `written`.

    It reads first and writes last.
    """

    @wraps(callback)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            callback(*args, **kwargs)
        except RerunException as ending:
            if ending.rerun_data.is_fragment_scoped_rerun or ending in _WRITTEN:
                raise  # it did what was asked and, if not missed, reruns the parts that follow
            _again(callback, *args, **kwargs)
            raise

    return run


@contextmanager
def written() -> Iterator[None]:
    """What a callback still looks up after its last write: ended here, it must not begin again."""
    try:
        yield
    except RerunException as ending:
        st.session_state[_MISSED] = True
        _WRITTEN.add(ending)
        raise


def _again(callback: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> None:
    st.session_state[_MISSED] = True  # the parts that follow are not rerun by the newer message
    try:
        callback(*args, **kwargs)
    except RerunException as ending:
        if not ending.rerun_data.is_fragment_scoped_rerun:
            raise


def catch_up() -> None:
    """Rerun the whole page if a callback was ended by a newer message. In a page's own code."""
    if st.session_state.pop(_MISSED, False):
        st.rerun()
