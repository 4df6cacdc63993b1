"""What training reaches, three seeds a row, and how fast it is beside a plain loop.

One thread, each task's own default recipe (batch 64, Adam, gradients clipped at 1). Every figure is
the worst of the seeds on sequences that training has not seen. `SEEDS=1` shortens it. A promise
stands where one was made; the other rows say what a cell does, also where it learns nothing.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace

import torch
from report import Row
from torch import nn

from seqviz.training.judgement import judge
from seqviz.training.recipe import Recipe
from seqviz.training.run import Run, begin
from seqviz.training.segment import advance
from seqviz.training.tasks.counting import counts_up_to, largest_n

SEEDS = range(int(os.environ.get("SEEDS", 3)))
CELLS = {"LSTM": "LSTM", "GRU": "GRU", "RNN_TANH": "tanh"}
SEGMENT = 20  # iterations, about a quarter of a second


def measure() -> list[Row]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return [*adding(), *order(), *flip_flop(), *counting(), *copying(), *speed()]
    finally:
        torch.set_num_threads(before)


def runs(task: str, mode: str) -> list[Run]:
    """One run a seed; the seed chooses weights, head and data."""
    usual = Recipe.default(task, mode=mode)
    every = []
    for seed in SEEDS:
        print(f"  {task}, {CELLS[mode]}, seed {seed}", file=sys.stderr, flush=True)
        run = begin(replace(usual, seed=seed, spec=replace(usual.spec, seed=seed)))
        every.append(advance(run, usual.iterations))
    return every


def loss(run: Run) -> float:
    judged = judge(run)
    assert judged is not None
    return judged.loss


def percent(run: Run) -> float:
    judged = judge(run)
    assert judged is not None and judged.accuracy is not None
    return 100 * judged.accuracy


def named(task: str, mode: str, run: Run) -> str:
    recipe = run.recipe
    return (
        f"{task}, {CELLS[mode]}, T={recipe.steps} H={recipe.spec.hidden_size}, "
        f"{recipe.iterations:,} iterations"
    )


def adding() -> list[Row]:
    rows = []
    for mode in CELLS:
        every = runs("adding", mode)
        worst, best = max(map(loss, every)), min(map(loss, every))
        goal = None if mode == "RNN_TANH" else 0.01
        rows.append(Row(named("adding", mode, every[0]) + ": worst MSE", worst, "", goal))
        if goal is None:  # 1 or more: it has learned nothing
            ratio = best / (every[0].baselines[0].loss or 1)
            rows.append(Row("adding, tanh: best MSE / baseline 1/6", ratio, "×"))
    return rows


def order() -> list[Row]:
    rows = []
    for mode in CELLS:
        every = runs("order", mode)
        goal = None if mode == "RNN_TANH" else 100.0
        what = named("temporal order", mode, every[0]) + ": right (chance 25)"
        rows.append(Row(what, min(map(percent, every)), "%", goal, at_least=True))
    return rows


def flip_flop() -> list[Row]:
    rows = []
    for mode in CELLS:
        every = runs("flip_flop", mode)
        what = named("3-bit flip-flop", mode, every[0]) + ": right steps"
        rows.append(Row(what, min(map(percent, every)), "%", 99.0, at_least=True))
    return rows


def counting() -> list[Row]:
    """How far each cell counts beyond the n it was trained on; the LSTM has to count further."""
    every = {mode: runs("counting", mode) for mode in CELLS}
    reached = {mode: [counts_up_to(run.model) for run in group] for mode, group in every.items()}
    others = max(reached["GRU"] + reached["RNN_TANH"])
    trained = largest_n(every["LSTM"][0].recipe)
    rows = []
    for mode, group in every.items():
        goal = max(trained, others) + 1 if mode == "LSTM" else None
        what = named(f"aⁿbⁿ, n up to {trained}", mode, group[0])
        which = "least" if mode == "LSTM" else "largest"
        n = min(reached[mode]) if mode == "LSTM" else max(reached[mode])
        rows.append(Row(f"{what}: {which} n it counts to", n, "", goal, at_least=True))
    return rows


def copying() -> list[Row]:
    rows = []
    for mode in CELLS:
        every = runs("copy", mode)
        floor = every[0].baselines[0].loss or 1
        what = named("copy", mode, every[0])
        worst = max(map(loss, every)) / floor
        verdict = "; 1 is guessing" if worst < 0.98 else "; learned nothing beyond it"
        rows.append(Row(f"{what}: worst loss / floor {floor:.3f}{verdict}", worst, "×"))
        rows.append(Row(f"{what}: symbols right (12.5 by chance)", min(map(percent, every)), "%"))
    return rows


# ---- speed ---------------------------------------------------------------------------------------


def speed() -> list[Row]:
    """Iterations a second in segments of their own, against the plain loop; adding, LSTM."""
    rows = []
    for hidden, layers in ((32, 1), (128, 2)):
        usual = Recipe.default("adding", mode="LSTM")
        spec = replace(usual.spec, hidden_size=hidden, num_layers=layers)
        recipe = replace(usual, spec=spec, iterations=100_000 if hidden < 128 else 5000)
        ratio = in_turn(segments(recipe), plain(recipe))
        what = f"training in segments / plain loop, iterations a second, LSTM H={hidden} L={layers}"
        rows.append(Row(what, ratio, "×", 0.9, at_least=True))
    return rows


def segments(recipe: Recipe) -> Callable[[], None]:
    run = begin(recipe)

    def work() -> None:
        nonlocal run
        run = run.followed_by(advance(run.without_history(), SEGMENT))

    return work


def plain(recipe: Recipe) -> Callable[[], None]:
    """The loop as one writes it by hand, SEGMENT iterations of it."""
    spec, T, N = recipe.spec, recipe.steps, recipe.batch_size
    rnn = nn.LSTM(spec.input_size, spec.hidden_size, spec.num_layers)
    head = nn.Linear(spec.hidden_size, 1)
    parameters = [*rnn.parameters(), *head.parameters()]
    optimizer = torch.optim.Adam(parameters, lr=recipe.lr)
    each, losses = torch.arange(N), []

    def work() -> None:
        for _ in range(SEGMENT):
            values, marker = torch.rand(T, N), torch.zeros(T, N)
            first, second = torch.randint(T // 2, (N,)), torch.randint(T // 2, T, (N,))
            marker[first, each] = marker[second, each] = 1
            target = values[first, each] + values[second, each]
            optimizer.zero_grad()
            output, _ = rnn(torch.stack([values, marker], dim=-1))
            mse = nn.functional.mse_loss(head(output[-1])[:, 0], target)
            mse.backward()
            nn.utils.clip_grad_norm_(parameters, 1.0)
            optimizer.step()
            losses.append(mse.item())

    return work


def in_turn(one: Callable[[], None], other: Callable[[], None], seconds: float = 10) -> float:
    """How much faster one is than the other: the median of pairs, run in turn."""
    one(), other()  # warms up
    ratios, began = [], time.perf_counter()
    while len(ratios) < 8 or time.perf_counter() - began < seconds:
        start = time.perf_counter()
        one()
        middle = time.perf_counter()
        other()
        ratios.append((time.perf_counter() - middle) / (middle - start))
    return statistics.median(ratios)
