"""Long measurements: asked for again they are joined, asked otherwise they are abandoned."""

from threading import Event, Thread

import pytest
from streamlit.testing.v1 import AppTest

from pages.state import measurement
from pages.state.cache import Cache
from pages.state.measurement import Abandoned, Measurement
from pages.state.turns import Turns
from seqviz.errors import SeqvizError


class CutShort(BaseException):
    """As a newer message ends a run."""


class Bar:
    """In place of st.empty: keeps what it was told, and may end the run."""

    def __init__(self, then=None):
        self.told, self.emptied, self.then = [], False, then

    def progress(self, fraction, text):
        self.told.append((fraction, text))
        if self.then is not None:
            self.then()

    def empty(self):
        self.emptied = True


@pytest.fixture
def bar(monkeypatch):
    one = Bar()
    monkeypatch.setattr(measurement.st, "empty", lambda: one)
    monkeypatch.setattr(measurement, "PATIENCE", -1)
    monkeypatch.setattr(measurement, "GLANCE", 0.001)
    return one


def cut_short():
    raise CutShort


def test_a_run_cut_short_is_joined_by_the_next_one(bar):
    cache, go_on, began = Cache(), Event(), []

    def work(tell):
        began.append(True)
        tell(0.25)
        assert go_on.wait(20)
        return "result"

    bar.then = cut_short
    with pytest.raises(CutShort):
        cache.measure("name", 1, "Measuring", work)
    bar.then = go_on.set
    assert cache.measure("name", 1, "Measuring", work) == "result"
    assert began == [True] and bar.emptied and not cache.measuring
    assert {text for _, text in bar.told} == {"Measuring"}
    assert cache.measure("name", 1, "Measuring", cut_short) == "result"  # kept: nothing is run


def test_another_question_abandons_the_one_under_way(bar):
    cache, go_on, ended = Cache(), Event(), Event()

    def endless(tell):
        try:
            while True:
                tell(0.5)
                go_on.wait(0.001)
        except Abandoned:
            ended.set()
            raise

    bar.then = cut_short
    with pytest.raises(CutShort):
        cache.measure("name", 1, "Measuring", endless)
    bar.then = None
    assert cache.measure("name", 2, "Measuring", lambda tell: "other") == "other"
    assert ended.wait(20)


def test_the_bar_shows_the_fraction_told(bar):
    go_on = Event()

    def work(tell):
        tell(0.75)
        assert go_on.wait(20)

    bar.then = lambda: go_on.set() if bar.told[-1][0] == 0.75 else None
    assert Measurement(1, work).result("Measuring") is None
    assert bar.told[-1] == (0.75, "Measuring") and bar.emptied


def test_what_cannot_be_measured_is_said_again_without_another_try(bar):
    cache, tries = Cache(), []

    def work(tell):
        tries.append(True)
        raise SeqvizError("Too large.")

    for _ in range(2):
        with pytest.raises(SeqvizError, match="Too large"):
            cache.measure("name", 1, "Measuring", work)
    assert tries == [True]


def test_what_is_done_at_once_shows_no_bar():
    def page():
        import streamlit as st

        from pages.state.measurement import Measurement

        st.write(Measurement(1, lambda tell: "done").result("Measuring"))

    app = AppTest.from_function(page, default_timeout=20).run()
    assert [one.value for one in app.markdown] == ["done"] and not app.get("progress")


def test_nobody_has_to_wait_for_who_waits_for_a_measurement(bar, monkeypatch):
    turns, go_on = Turns(60.0), Event()
    monkeypatch.setattr(measurement, "TURNS", turns)

    def other():
        with turns.take():
            go_on.set()

    with turns.take():
        Thread(target=other).start()
        assert Cache().measure("name", 1, "Measuring", lambda tell: go_on.wait(20))
