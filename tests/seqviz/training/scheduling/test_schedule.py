"""Trainings of many visitors take turns, share, pause, go on after losses, and end as they would
alone. The workers are the tests' own: no process is started here."""

import gc
import threading
from dataclasses import replace

import pytest
from manual_workers import SOON, Opener, Watcher
from plain_training import adding_recipe
from refusals import refused
from same_runs import assert_same

from seqviz.errors import SeqvizError
from seqviz.limits import MAX_KEPT_TRAININGS, MAX_LOST_SEGMENTS, MAX_WAITING_TRAININGS
from seqviz.training.recipe import Recipe
from seqviz.training.run import begin
from seqviz.training.scheduling import finished, follower, schedule
from seqviz.training.scheduling.schedule import Schedule, default_schedule
from seqviz.training.segment import advance
from seqviz.types import RNNSpec

GOES_ON = ("waiting", "running")


@pytest.fixture
def opener():
    return Opener()


@pytest.fixture
def a_schedule(opener):
    it = Schedule(opener)
    yield it
    it.close()


@pytest.fixture
def quick_eyes(monkeypatch):
    """Who does not watch is found out in milliseconds."""
    monkeypatch.setattr(schedule, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(follower, "MAX_UNWATCHED_SECONDS", 0.03)


def recipes(count, **changes):
    """Different ones, of 40 iterations or what changes say."""
    return [adding_recipe(seed=seed, **{"iterations": 40, **changes}) for seed in range(count)]


def alone(recipe, iterations=None):
    """The run as it would be without a schedule."""
    return advance(begin(recipe), iterations or recipe.iterations)


def finish(watcher, opener):
    """Compute whatever is handed over until this follower is at its end."""
    one = watcher.follower
    while one.state in GOES_ON:
        (run,) = opener.compute()
        if run.recipe == one.training.recipe:
            at = run.iteration
            watcher.until(lambda one, at=at: one.run.iteration > at or one.state not in GOES_ON)
    return one


# ---- one training --------------------------------------------------------------------------------


def test_a_training_ends_where_it_ends_alone(a_schedule, opener):
    (recipe,) = recipes(1)
    one = a_schedule.follow(recipe)
    assert one.run.iteration == 0 and one.seconds_left is None and one.state in GOES_ON
    watcher = Watcher(one)
    first = opener.next()
    watcher.until(lambda one: one.state == "running")
    assert first.count == 1 and one.place == 0
    first.compute()
    watcher.until(lambda one: one.run.iteration == 1)
    assert one.seconds_left > 0
    second = opener.next()
    assert second.count <= 2 and second.run.loss.size == 0 and not second.run.kept
    second.compute()
    finish(watcher, opener)
    assert watcher.states[-2:] == ["running", "done"]
    assert one.seconds_left == 0 and one.place == 0 and one.note is one.problem is None
    assert_same(one.run, alone(recipe))


def test_divergence_is_an_end(a_schedule, opener):
    spec = RNNSpec("RNN_RELU", 3, 16, init="identity")
    recipe = Recipe("flip_flop", spec, lr=1.0, optimizer="SGD", clip=None, batch_size=8)
    one = a_schedule.follow(recipe)
    finish(Watcher(one), opener)
    assert one.state == "diverged" and one.run.diverged and one.seconds_left is None
    assert_same(one.run, alone(recipe))
    assert a_schedule.follow(recipe).state == "diverged"


def test_a_run_goes_on_from_where_it_is(a_schedule, opener):
    (short,) = recipes(1)
    one = a_schedule.follow(alone(short).longer(60))
    finish(Watcher(one), opener)
    assert_same(one.run, alone(replace(short, iterations=60)))
    assert len(opener.opened) == 1 and one.training.recipe.iterations == 60


def test_a_finished_run_is_done_at_once(a_schedule, opener):
    assert a_schedule.follow(alone(recipes(1)[0])).state == "done"
    assert opener.opened == []


# ---- shared --------------------------------------------------------------------------------------


def test_equal_recipes_share_one_training(a_schedule, opener):
    one, two = a_schedule.follow(recipes(1)[0]), a_schedule.follow(recipes(1)[0])
    assert one.training is two.training
    finish(Watcher(one), opener)
    assert two.run is one.run and two.state == "done"
    three = a_schedule.follow(recipes(1)[0])
    assert three.run is one.run and three.state == "done" and opener.jobs.empty()


def test_a_run_that_is_farther_brings_a_shared_training_on(a_schedule, opener):
    (recipe,) = recipes(1)
    one = a_schedule.follow(recipe)
    old = opener.next()
    farther = alone(recipe, 20)
    two = a_schedule.follow(farther)
    assert two.training is one.training and one.run is farther
    old.compute()
    assert opener.next().run.iteration == 20
    assert a_schedule.follow(begin(recipe)).run is farther
    assert a_schedule.follow(alone(recipe)).state == one.state == "done"


def test_finished_trainings_are_kept_while_there_is_room(a_schedule, monkeypatch):
    one = a_schedule.follow(alone(recipes(1)[0]))
    kept = finished.Finished()
    for number in range(MAX_KEPT_TRAININGS + 2):
        training = follower.Training(begin(adding_recipe(seed=number)))
        kept.add(training)
        if number == MAX_KEPT_TRAININGS - 1:
            assert kept.get(adding_recipe(seed=0).digest)  # asked for: now the newest
    assert len(kept) == MAX_KEPT_TRAININGS
    assert kept.get(adding_recipe(seed=0).digest) and not kept.get(adding_recipe(seed=1).digest)
    large = finished.nbytes(one.run)
    monkeypatch.setattr(finished, "MAX_KEPT_TRAINING_BYTES", large + 2.5 * kept.nbytes / len(kept))
    kept.add(one.training)
    assert len(kept) == 3


# ---- in turns ------------------------------------------------------------------------------------


def test_two_trainings_take_turns(a_schedule, opener):
    first, second = recipes(2)
    one, two = a_schedule.follow(first), a_schedule.follow(second)
    watchers = [Watcher(one), Watcher(two)]
    turns = [run.recipe for run in opener.compute(4)]
    assert turns == [first, second, first, second]
    watchers[0].until(lambda one: one.state == "running")
    both = [finish(watcher, opener).run for watcher in watchers]
    for run, recipe in zip(both, (first, second), strict=True):
        assert_same(run, alone(recipe))


def test_as_many_are_in_flight_as_there_are_workers(opener):
    opener.size = 2
    it = Schedule(opener)
    followers = [it.follow(recipe) for recipe in recipes(4)]
    watchers = [Watcher(one) for one in followers]
    jobs = [opener.next(), opener.next()]
    watchers[3].until(lambda one: one.place == 2)
    assert [one.place for one in followers] == [0, 0, 1, 2]
    assert [one.state for one in followers] == ["running", "running", "waiting", "waiting"]
    jobs[1].compute()
    assert opener.next().run.recipe == followers[2].training.recipe
    watchers[3].until(lambda one: one.place == 1)
    assert opener.jobs.empty()
    it.close()


def test_time_left_counts_the_turns_of_others(a_schedule, opener):
    one = a_schedule.follow(recipes(1)[0])
    opener.compute()
    Watcher(one).until(lambda one: one.run.iteration == 1)
    alone = one.seconds_left
    assert alone == pytest.approx(39 * one.training.seconds)
    others = [a_schedule.follow(recipe) for recipe in recipes(3)[1:]]
    assert one.seconds_left == pytest.approx(3 * alone)
    others[0].pause()
    Watcher(others[0]).until(lambda _: one.seconds_left == pytest.approx(2 * alone))


def test_when_too_many_wait_the_next_one_is_refused(a_schedule, opener):
    running = a_schedule.follow(recipes(1)[0])
    opener.next()
    Watcher(running).until(lambda one: one.state == "running")
    every = recipes(MAX_WAITING_TRAININGS + 2)[1:]
    waiting = [a_schedule.follow(recipe) for recipe in every[:-1]]
    assert waiting[-1].place == MAX_WAITING_TRAININGS
    assert "20 trainings are waiting" in refused(a_schedule.follow, every[-1])
    assert a_schedule.follow(every[0]).training is waiting[0].training  # it waits already
    waiting[3].leave()
    Watcher(waiting[-1]).until(lambda one: one.place == MAX_WAITING_TRAININGS - 1)
    assert a_schedule.follow(every[-1]).place == MAX_WAITING_TRAININGS


# ---- paused, left, unwatched ---------------------------------------------------------------------


def test_a_pause_keeps_the_run_and_gives_the_turn_to_others(a_schedule, opener):
    first, second = recipes(2)
    one, two = a_schedule.follow(first), a_schedule.follow(second)
    watcher = Watcher(one)
    job = opener.next()
    one.pause()
    watcher.until(lambda one: one.state == "paused")
    job.compute()
    assert [run.recipe for run in opener.compute(3)] == [second] * 3
    assert one.run.iteration == 0 and one.place == 0 and one.training.run.iteration == 1
    one.resume()
    assert one.run.iteration == 1 and one.state in ("waiting", "running")
    finish(watcher, opener)
    assert_same(one.run, alone(first))
    finish(Watcher(two), opener)


def test_a_pause_is_the_followers_own(a_schedule, opener):
    one, two = a_schedule.follow(recipes(1)[0]), a_schedule.follow(recipes(1)[0])
    opener.compute(2)
    watcher = Watcher(one)
    watcher.until(lambda one: one.run.iteration > 1)
    one.pause()
    before = one.run
    finish(Watcher(two), opener)
    assert one.state == "paused" and one.run is before
    one.resume()
    watcher.until(lambda one: one.state == "done")
    one.pause()  # too late
    one.leave()
    assert one.state == "done" and one.run is two.run


def test_who_leaves_keeps_the_run_and_the_next_one_begins_anew(a_schedule, opener):
    one = a_schedule.follow(recipes(1)[0])
    opener.compute()
    watcher = Watcher(one)
    watcher.until(lambda one: one.run.iteration == 1)
    job = opener.next()
    one.leave()
    one.resume()  # there is no way back
    watcher.until(lambda one: one.state == "stopped")
    job.compute()
    again = a_schedule.follow(recipes(1)[0])
    assert again.training is not one.training and again.run.iteration == 0
    opener.compute()
    Watcher(again).until(lambda one: one.run.iteration == 1)
    assert one.run.iteration == 1 and one.seconds_left is None
    on = a_schedule.follow(one.run)
    assert on.run.iteration >= 1


def test_who_is_forgotten_has_left(a_schedule, opener, quick_eyes):
    one, two = (a_schedule.follow(recipe) for recipe in recipes(2))
    assert opener.compute()[0].recipe == recipes(2)[0]
    two_alone = Watcher(two)
    del one
    gc.collect()
    runs = opener.compute(4)
    assert [run.recipe for run in runs[-2:]] == [recipes(2)[1]] * 2
    finish(two_alone, opener)
    assert opener.jobs.empty()


def test_who_does_not_watch_gives_the_turn_up(a_schedule, opener, quick_eyes):
    eyes, asked = threading.Event(), threading.Semaphore(0)
    eyes.set()

    def watching():
        asked.release()
        return eyes.is_set()

    first, second = recipes(2, iterations=100_000)
    one = a_schedule.follow(first, watching=watching)
    two = a_schedule.follow(second)
    assert {run.recipe for run in opener.compute(4)} == {first, second}
    eyes.clear()
    while opener.compute()[0].recipe == first or one.training.wanted:
        pass  # both take turns until it is found out
    assert [run.recipe for run in opener.compute(3)] == [second] * 3
    assert one.state == "waiting" and one.place > 0
    eyes.set()
    while opener.compute()[0].recipe == second:
        pass
    assert two.state == "running"
    for _ in range(3):
        assert asked.acquire(timeout=SOON)


# ---- losses --------------------------------------------------------------------------------------


def test_a_lost_segment_is_computed_again_on_a_new_executor(a_schedule, opener):
    (recipe,) = recipes(1)
    one = a_schedule.follow(recipe)
    watcher = Watcher(one)
    opener.compute(3)
    job = opener.next()
    job.lose()
    again = opener.next()
    assert again.run.iteration == job.run.iteration and again.count == job.count
    at = job.run.iteration
    watcher.until(lambda one: one.note)
    assert one.note == f"A worker ended and the run went on from iteration {at}."
    assert len(opener.opened) == 2 and opener.opened[0].closed.is_set()
    again.compute()
    finish(watcher, opener)
    assert_same(one.run, alone(recipe))
    assert watcher.states[-2:] == ["running", "done"]


def test_an_executor_that_broke_while_idle_is_replaced(a_schedule, opener):
    finish(Watcher(a_schedule.follow(recipes(2)[0])), opener)

    def broken(*_):
        raise OSError("gone")

    opener.opened[0].submit = broken
    one = a_schedule.follow(recipes(2)[1])
    finish(Watcher(one), opener)
    assert one.state == "done" and one.note is None and len(opener.opened) == 2


def test_who_ends_every_worker_fails_and_spares_the_others(opener):
    opener.size = 2
    it = Schedule(opener)
    bad, good = recipes(2)
    one, two = it.follow(bad), it.follow(good)
    watcher, other = Watcher(one), Watcher(two)
    jobs = [opener.next(), opener.next()]
    jobs[0].lose(RuntimeError("KilledWorker"))
    for _ in range(MAX_LOST_SEGMENTS - 1):
        job = opener.next()
        assert job.run.recipe == bad
        job.lose(RuntimeError("KilledWorker"))
    watcher.until(lambda one: one.state == "failed")
    assert len(opener.opened) == 1
    assert one.problem == (
        "The worker ended 3 times in a row after iteration 0, perhaps for want of memory: lower "
        "batch_size, steps or hidden_size, or try again."
    )
    assert one.note is None and one.seconds_left is None
    jobs[1].compute()
    finish(other, opener)
    assert two.note is None
    assert_same(two.run, alone(good))
    assert it.follow(bad).training is not one.training  # another try
    it.close()


def test_what_a_segment_raises_is_said(a_schedule, opener, monkeypatch):
    def no_memory(run, iterations):
        raise MemoryError("not enough")

    monkeypatch.setattr("seqviz.training.scheduling.worker.advance", no_memory)
    one = a_schedule.follow(recipes(1)[0])
    opener.compute(MAX_LOST_SEGMENTS)
    Watcher(one).until(lambda one: one.state == "failed")
    assert one.problem == (
        "After iteration 0 this failed 3 times in a row: MemoryError: not enough; change the "
        "recipe."
    )
    assert len(opener.opened) == 1


def test_without_workers_a_training_says_what_to_do():
    answers = [SeqvizError("Start a scheduler."), SeqvizError("Start a scheduler."), Opener()]

    def open_workers():
        if isinstance(answers[0], Exception):
            raise answers.pop(0)
        return answers[0]()

    it = Schedule(open_workers)
    it.warm()  # says nothing to anybody
    one = it.follow(recipes(1)[0])
    Watcher(one).until(lambda one: one.state != "waiting")
    while len(answers) > 1:  # warm may have come too late to be the first
        one = it.follow(recipes(1)[0])
        Watcher(one).until(lambda one: one.state != "waiting")
    assert one.problem == "Start a scheduler." or one.state == "running"
    again = it.follow(recipes(1)[0])
    finish(Watcher(again), answers[0])
    assert again.state == "done"
    it.close()


def test_workers_that_were_lost_are_waited_for(opener):
    """A cluster's scheduler that is restarted does not answer for some seconds."""
    away = [SeqvizError("Start a scheduler.")]

    def open_workers():
        if opener.opened and away:
            raise away.pop()
        return opener()

    it = Schedule(open_workers)
    one = it.follow(recipes(1)[0])
    opener.compute()
    opener.next().lose()
    finish(Watcher(one), opener)
    assert one.state == "done" and not away and len(opener.opened) == 2
    assert_same(one.run, alone(recipes(1)[0]))
    it.close()


# ---- strangers' code -----------------------------------------------------------------------------


def test_on_change_is_called_without_the_lock_and_may_fail(a_schedule, opener):
    free = []

    def on_change(one):
        def look():
            free.append(a_schedule.changed.acquire(timeout=SOON))
            a_schedule.changed.release()

        other = threading.Thread(target=look)
        other.start()
        other.join()
        raise RuntimeError("the page is gone")

    one, two = (a_schedule.follow(recipes(1)[0]) for _ in range(2))
    one.on_change = on_change
    finish(Watcher(two), opener)
    assert len(free) > 2 and all(free)


def test_a_watching_that_fails_sees_nothing(a_schedule, opener, quick_eyes):
    def watching():
        raise RuntimeError("the page is gone")

    one = a_schedule.follow(recipes(2)[0], watching=watching)
    two = a_schedule.follow(recipes(2)[1])
    finish(Watcher(two), opener)
    Watcher(one).until(lambda one: not one.training.wanted)


# ---- from start to end ---------------------------------------------------------------------------


def test_workers_come_with_the_first_training_and_go_when_there_is_none(opener):
    it = Schedule(opener, idle=0.02)
    assert opener.opened == []
    finish(Watcher(it.follow(recipes(2)[0])), opener)
    assert opener.opened[0].closed.wait(SOON)
    finish(Watcher(it.follow(recipes(2)[1])), opener)
    assert len(opener.opened) == 2
    it.close()
    assert opener.opened[1].closed.is_set()


def test_workers_go_while_everybody_has_paused(opener):
    it = Schedule(opener, idle=0.02)
    one = it.follow(recipes(1)[0])
    watcher = Watcher(one)
    opener.compute()
    watcher.until(lambda one: one.run.iteration == 1)
    job = opener.next()
    one.pause()
    job.compute()
    assert opener.opened[0].closed.wait(SOON)
    one.resume()
    finish(watcher, opener)
    assert_same(one.run, alone(recipes(1)[0]))
    it.close()


def test_warm_starts_a_worker_ahead(a_schedule, opener):
    a_schedule.warm()
    one = a_schedule.follow(recipes(1)[0])
    finish(Watcher(one), opener)
    assert len(opener.opened) == 1 and opener.opened[0].grew.is_set()


def test_another_worker_is_asked_for_when_somebody_waits(a_schedule, opener):
    every = [a_schedule.follow(recipe) for recipe in recipes(3)]
    job = opener.next()
    assert opener.opened[0].grew.wait(SOON)
    opener.opened[0].size = 2  # it has started
    assert opener.next().run.recipe != job.run.recipe
    assert sum(one.place for one in every) == 1


def test_a_closed_schedule_follows_nothing(opener):
    it = Schedule(opener)
    it.close()
    assert "closed" in refused(it.follow, recipes(1)[0])


def test_a_process_has_one_schedule():
    assert default_schedule() is default_schedule()
