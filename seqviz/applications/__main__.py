"""Train a stored network again, or measure all: python -m seqviz.applications train | evaluate."""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping, Sequence

import torch

from seqviz.applications.application import Score
from seqviz.applications.recorded_scores import record
from seqviz.applications.registry import APPLICATIONS


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m seqviz.applications", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    train = commands.add_parser("train", help="train a network and store it")
    train.add_argument("name", choices=list(APPLICATIONS))
    evaluate = commands.add_parser(
        "evaluate", help="measure all, record it, print a Markdown table"
    )
    evaluate.add_argument("name", nargs="*", help=f"{', '.join(APPLICATIONS)}; all without")
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    if chosen.command == "train":
        _train(chosen.name)
        return
    unknown = set(chosen.name) - set(APPLICATIONS)
    if unknown:
        evaluate.error(f"unknown: {', '.join(sorted(unknown))}")
    _measure(chosen.name or tuple(APPLICATIONS))


def _train(key: str) -> None:
    one, start = APPLICATIONS[key], time.monotonic()
    trained = one.train()
    size = one.store(trained)
    seconds = time.monotonic() - start
    print(f"{one.name}: {len(trained.loss):,} iterations in {seconds:.0f} s, {size:,} bytes\n")
    _measure((key,))


def _measure(keys: Sequence[str]) -> None:
    """Measure, record, and print the table."""
    found = {key: (APPLICATIONS[key].evaluate(), APPLICATIONS[key].mistakes()) for key in keys}
    record(found)
    print(table({key: scores for key, (scores, _) in found.items()}))


def table(scores: Mapping[str, Sequence[Score]]) -> str:
    """A row for each score: the network's number beside the baselines'."""
    rows = ["| Use | On | Measure | Network | Baselines |", "|:--|:--|:--|--:|:--|"]
    for key, each in scores.items():
        name = APPLICATIONS[key].name
        rows += [f"| {name} | {_cells(score)} |" for score in each]
    return "\n".join(rows)


def _cells(score: Score) -> str:
    def number(value: float) -> str:
        return f"{value:,.{score.digits}f}"

    lines = ", ".join(f"{line.name} {number(line.value)}" for line in score.baselines)
    mark = "" if score.beats_baselines else " (not better)"
    return f"{score.on} | {score.measure} | {number(score.value)}{mark} | {lines}"


if __name__ == "__main__":
    main()
