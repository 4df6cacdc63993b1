"""Runs go one after the other, but never wait long for one that takes its time."""

import threading

import pytest

from pages.state.turns import Turns

LONG = 60.0  # seconds; nobody here waits that long


def begin(turns, ended, *, until=None):
    """Somebody who has a turn in a thread and keeps it until told."""
    begun = threading.Event()

    def run():
        with turns.take() as mine:
            begun.set()
            if until is not None:
                until.wait(LONG)
            ended.append(mine)

    thread = threading.Thread(target=run)
    thread.start()
    return thread, begun


def test_the_second_begins_when_the_first_has_ended():
    turns, ended, free = Turns(LONG), [], threading.Event()
    first, begun = begin(turns, ended, until=free)
    assert begun.wait(LONG)
    second, has_begun = begin(turns, ended)
    assert not has_begun.wait(0.05)
    free.set()
    first.join(LONG)
    second.join(LONG)
    assert ended == [True, True]


def test_who_has_had_its_time_holds_up_nobody():
    turns, ended, free = Turns(patience=0.0), [], threading.Event()
    first, begun = begin(turns, ended, until=free)
    assert begun.wait(LONG)
    with turns.take() as mine:
        assert not mine and not ended
    free.set()
    first.join(LONG)
    assert ended == [True]
    with turns.take() as mine:  # it was given back once, by who had it
        assert mine


def test_a_run_that_is_ended_gives_its_turn_back():
    turns = Turns(LONG)
    with pytest.raises(KeyError), turns.take():
        raise KeyError
    with turns.take() as mine:
        assert mine
