"""What people do faster than runs begin: nothing of it is lost.

One run answers a browser at a time (runner.fastReruns is off), and Streamlit makes one request of
all that wait for it. Of two presses of one button it makes one: New weights would not count every
click, and a double-click on Undo take back one change. Presses of two buttons it turns round:
Stop would be done before the Continue that it was to end. And who chooses something and goes to
another page at once would lose the choice: with the way to a page the browser sends no widgets of
the page it leaves, and what a waiting request says of them is dropped. So presses that are folded
into one are counted here and stay in their order, and what a page's widgets said stays in the
request that waits. So does that it is a way back in the browser's history: what a component of the
page says a moment later would make it an ordinary request, and the settings before it would be
written to the address that was come back to. A newer message ends a run, too, but not before it has
read what its own request says. Private Streamlit API, for these promises alone; the test of this
file fails when it changes.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any

from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import (
    RerunData,
    ScriptRequest,
    ScriptRequests,
    ScriptRequestType,
)
from streamlit.runtime.state.common import user_key_from_element_id


@dataclass
class _Kept:
    """What is known of the requests to one runner, beside what Streamlit knows of them.

    again: presses folded into the newest request, by the button's key; again_before: into the one
    before it, whose run may just have begun. read: whether the run that is on has read its request.
    """

    again: Counter[str] = field(default_factory=Counter)
    again_before: Counter[str] = field(default_factory=Counter)
    read: bool = True


def keep_all() -> None:
    """From now on; once is enough."""
    if not hasattr(ScriptRequests._request_rerun_locked, "keeps_all"):
        _keep_what_waits()
        _let_each_run_read()


def _keep_what_waits() -> None:
    before = ScriptRequests._request_rerun_locked

    def keeping(self: Any, new_data: RerunData) -> bool:  # called with its lock held
        kept, last = _kept(self), self._rerun_data
        waits = self._state == ScriptRequestType.RERUN
        earlier, newer = _pressed(last) if waits else set(), _pressed(new_data)
        if waits:
            kept.again.update(earlier & newer)
            new_data = _with_the_way_back(last, _with_what_was_said(last, new_data))
        elif self._state == ScriptRequestType.CONTINUE:
            kept.again_before, kept.again = kept.again, Counter()
        taken = before(self, new_data)
        _put_first(earlier - newer, self._rerun_data)
        return taken

    keeping.keeps_all = True  # type: ignore[attr-defined]
    ScriptRequests._request_rerun_locked = keeping  # type: ignore[method-assign]


def _let_each_run_read() -> None:
    """Streamlit asks for a newer request before it does the presses of the one that is on."""
    ready, at_yield = ScriptRequests.on_scriptrunner_ready, ScriptRequests.on_scriptrunner_yield

    def begun(self: Any, request: ScriptRequest) -> ScriptRequest:
        begins = request.type == ScriptRequestType.RERUN
        # a fragment alone reads nothing: its page was read before
        _kept(self).read = not begins or bool(request.rerun_data.fragment_id_queue)
        return request

    def beginning(self: Any) -> ScriptRequest:
        return begun(self, ready(self))

    def yielding(self: Any) -> ScriptRequest | None:
        newer = at_yield(self) if _kept(self).read else None
        return newer and begun(self, newer)

    ScriptRequests.on_scriptrunner_ready = beginning  # type: ignore[method-assign]
    ScriptRequests.on_scriptrunner_yield = yielding  # type: ignore[method-assign]


def were_read() -> None:
    """The run that is on has read what its request says: a newer message may end it."""
    requests = _requests()
    if requests is not None:
        _kept(requests).read = True


def folded(key: str) -> int:
    """How many presses of the button with this key were folded into the one that is answered now;
    the next call gives 0."""
    requests = _requests()
    if requests is None:
        return 0
    with requests._lock:
        kept = _kept(requests)
        newer_waits = requests._state == ScriptRequestType.RERUN
        return (kept.again_before if newer_waits else kept.again).pop(key, 0)


def _requests() -> Any:
    """Those to the runner whose run is on."""
    context = get_script_run_ctx()
    return None if context is None else context.script_requests


def _kept(requests: Any) -> _Kept:
    kept: _Kept = requests.__dict__.setdefault("kept", _Kept())
    return kept


def _pressed(data: RerunData) -> set[str]:
    """Keys of the buttons that a request says were pressed."""
    widgets = data.widget_states.widgets if data.widget_states else ()
    pressed = (state.id for state in widgets if state.trigger_value)
    return {key for one in pressed if (key := user_key_from_element_id(one)) is not None}


def _put_first(pressed: set[str], data: RerunData) -> None:
    """Callbacks are called in the order of the widgets."""
    if pressed and data.widget_states:
        data.widget_states.widgets.sort(
            key=lambda state: user_key_from_element_id(state.id) not in pressed
        )


def _with_the_way_back(waiting: RerunData, new_data: RerunData) -> RerunData:
    """new_data, which still is a way back in the browser's history where the waiting request for
    the same page is one: what else the page says a moment later does not undo it."""
    same = waiting.page_script_hash == new_data.page_script_hash
    if not (same and waiting.is_history_navigation):
        return new_data
    return replace(new_data, is_history_navigation=True)


def _with_what_was_said(waiting: RerunData, new_data: RerunData) -> RerunData:
    """new_data with the values of widgets that only the waiting request has, where that is for
    another page; triggers are Streamlit's."""
    if waiting.page_script_hash == new_data.page_script_hash or not waiting.widget_states:
        return new_data
    states = WidgetStates()
    if new_data.widget_states:
        states.CopyFrom(new_data.widget_states)
    known = {state.id for state in states.widgets}
    for state in waiting.widget_states.widgets:
        is_trigger = "trigger" in (state.WhichOneof("value") or "")
        if state.id not in known and not is_trigger:
            states.widgets.add().CopyFrom(state)
    return replace(new_data, widget_states=states)
