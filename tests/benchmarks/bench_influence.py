"""How dear the whole influence matrix is, in autograd Jacobians of the last step.

    PYTHONPATH=. python tests/benchmarks/bench_influence.py

One thread, T=200, H=64, 1 layer, 1 feature; the promise is a ratio of at most 4. Then the
largest inputs a page may ask for, with their plans and the memory they add.
"""

import resource
import statistics
import time
from collections.abc import Callable

import torch

import seqviz
from seqviz.analysis.influence import influence, plan
from seqviz.types import MODES, RNNSpec


def seconds(work: Callable[[], object], repeats: int = 5) -> float:
    work()
    took = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        took.append(time.perf_counter() - start)
    return statistics.median(took)


def ratio(mode: str) -> float:
    rnn = seqviz.build(RNNSpec(mode, 1, 64))
    x = torch.randn(200, 1)
    trace = seqviz.trace(rnn, x)
    matrix = seconds(lambda: influence(trace))
    single = seconds(lambda: torch.autograd.functional.jacobian(lambda x: rnn(x)[0][-1], x))
    print(f"{mode:9} matrix {matrix * 1e3:7.1f} ms, one Jacobian {single * 1e3:7.1f} ms", end="")
    print(f", ratio {matrix / single:.3f} (at most 4)")
    return matrix / single


def large(spec: RNNSpec, steps: int) -> None:
    trace = seqviz.trace(seqviz.build(spec), torch.randn(steps, spec.input_size), spec=spec)
    chosen, before = plan(trace), peak_megabytes()
    start = time.perf_counter()
    influence(trace, t_stride=chosen.stride, directions=chosen.directions)
    took, added = time.perf_counter() - start, peak_megabytes() - before
    print(f"{spec.mode} T={steps} H={spec.hidden_size} L={spec.num_layers} D={spec.num_directions}")
    print(f"  I={spec.input_size}: {took:.1f} s, +{added:.0f} MB, {chosen.notice or 'exact'}")


def peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    torch.set_num_threads(1)
    worst = max(ratio(mode) for mode in MODES)
    print(f"worst ratio {worst:.3f}: {'kept' if worst <= 4 else 'BROKEN'}")
    large(RNNSpec("RNN_TANH", 1, 256), 2000)
    large(RNNSpec("LSTM", 64, 256), 2000)
    large(RNNSpec("LSTM", 1, 256, 4), 2000)
    large(RNNSpec("GRU", 1, 256, 2, bidirectional=True), 2000)
