"""Callbacks that a newer message ends: what was asked is done once, never twice and never not."""

import pytest
from streamlit.runtime.scriptrunner import RerunException
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData

from pages.state import callbacks
from pages.state.callbacks import catch_up, whole, written

NEWER = RerunData(query_string="newer")
OWN = RerunData(is_fragment_scoped_rerun=True)


@pytest.fixture
def session(monkeypatch):
    kept = {}
    monkeypatch.setattr(callbacks.st, "session_state", kept)
    return kept


def ends_at(place, log, data=NEWER):
    """A callback with three places, ended at one of them the first time it comes there."""
    waiting = [place]

    def pass_by(here):
        if here in waiting:
            waiting.remove(here)
            raise RerunException(data)

    @whole
    def callback():
        pass_by("reading")
        log.append("write")
        with written():
            pass_by("following")
        raise RerunException(OWN)

    return callback


@pytest.mark.parametrize("place", ["reading", "following", "nowhere"])
def test_a_callback_writes_once_wherever_it_is_ended(session, place):
    log = []
    with pytest.raises(RerunException) as ending:
        ends_at(place, log)()
    assert log == ["write"]
    # the newer message is answered, and the parts that follow this callback are not forgotten
    assert (ending.value.rerun_data is NEWER) == (place != "nowhere")
    assert session.get("_missed", False) == (place != "nowhere")


def test_what_was_missed_is_caught_up_with_once(session, monkeypatch):
    reruns = []
    monkeypatch.setattr(callbacks.st, "rerun", lambda: reruns.append(1))
    session["_missed"] = True
    catch_up()
    catch_up()
    assert reruns == [1]


def test_its_own_rerun_is_no_ending(session):
    @whole
    def callback():
        with written():
            pass
        raise RerunException(OWN)

    with pytest.raises(RerunException):
        callback()
    assert session == {}
