"""Runs of a page are numbered in the order they began, each thread's for itself."""

from threading import Thread

from pages.state.browser import runs


def test_a_run_that_began_later_is_newer_and_knows_it_in_its_own_thread():
    seen = []

    def run():
        before = runs.number()
        runs.begin()
        seen.append((before, runs.number()))

    runs.begin()
    first = runs.number()
    for _ in range(2):
        thread = Thread(target=run)
        thread.start()
        thread.join()
    assert [before for before, _ in seen] == [0, 0]
    assert first == runs.number() < seen[0][1] < seen[1][1]
