"""Real worker processes: what they load, what they take, how they are killed, that none is left."""

import json
import os
import signal
import subprocess
import sys
from concurrent.futures import BrokenExecutor, Future
from pathlib import Path
from types import SimpleNamespace

import pytest
from manual_workers import SOON, Watcher
from plain_training import adding_recipe
from processes import children, ends
from refusals import refused
from same_runs import assert_same

from seqviz.training.run import begin
from seqviz.training.scheduling import processes
from seqviz.training.scheduling.executors import DASK_SCHEDULER, cores, open_workers
from seqviz.training.scheduling.processes import Processes, _Worker
from seqviz.training.scheduling.schedule import Schedule
from seqviz.training.scheduling.worker import Answer
from seqviz.training.segment import advance

ROOT = Path(__file__).parents[4]
ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

SERVER = """
import sys
with open(sys.argv[1], "a") as runs:
    runs.write("run\\n")  # by everybody who runs this file
sys.modules["streamlit"] = sys  # loaded here

import json, os, threading
from seqviz.training.scheduling.processes import Processes
from seqviz.training.recipe import Recipe
from seqviz.training.scheduling.schedule import Schedule

made, done = [], threading.Event()
def open_workers():
    made.append(Processes(1))
    return made[-1]
schedule = Schedule(open_workers)
follower = schedule.follow(Recipe.default("adding"))
follower.on_change = lambda one: one.run.iteration > 40 and done.set()
assert done.wait(60)
follower.pause()
ask = lambda what: made[0]._workers[0]._submit(eval, what).result()
print(json.dumps({
    "pid": ask("__import__('os').getpid()"),
    "modules": ask("[name for name in __import__('sys').modules if '.' not in name]"),
    "compiler": ask("'torch._dynamo' in __import__('sys').modules"),
    "threads": ask("__import__('torch').get_num_threads()"),
    "OMP": ask("__import__('os').environ['OMP_NUM_THREADS']"),
    "here": os.environ.get("OMP_NUM_THREADS"),
    "status": ask("open('/proc/self/status').read()"),
}), flush=True)
sys.stdin.read()
"""


HALF_AN_ANSWER = """
import os, sys
frame = sys._getframe()
while "result_queue" not in frame.f_locals:
    frame = frame.f_back
pipe = frame.f_locals["result_queue"]._writer.fileno()
os.write(pipe, (1000).to_bytes(4, "big") + b"and 12 bytes")  # of 1000
os._exit(1)
"""


@ON_LINUX
def test_a_worker_loads_little_and_ends_with_a_killed_server(tmp_path):
    """The server's file, like `streamlit run`, would do harm when a worker ran it again."""
    file, runs = tmp_path / "server.py", tmp_path / "runs.txt"
    file.write_text(SERVER)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.pop("OMP_NUM_THREADS", None)
    with subprocess.Popen(
        [sys.executable, file, runs],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as server:
        told = json.loads(server.stdout.readline())
        assert runs.read_text() == "run\n"
        assert {"seqviz", "torch"} <= set(told["modules"])
        assert not {"streamlit", "pages", "pandas", "plotly", "sympy"} & set(told["modules"])
        assert not told["compiler"]
        assert told["threads"] == 1 and told["OMP"] == "1" and told["here"] is None
        status = dict(line.split(":\t") for line in told["status"].splitlines())
        assert int(status["VmHWM"].split()[0]) < 300 * 1024  # kB, at its peak
        server.kill()
    assert ends(told["pid"])


def notes_after_a_kill(workers, watchers):
    """Kill workers until one had a segment: between two segments that costs nothing."""

    def notes():
        return [watcher.follower.note for watcher in watchers if watcher.follower.note]

    while not notes():
        first = workers.pids[:1]
        os.kill(*first, signal.SIGTERM)  # SIGKILL is not known on Windows
        watchers[0].until(lambda _, first=first: notes() or workers.pids[:1] not in ([], first))
    return notes()


def test_a_killed_worker_changes_nothing():
    made = []

    def open_workers():
        made.append(Processes(2))
        return made[-1]

    recipes = [adding_recipe(seed=seed, iterations=4000) for seed in range(2)]
    before = set(children())
    it = Schedule(open_workers)
    watchers = [Watcher(it.follow(recipe)) for recipe in recipes]
    one, two = (watcher.follower for watcher in watchers)
    watchers[0].until(lambda one: one.run.iteration > 30)
    one.pause()
    at = one.run
    watchers[1].until(lambda two: two.run.iteration > 60)
    one.resume()
    watchers[1].until(lambda _: made[0].size == 2)
    first = made[0].pids
    assert len(first) == 2  # the other one was started when both wanted to go on
    (note,) = notes_after_a_kill(made[0], watchers)
    assert note.startswith("A worker ended and the run went on from iteration ")
    for watcher in watchers:
        watcher.until(lambda one: one.run.iteration > 300)
        watcher.follower.pause()
    assert len(made) == 1
    assert one.run.iteration > at.iteration
    for follower, recipe in zip((one, two), recipes, strict=True):
        assert_same(follower.run, advance(begin(recipe), follower.run.iteration))
    second = made[0].pids
    it.close()
    left = {pid: name for pid, name in children().items() if pid not in before}
    assert not {*first, *second} & set(left)
    assert all("resource_tracker" in name for name in left.values())


def killed(workers):
    (pid,) = workers.pids
    os.kill(pid, signal.SIGTERM)


def test_a_worker_killed_at_rest_is_replaced():
    workers, run = Processes(1), begin(adding_recipe())
    run = workers.submit(run, 3).result().run(run.recipe)
    killed(workers)
    lost = workers.submit(run, 3).exception()  # None when the kill has been noticed by then
    assert lost is None or not workers.all_lost(lost)
    assert_same(workers.submit(run, 3).result().run(run.recipe), advance(run, 3))
    workers.close(wait=True)


def test_a_kill_noticed_before_the_next_segment_costs_none():
    workers, run = Processes(1), begin(adding_recipe())
    run = workers.submit(run, 3).result().run(run.recipe)
    pool = workers._workers[0]._pool
    killed(workers)
    with pytest.raises(BrokenExecutor):
        for _ in range(2):  # the first one may be lost, which is when it is noticed
            pool.submit(int).exception()
    assert_same(workers.submit(run, 3).result().run(run.recipe), advance(run, 3))
    workers.close(wait=True)


@pytest.mark.skipif(os.name == "nt", reason="an answer comes whole or not at all there")
def test_a_worker_killed_in_the_middle_of_its_answer_is_replaced():
    workers, run = Processes(1), begin(adding_recipe())
    lost = workers._workers[0]._submit(exec, HALF_AN_ANSWER).exception(SOON)
    assert isinstance(lost, BrokenExecutor) and not workers.all_lost(lost)
    assert_same(workers.submit(run, 3).result(SOON).run(run.recipe), advance(run, 3))
    workers.close(wait=True)


def test_a_worker_asked_for_something_else_meanwhile_is_given_its_run():
    """Who waits for a result may hear of it, and ask again, before the worker does."""
    asked = []

    def submit(function, key, run, iterations):
        asked.append((key, run))
        return Future()

    one, run = _Worker(), begin(adding_recipe())
    one._pool = SimpleNamespace(submit=submit)
    first = one.segment(("a", 0), run, 3)
    second = one.segment(("b", 0), run, 3)
    first.set_result(Answer({}, 0.0, key=("a", 3)))
    assert one.has is None
    second.set_result(Answer({}, 0.0, key=("b", 3)))
    assert one.has == ("b", 3)
    third = one.segment(("b", 3), run, 3)
    third.set_exception(BrokenExecutor())
    assert one.has is None and one.ended
    assert asked == [(("a", 0), run), (("b", 0), run), (("b", 3), None)]


def test_there_is_at_most_one_worker_a_core(monkeypatch):
    assert 1 <= cores() <= (os.cpu_count() or 1)
    monkeypatch.delenv(DASK_SCHEDULER, raising=False)
    workers = open_workers()
    assert isinstance(workers, Processes) and len(workers._workers) == cores()
    workers.close(wait=True)
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    assert cores() == os.cpu_count()


def test_a_cluster_needs_distributed(monkeypatch):
    monkeypatch.setenv(DASK_SCHEDULER, "tcp://127.0.0.1:1")
    monkeypatch.setitem(sys.modules, "distributed", None)  # not installed
    assert "pip install distributed" in refused(open_workers)


def test_the_environment_of_this_process_stays_as_it_was(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    with processes._environment("OMP_NUM_THREADS", "1"):
        assert os.environ["OMP_NUM_THREADS"] == "1"
    assert os.environ["OMP_NUM_THREADS"] == "7"
