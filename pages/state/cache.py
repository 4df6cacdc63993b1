"""A session's last result of everything costly: what a step of the player must not redo.

One result a name: the largest traces weigh 200 MB, so older ones are let go, and the smallest take
a millisecond to make again. st.cache_resource would spend several on hashing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import streamlit as st

from seqviz.errors import SeqvizError

Result = TypeVar("Result")
PATIENCE = 0.6  # seconds before a progress bar appears: most measures are done by then


@dataclass
class Cache:
    """The last key and result (or SeqvizError) of each name."""

    kept: dict[str, tuple[Hashable, Any, SeqvizError | None]] = field(default_factory=dict)

    def get(self, name: str, key: Hashable, make: Callable[[], Result]) -> Result:
        """make() for this key, or what it gave last time if the key is the same."""
        if not self.holds(name, key):
            self.kept[name] = (key, *_tried(make))
        _, result, error = self.kept[name]
        if error is not None:
            raise error.with_traceback(None)  # or each time would add to the last one's
        return result  # type: ignore[no-any-return]

    def holds(self, name: str, key: Hashable) -> bool:
        """Whether `get` would give what it has."""
        return name in self.kept and self.kept[name][0] == key

    def put(self, name: str, key: Hashable, result: object) -> None:
        """Keep a result that `get` gives for this key from now on."""
        self.kept[name] = key, result, None


def _tried(make: Callable[[], Result]) -> tuple[Result | None, SeqvizError | None]:
    try:
        return make(), None
    except SeqvizError as error:
        return None, error


def with_progress(text: str, work: Callable[[Callable[[float], None]], Result]) -> Result:
    """work(progress) with a bar that appears only if it takes a while."""
    place, began = st.empty(), time.monotonic()

    def progress(part: float) -> None:
        if time.monotonic() - began > PATIENCE:
            place.progress(min(1.0, max(0.0, part)), text)

    result = work(progress)
    place.empty()
    return result
