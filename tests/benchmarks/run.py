"""Measure what issue and README promise: `.venv/bin/python tests/benchmarks/run.py [name ...]`.

Names: trace, player, latency, visit, load (all of them without any), uploads, training, schedule
(training in worker processes), smooth (visitors beside trainings) and poll (a class that answers),
which take minutes, and influence, which prints its own lines. Everything stays on this machine.
`SECONDS=20` shortens load's minute, `UPLOADS=40` uploads, `SEEDS=1` training. The figures hold for
an idle machine with two cores, on which the loop that is timed before and after takes some 100 ms:
where it takes longer, so do a page and a rerun. Exit code 1 when a promise is broken.
"""

from __future__ import annotations

import importlib
import runpy
import statistics
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "support"), str(HERE.parents[1])]

from report import Row, table  # noqa: E402

NAMES = ("trace", "player", "latency", "visit", "load")
MORE = ("uploads", "training", "schedule", "smooth", "poll", "influence")
LOOP = compile("total = 0\nfor number in range(3_000_000): total += number", "loop", "exec")


def run(names: list[str]) -> list[Row]:
    rows = [machine("before")]
    for name in names:
        print(f"measuring {name} …", file=sys.stderr, flush=True)
        script = HERE / f"bench_{name}.py"
        if not script.exists():
            sys.exit(f"There is no benchmark {name}: choose from {', '.join(NAMES + MORE)}.")
        if hasattr(module := importlib.import_module(script.stem), "measure"):
            rows += module.measure()
        else:
            runpy.run_path(str(script), run_name="__main__")
    return [*rows, machine("after")]


def machine(when: str) -> Row:
    """How fast this machine is by itself, so that tables of different days can be compared."""
    took = []
    for _ in range(5):
        start = time.process_time()
        exec(LOOP, {})
        took.append(time.process_time() - start)
    return Row(f"3 million additions in Python, {when}", statistics.median(took) * 1e3, "ms")


if __name__ == "__main__":
    rows = run(sys.argv[1:] or list(NAMES))
    print(table(rows))
    sys.exit(not all(row.kept for row in rows))
