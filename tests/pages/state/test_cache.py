"""A session's cache: one result a name, and the right one where two runs meet."""

import gc
import weakref
from contextlib import suppress

import pytest

from pages.state.cache import Cache
from seqviz.errors import SeqvizError


def test_a_result_is_made_once_for_a_key():
    cache, made = Cache(), []
    for key in (1, 1, 2, 1):
        assert cache.get("trace", key, lambda key=key: made.append(key) or key) == key
    assert made == [1, 2, 1]


def test_an_error_is_kept_as_a_result_is():
    cache, tries = Cache(), []

    def fail():
        tries.append(1)
        raise SeqvizError("no")

    for _ in range(3):
        with pytest.raises(SeqvizError, match="no"):
            cache.get("trace", 1, fail)
    assert len(tries) == 1


def test_a_kept_error_holds_nothing_of_the_runs_it_was_raised_in():
    class Held:
        pass

    def fail():
        try:
            raise KeyError
        except KeyError as error:
            raise SeqvizError("no") from error

    def run(cache):
        here = Held()
        with suppress(SeqvizError):
            cache.get("trace", 1, fail)
        return weakref.ref(here)

    cache = Cache()
    gc.disable()  # nobody waits for it: what a run held would be there for seconds
    try:
        assert [run(cache)() for _ in range(2)] == [None, None]
    finally:
        gc.enable()


def test_a_run_gets_its_own_result_where_an_older_one_puts_another():
    """Streamlit lets the run before go on for a moment, in a thread of its own."""

    class Kept(dict):
        def __setitem__(self, name, entry):
            super().__setitem__(name, entry)
            super().__setitem__(name, ("old key", "old result", None))

    cache = Cache()
    cache.kept = Kept()
    assert cache.get("trace", "new key", lambda: "new result") == "new result"
