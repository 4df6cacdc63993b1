"""A Dask cluster on this machine: a worker is killed, and the weights are those of one process."""

import os
import signal
from concurrent.futures import CancelledError

import distributed
import pytest
from manual_workers import Watcher
from plain_training import adding_recipe
from refusals import refused
from same_runs import assert_same

from seqviz.training.run import begin
from seqviz.training.scheduling import executors
from seqviz.training.scheduling.executors import DASK_SCHEDULER, DaskWorkers, open_workers
from seqviz.training.scheduling.schedule import Schedule
from seqviz.training.segment import advance


def cluster_of(workers, folder):
    """A scheduler and its workers, on loopback alone and without a dashboard."""
    return distributed.LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        host="127.0.0.1",
        dashboard_address=None,
        scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},  # for its other pages, any port
        local_directory=str(folder),
    )


@pytest.fixture
def cluster(tmp_path):
    with cluster_of(2, tmp_path) as it:
        yield it


def test_a_cluster_that_loses_a_worker_ends_where_one_process_ends(cluster, monkeypatch):
    monkeypatch.setenv(DASK_SCHEDULER, cluster.scheduler_address)
    made = []

    def remembered():
        made.append(open_workers())
        return made[-1]

    recipes = [adding_recipe(seed=seed, iterations=400) for seed in range(2)]
    it = Schedule(remembered)
    watchers = [Watcher(it.follow(recipe)) for recipe in recipes]
    watchers[0].until(lambda one: one.run.iteration > 60)
    assert isinstance(made[0], DaskWorkers) and made[0].size == 2
    pids = made[0]._client.run(os.getpid)
    os.kill(next(iter(pids.values())), signal.SIGKILL)
    for watcher, recipe in zip(watchers, recipes, strict=True):
        watcher.until(lambda one: one.state == "done")
        assert_same(watcher.follower.run, advance(begin(recipe), 400))
    it.close()


def test_a_lost_scheduler_takes_all_segments_with_it_and_a_lost_worker_one():
    workers = DaskWorkers.__new__(DaskWorkers)  # connected to nothing
    assert workers.all_lost(CancelledError()) and workers.all_lost(ConnectionError())
    assert not workers.all_lost(distributed.KilledWorker("work-1", None, 3))


def test_a_scheduler_that_does_not_answer_is_named(monkeypatch):
    monkeypatch.setattr(executors, "CONNECT_SECONDS", 0.2)
    monkeypatch.setenv(DASK_SCHEDULER, "tcp://127.0.0.1:1")
    sentence = refused(open_workers)
    assert "tcp://127.0.0.1:1: start one with `python -m dask scheduler`" in sentence
    monkeypatch.setenv(DASK_SCHEDULER, "nonsense://")
    assert DASK_SCHEDULER in refused(open_workers)


def test_a_scheduler_without_workers_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(executors, "CONNECT_SECONDS", 0.5)
    with distributed.LocalCluster(n_workers=0, host="127.0.0.1", dashboard_address=None) as empty:
        monkeypatch.setenv(DASK_SCHEDULER, empty.scheduler_address)
        assert "has no workers: start some with `python -m dask worker" in refused(open_workers)
