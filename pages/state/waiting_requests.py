"""What people do faster than runs begin: nothing of it is lost.

While a run cannot begin yet, Streamlit makes one request of all that wait. Of two presses of one
button it makes one: New weights would not count every click, and a double-click on Undo take back
one change. And who chooses something and goes to another page at once would lose the choice: with
the way to a page the browser sends no widgets of the page it leaves, and what the request before
said of them is dropped, if that still waits or if its run is cut off before it has read it. So
presses that are folded into one are counted here, and what a page's widgets said stays in the
request until it is read. Private Streamlit API, for these two promises alone; the test of this file
fails when it changes.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import (
    RerunData,
    ScriptRequests,
    ScriptRequestType,
)
from streamlit.runtime.state.common import user_key_from_element_id

_FOLDED, _READ = "presses_folded", "request_read"  # attributes of a ScriptRequests
_LAST = "last_requests"  # of an AppSession: those of its last run


def keep_all() -> None:
    """From now on; once is enough."""
    before = ScriptRequests._request_rerun_locked
    if getattr(before, _FOLDED, False):
        return

    def keeping(self: Any, new_data: RerunData) -> bool:  # called with its lock held
        if self._state == ScriptRequestType.RERUN:
            waiting = self._rerun_data
            again = _pressed(waiting) & _pressed(new_data)
            self.__dict__.setdefault(_FOLDED, Counter()).update(again)
            new_data = _with_what_was_said(waiting, new_data)
        return before(self, new_data)

    setattr(keeping, _FOLDED, True)
    ScriptRequests._request_rerun_locked = keeping  # type: ignore[method-assign]
    _keep_what_is_cut_off()


def _keep_what_is_cut_off() -> None:
    """A newer message ends a run and begins another one: what the ended run has not read is said
    again."""
    create = AppSession._create_scriptrunner

    def creating(self: Any, initial_rerun_data: RerunData) -> None:
        last = self.__dict__.get(_LAST)
        if last is not None and last.__dict__.get(_READ) is not last._rerun_data:
            initial_rerun_data = _with_what_was_said(last._rerun_data, initial_rerun_data)
        create(self, initial_rerun_data)
        self.__dict__[_LAST] = self._scriptrunner._requests

    AppSession._create_scriptrunner = creating  # type: ignore[method-assign]


def were_read() -> None:
    """The run that is on has read what its request says."""
    context = get_script_run_ctx()
    requests = None if context is None else context.script_requests
    if requests is None:
        return
    with requests._lock:
        if requests._state == ScriptRequestType.CONTINUE:  # else there is a newer one, unread
            requests.__dict__[_READ] = requests._rerun_data


def folded(key: str) -> int:
    """How many presses of the button with this key were folded into the one that is answered now;
    the next call gives 0."""
    context = get_script_run_ctx()
    requests = None if context is None else context.script_requests
    if requests is None:
        return 0
    counted: Counter[str] = requests.__dict__.get(_FOLDED, Counter())
    return counted.pop(key, 0)


def _pressed(data: RerunData) -> set[str]:
    """Keys of the buttons that a request says were pressed."""
    widgets = data.widget_states.widgets if data.widget_states else ()
    pressed = (state.id for state in widgets if state.trigger_value)
    return {key for one in pressed if (key := user_key_from_element_id(one)) is not None}


def _with_what_was_said(waiting: RerunData, new_data: RerunData) -> RerunData:
    """new_data with the values of widgets that only the request before it has, where it is one for
    another page; triggers are Streamlit's."""
    if waiting.page_script_hash == new_data.page_script_hash:
        return new_data
    states = WidgetStates()
    if new_data.widget_states:
        states.CopyFrom(new_data.widget_states)
    known = {state.id for state in states.widgets}
    for state in waiting.widget_states.widgets if waiting.widget_states else ():
        is_trigger = "trigger" in (state.WhichOneof("value") or "")
        if state.id not in known and not is_trigger:
            states.widgets.add().CopyFrom(state)
    return replace(new_data, widget_states=states)
