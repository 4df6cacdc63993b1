"""Scores and mistakes of all uses as they were measured last: some take half a minute."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from seqviz.applications.application import Line, Score
from seqviz.applications.mistakes import Mistakes, of_json

FILE = Path(__file__).parent / "scores.json"


def recorded(key: str) -> tuple[Score, ...]:
    """What `python -m seqviz.applications evaluate` found for this use, () before it ever did."""
    return tuple(_score(dict(each)) for each in _read().get(key, {}).get("scores", []))


def recorded_mistakes(key: str) -> Mistakes | None:
    """Where it found this use to go wrong; None where it does not say."""
    return of_json(_read().get(key, {}).get("mistakes"))


def record(found: Mapping[str, tuple[Sequence[Score], Mistakes | None]]) -> None:
    """Keep scores and mistakes of these uses, and those of all others."""
    known = dict(_read()) | {
        key: {
            "scores": [asdict(one) for one in scores],
            "mistakes": None if mistakes is None else asdict(mistakes),
        }
        for key, (scores, mistakes) in found.items()
    }
    FILE.write_text(json.dumps(known, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    _read.cache_clear()


@cache
def _read() -> dict[str, dict[str, Any]]:
    if not FILE.exists():
        return {}
    known: dict[str, dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))
    return known


def _score(fields: dict[str, Any]) -> Score:
    lines = tuple(Line(**line) for line in fields.pop("baselines") if line)
    return Score(**fields, baselines=lines)
