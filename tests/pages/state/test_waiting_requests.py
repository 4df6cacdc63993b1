"""What waits for one run: presses are counted, and choices kept, in Streamlit's own queue."""

import types
from dataclasses import replace

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime import app_session
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData, ScriptRequests

from pages.state import waiting_requests

NEW, OTHER = "_press_New weights", "_press_Undo"


@pytest.fixture
def requests(monkeypatch):
    """Those of the run that answers."""
    waiting_requests.keep_all()
    queue = ScriptRequests()
    context = types.SimpleNamespace(script_requests=queue)
    monkeypatch.setattr(waiting_requests, "get_script_run_ctx", lambda: context)
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
    assert waiting_requests.folded(NEW) == 2 and waiting_requests.folded(NEW) == 0


def test_what_is_not_pressed_twice_is_not_counted(requests):
    requests.request_rerun(pressed(NEW))
    requests.request_rerun(pressed(slider=1.0))  # a slider moves while the press still waits
    requests.request_rerun(pressed(OTHER))
    assert waiting_requests.folded(NEW) == waiting_requests.folded(OTHER) == 0


def test_a_press_whose_run_has_begun_is_done_with(requests):
    requests.request_rerun(pressed(NEW))
    assert requests.on_scriptrunner_ready().type.name == "RERUN"
    requests.request_rerun(pressed(NEW))
    assert waiting_requests.folded(NEW) == 0


def leaving(page="b", **values):
    """A page is left for another: the browser names none of its widgets."""
    return RerunData(widget_states=WidgetStates(), page_script_hash=page, **values)


def test_what_was_chosen_just_before_a_page_is_left_is_in_the_request(requests):
    requests.request_rerun(replace(pressed(NEW, slider=7.0), page_script_hash="a"))
    requests.request_rerun(leaving())
    waiting = requests._rerun_data
    assert waiting.page_script_hash == "b"
    said = {state.id: state for state in waiting.widget_states.widgets}
    assert said["$$ID-0a1b-seed@0"].double_value == 7.0
    assert said[f"$$ID-0a1b-{NEW}"].trigger_value  # Streamlit keeps a press by itself


class Begun:
    """An AppSession as far as its runs go: each new request ends the run before it."""

    def __init__(self, monkeypatch):
        self.begun = []
        monkeypatch.setattr(app_session, "ScriptRunner", self.runner)
        self.session = types.SimpleNamespace(
            _script_event_loop=types.SimpleNamespace(is_closed=lambda: False),
            id="0", _script_data=types.SimpleNamespace(main_script_path="app.py"),
            _session_state=None, _uploaded_file_mgr=None, _script_cache=None, _user_info={},
            _fragment_storage=None, _pages_manager=None, _on_script_error=None,
            _local_sources_watcher=None, _on_scriptrunner_event=None, _unsettle=lambda: None,
        )  # fmt: skip

    def runner(self, initial_rerun_data, **others):
        queue = ScriptRequests()
        queue.request_rerun(initial_rerun_data)
        queue.on_scriptrunner_ready()
        self.begun.append(queue)
        on_event = types.SimpleNamespace(connect=lambda listener: None)
        return types.SimpleNamespace(_requests=queue, on_event=on_event, start=lambda: None)

    def run(self, request):
        """What the widgets say in the run that begins with this request, by their ids."""
        AppSession._create_scriptrunner(self.session, request)
        states = self.begun[-1]._rerun_data.widget_states
        return {state.id: state.double_value for state in states.widgets if "seed" in state.id}


@pytest.fixture
def runs(monkeypatch):
    waiting_requests.keep_all()
    begun = Begun(monkeypatch)
    monkeypatch.setattr(
        waiting_requests,
        "get_script_run_ctx",
        lambda: types.SimpleNamespace(script_requests=begun.begun[-1]),
    )
    return begun


def test_what_a_run_was_cut_off_before_reading_is_said_again_on_the_next_page(runs):
    runs.run(replace(pressed(slider=7.0), page_script_hash="a"))
    assert runs.run(leaving("b")) == runs.run(leaving("c")) == {"$$ID-0a1b-seed@0": 7.0}


def test_what_a_run_has_read_is_done_with(runs):
    runs.run(replace(pressed(slider=7.0), page_script_hash="a"))
    waiting_requests.were_read()
    assert runs.run(leaving("b")) == {}


def test_a_press_that_a_run_was_cut_off_after_is_not_done_twice(runs):
    runs.run(replace(pressed(NEW), page_script_hash="a"))
    runs.run(leaving("b"))
    widgets = runs.begun[-1]._rerun_data.widget_states.widgets
    assert not any(state.trigger_value for state in widgets)


def test_what_was_said_last_wins(requests):
    requests.request_rerun(replace(pressed(slider=7.0), page_script_hash="a"))
    requests.request_rerun(replace(pressed(slider=8.0), page_script_hash="b"))
    (state,) = requests._rerun_data.widget_states.widgets
    assert state.double_value == 8.0


def test_on_one_page_the_newest_request_says_which_widgets_there_are(requests):
    requests.request_rerun(replace(pressed(slider=7.0), page_script_hash="a"))
    requests.request_rerun(leaving(page="a"))
    assert not requests._rerun_data.widget_states.widgets


def test_keeping_begins_once(requests):
    before = ScriptRequests._request_rerun_locked
    waiting_requests.keep_all()
    assert ScriptRequests._request_rerun_locked is before


def test_without_a_run_nothing_is_folded(monkeypatch):
    monkeypatch.setattr(waiting_requests, "get_script_run_ctx", lambda: None)
    assert waiting_requests.folded(NEW) == 0
    waiting_requests.were_read()
