"""Runs go one after the other, but never wait long for one that takes its time."""

import threading
import time

import pytest

from pages.state.turns import Turns

LONG = 60.0  # seconds; nobody here waits that long
SOON = 0.05  # seconds, in which nothing is to happen


class Somebody:
    """Has a turn in a thread of their own, until they are told to end it."""

    def __init__(self, turns):
        self.begun, self._end = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, args=(turns,))
        self._thread.start()

    def _run(self, turns):
        with turns.take():
            self.begun.set()
            assert self._end.wait(LONG)

    def begins(self, within=LONG):
        return self.begun.wait(within)

    def ends(self):
        self._end.set()
        self._thread.join(LONG)


def test_all_have_their_turn_in_the_order_they_came():
    turns = Turns(LONG)
    people = [Somebody(turns)]
    assert people[0].begins()
    for number in range(3):
        people.append(Somebody(turns))
        while len(turns.waiting) <= number:
            time.sleep(0)
    for number, each in enumerate(people):
        assert each.begins()
        assert not any(other.begun.is_set() for other in people[number + 1 :])
        each.ends()


def test_for_who_has_had_their_time_nobody_waits():
    turns = Turns(patience=0.0)
    first, second = Somebody(turns), Somebody(turns)
    assert first.begins() and second.begins()
    second.ends()
    first.ends()


def test_then_the_others_wait_for_who_went_past_them():
    turns = Turns(patience=0.0)
    first, second = Somebody(turns), Somebody(turns)
    assert first.begins() and second.begins()
    turns.patience = LONG
    third = Somebody(turns)
    first.ends()
    assert not third.begins(within=SOON)
    second.ends()
    assert third.begins()
    third.ends()


def test_who_waits_for_something_else_leaves_their_turn_to_the_next_one():
    turns = Turns(LONG)
    with turns.take():
        other = Somebody(turns)
        turns.leave()
        assert other.begins()
        turns.leave()  # it is the other one's by now
        third = Somebody(turns)
        assert not third.begins(within=SOON)
        other.ends()
        assert third.begins()
    third.ends()


def test_a_run_that_is_ended_gives_its_turn_back():
    turns = Turns(LONG)
    with pytest.raises(KeyError), turns.take():
        raise KeyError
    somebody = Somebody(turns)
    assert somebody.begins()
    somebody.ends()
