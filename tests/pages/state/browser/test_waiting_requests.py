"""What waits for one run: presses are counted, and choices kept, in Streamlit's own queue."""

import tomllib
import types
from dataclasses import replace
from pathlib import Path

import pytest
import visits
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData, ScriptRequests

from pages.state.browser import waiting_requests

NEW, OTHER = "_press_New weights", "_press_Undo"
SEED = "$$ID-0a1b-seed@0"


@pytest.fixture
def requests(monkeypatch):
    """Those to the runner whose run is on."""
    waiting_requests.keep_all()
    queue = ScriptRequests()
    context = types.SimpleNamespace(script_requests=queue)
    monkeypatch.setattr(waiting_requests, "get_script_run_ctx", lambda: context)
    return queue


def pressed(*keys, slider=0.0, page="a"):
    states = WidgetStates()
    for key in keys:
        states.widgets.add(id=f"$$ID-0a1b-{key}", trigger_value=True)
    states.widgets.add(id=SEED, double_value=slider)
    return RerunData(widget_states=states, page_script_hash=page)


def leaving(page="b"):
    """A page is left for another: the browser names none of its widgets."""
    return RerunData(widget_states=WidgetStates(), page_script_hash=page)


def begin(requests):
    """The run of what waits begins."""
    assert requests.on_scriptrunner_ready().type.name == "RERUN"


def cut_off(requests):
    """The run that is on looks for a newer request, and ends if there is one."""
    newer = requests.on_scriptrunner_yield()
    return newer is not None and newer.type.name == "RERUN"


def said(requests):
    """What the widgets say in the newest request, by their ids."""
    widgets = requests._rerun_data.widget_states.widgets
    return {state.id: state.double_value or state.trigger_value for state in widgets}


def test_presses_that_wait_together_are_one_request_and_each_is_counted(requests):
    for _ in range(3):
        assert requests.request_rerun(pressed(NEW))
    assert said(requests)[f"$$ID-0a1b-{NEW}"] is True
    begin(requests)  # one run answers all three
    assert waiting_requests.folded(NEW) == 2 and waiting_requests.folded(NEW) == 0


def test_what_is_not_pressed_twice_is_not_counted(requests):
    requests.request_rerun(pressed(NEW))
    requests.request_rerun(pressed(slider=1.0))  # a slider moves while the press still waits
    requests.request_rerun(pressed(OTHER))
    begin(requests)
    assert waiting_requests.folded(NEW) == waiting_requests.folded(OTHER) == 0


def test_what_is_pressed_first_is_done_first(requests):
    for key in (NEW, OTHER, "_press_Stop"):
        requests.request_rerun(pressed(key))
    done = [key for key, value in said(requests).items() if value]
    assert done == [f"$$ID-0a1b-{key}" for key in (NEW, OTHER, "_press_Stop")]


def test_a_press_whose_run_has_begun_is_not_folded_into_the_next(requests):
    for _ in range(2):
        requests.request_rerun(pressed(NEW))
        begin(requests)
        assert waiting_requests.folded(NEW) == 0


def test_presses_are_counted_for_their_own_run_while_newer_ones_come(requests):
    requests.request_rerun(pressed(NEW))
    requests.request_rerun(pressed(NEW))
    begin(requests)
    for _ in range(3):  # before the run that has begun asks for its presses
        requests.request_rerun(pressed(NEW))
    assert waiting_requests.folded(NEW) == 1
    begin(requests)
    assert waiting_requests.folded(NEW) == 2


def test_presses_that_nobody_asked_for_are_not_counted_for_a_later_run(requests):
    requests.request_rerun(pressed(NEW))
    requests.request_rerun(pressed(NEW))
    begin(requests)  # on a page without this button
    requests.request_rerun(pressed(NEW))
    begin(requests)
    assert waiting_requests.folded(NEW) == 0


def test_what_was_chosen_just_before_a_page_is_left_is_in_the_request(requests):
    requests.request_rerun(pressed(NEW, slider=7.0))
    requests.request_rerun(leaving())
    assert requests._rerun_data.page_script_hash == "b"
    assert said(requests) == {SEED: 7.0, f"$$ID-0a1b-{NEW}": True}  # the press is kept by Streamlit


def test_a_run_is_not_cut_off_before_it_has_read_what_its_request_says(requests):
    requests.request_rerun(pressed(NEW, slider=7.0))
    begin(requests)
    requests.request_rerun(leaving())
    assert not cut_off(requests)
    waiting_requests.were_read()
    assert cut_off(requests)
    assert said(requests) == {}  # it has been read, and no press is done twice
    requests.request_rerun(leaving("c"))
    assert not cut_off(requests)  # nor is the run that follows


def test_a_run_that_ends_before_it_has_read_gives_way(requests):
    requests.request_rerun(pressed(slider=7.0))
    begin(requests)
    requests.request_rerun(pressed(slider=8.0))
    begin(requests)
    assert said(requests) == {SEED: 8.0}


def test_a_fragment_is_cut_off_at_once(requests):
    requests.request_rerun(replace(pressed(), fragment_id="poll"))
    begin(requests)
    requests.request_rerun(pressed())
    assert cut_off(requests)


def test_a_way_back_stays_one_when_the_page_says_something_a_moment_later(requests):
    requests.request_rerun(replace(leaving("b"), query_string="a=1", is_history_navigation=True))
    requests.request_rerun(replace(pressed(page="b"), query_string="a=1"))
    assert requests._rerun_data.is_history_navigation
    requests.request_rerun(leaving("c"))  # by a link: where it leads is where it leads
    assert not requests._rerun_data.is_history_navigation


def test_what_was_said_last_wins(requests):
    requests.request_rerun(pressed(slider=7.0))
    requests.request_rerun(pressed(slider=8.0, page="b"))
    assert said(requests) == {SEED: 8.0}


def test_on_one_page_the_newest_request_says_which_widgets_there_are(requests):
    requests.request_rerun(pressed(slider=7.0))
    requests.request_rerun(leaving(page="a"))
    assert said(requests) == {}


def test_a_request_without_widgets_stays_one(requests):
    requests.request_rerun(replace(leaving("a"), widget_states=None))
    requests.request_rerun(replace(leaving("b"), widget_states=None))
    assert requests._rerun_data.widget_states is None


def test_keeping_begins_once(requests):
    before = ScriptRequests._request_rerun_locked
    waiting_requests.keep_all()
    assert ScriptRequests._request_rerun_locked is before


def test_without_a_run_nothing_is_folded(monkeypatch):
    monkeypatch.setattr(waiting_requests, "get_script_run_ctx", lambda: None)
    assert waiting_requests.folded(NEW) == 0
    waiting_requests.were_read()


def test_one_run_at_a_time_answers_a_browser():
    config = tomllib.loads(Path(".streamlit/config.toml").read_text(encoding="utf-8"))
    assert config["runner"]["fastReruns"] is False


def test_also_the_first_run_of_a_visit_can_be_cut_off(monkeypatch):
    """Else nobody could leave a page that trains a link's network again."""
    read = []
    monkeypatch.setattr(waiting_requests, "were_read", lambda: read.append(True))
    visits.visit()
    assert read
