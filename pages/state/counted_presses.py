"""Presses of a button that follow each other faster than runs begin: each of them counts.

While a run cannot begin yet, Streamlit makes one request of all that wait, and of two presses of
one button one. That lost clicks of quick hands on a busy server: New weights counts every click,
and a double-click on Undo takes back two changes. So what is folded into a waiting request is
counted here. Private Streamlit API, for that promise alone; the test of this file fails when it
changes.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import (
    RerunData,
    ScriptRequests,
    ScriptRequestType,
)
from streamlit.runtime.state.common import user_key_from_element_id

_COUNTED = "presses_folded"  # the attribute of a ScriptRequests


def count() -> None:
    """Count from now on; once is enough."""
    before = ScriptRequests._request_rerun_locked
    if getattr(before, _COUNTED, False):
        return

    def counting(self: Any, new_data: RerunData) -> bool:  # called with its lock held
        if self._state == ScriptRequestType.RERUN:
            again = _pressed(self._rerun_data) & _pressed(new_data)
            self.__dict__.setdefault(_COUNTED, Counter()).update(again)
        return before(self, new_data)

    setattr(counting, _COUNTED, True)
    ScriptRequests._request_rerun_locked = counting  # type: ignore[method-assign]


def folded(key: str) -> int:
    """How many presses of the button with this key were folded into the one that is answered now;
    the next call gives 0."""
    context = get_script_run_ctx()
    requests = None if context is None else context.script_requests
    if requests is None:
        return 0
    counted: Counter[str] = requests.__dict__.get(_COUNTED, Counter())
    return counted.pop(key, 0)


def _pressed(data: RerunData) -> set[str]:
    """Keys of the buttons that a request says were pressed."""
    widgets = data.widget_states.widgets if data.widget_states else ()
    pressed = (state.id for state in widgets if state.trigger_value)
    return {key for one in pressed if (key := user_key_from_element_id(one)) is not None}
