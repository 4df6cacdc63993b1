"""The scores of all uses as they were measured last: some take half a minute to measure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from seqviz.applications.application import Line, Score

FILE = Path(__file__).parent / "scores.json"


def recorded(key: str) -> tuple[Score, ...]:
    """What `python -m seqviz.applications evaluate` found for this use, () before it ever did."""
    return tuple(_score(dict(each)) for each in _read().get(key, []))


def record(scores: Mapping[str, Sequence[Score]]) -> None:
    """Keep these, and those of all other uses."""
    known = dict(_read()) | {key: [asdict(one) for one in each] for key, each in scores.items()}
    FILE.write_text(json.dumps(known, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    _read.cache_clear()


@cache
def _read() -> dict[str, list[dict[str, Any]]]:
    if not FILE.exists():
        return {}
    known: dict[str, list[dict[str, Any]]] = json.loads(FILE.read_text(encoding="utf-8"))
    return known


def _score(fields: dict[str, Any]) -> Score:
    lines = tuple(Line(**line) for line in fields.pop("baselines") if line)
    return Score(**fields, baselines=lines)
