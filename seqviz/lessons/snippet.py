"""Runs a lesson's snippet as a terminal would, and keeps what it printed and what it made.

The text is ours, with numbers from within bounds written into it: nothing that a visitor typed
is ever in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Any

import torch

_ONE_AT_A_TIME = Lock()  # torch.manual_seed is everybody's


@dataclass(frozen=True, eq=False)
class Ran:
    """printed: all that the snippet printed. names: its variables. Shared: read them only."""

    printed: str
    names: Mapping[str, Any]


def run(snippet: str) -> Ran:
    """Execute a snippet of ours. The global random state is as before afterwards.

    A class that reveals a lesson at the same moment runs it once.
    """
    with _ONE_AT_A_TIME:
        return _run(snippet)


@lru_cache(maxsize=64)
def _run(snippet: str) -> Ran:
    lines: list[str] = []

    def written(*values: object) -> None:
        lines.append(" ".join(map(str, values)))

    names: dict[str, Any] = {"print": written}
    with torch.random.fork_rng(devices=[]):
        exec(compile(snippet, "snippet", "exec"), names)
    return Ran("\n".join(lines), names)
