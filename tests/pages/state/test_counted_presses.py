"""Of presses that wait for one run each is counted, in Streamlit's own queue of requests."""

import types

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData, ScriptRequests

from pages.state import counted_presses

NEW, OTHER = "_press_New weights", "_press_Undo"


@pytest.fixture
def requests(monkeypatch):
    """Those of the run that answers."""
    counted_presses.count()
    queue = ScriptRequests()
    context = types.SimpleNamespace(script_requests=queue)
    monkeypatch.setattr(counted_presses, "get_script_run_ctx", lambda: context)
    return queue


def pressed(*keys, slider=0.0):
    states = WidgetStates()
    for key in keys:
        states.widgets.add(id=f"$$ID-0a1b-{key}", trigger_value=True)
    states.widgets.add(id="$$ID-0a1b-seed@0", double_value=slider)
    return RerunData(widget_states=states)


def test_presses_that_wait_together_are_one_request_and_each_is_counted(requests):
    for _ in range(3):
        assert requests.request_rerun(pressed(NEW))
    (state,) = [s for s in requests._rerun_data.widget_states.widgets if s.trigger_value]
    assert state.id.endswith(NEW)  # one run answers all three
    assert counted_presses.folded(NEW) == 2 and counted_presses.folded(NEW) == 0


def test_what_is_not_pressed_twice_is_not_counted(requests):
    requests.request_rerun(pressed(NEW))
    requests.request_rerun(pressed(slider=1.0))  # a slider moves while the press still waits
    requests.request_rerun(pressed(OTHER))
    assert counted_presses.folded(NEW) == counted_presses.folded(OTHER) == 0


def test_a_press_whose_run_has_begun_is_done_with(requests):
    requests.request_rerun(pressed(NEW))
    assert requests.on_scriptrunner_ready().type.name == "RERUN"
    requests.request_rerun(pressed(NEW))
    assert counted_presses.folded(NEW) == 0


def test_counting_begins_once(requests):
    before = ScriptRequests._request_rerun_locked
    counted_presses.count()
    assert ScriptRequests._request_rerun_locked is before


def test_without_a_run_nothing_is_folded(monkeypatch):
    monkeypatch.setattr(counted_presses, "get_script_run_ctx", lambda: None)
    assert counted_presses.folded(NEW) == 0
