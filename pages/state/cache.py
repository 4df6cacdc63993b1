"""A session's last result of everything costly: what a step of the player must not redo.

One result a name: the largest traces weigh 200 MB, so older ones are let go, and the smallest take
a millisecond to make again. st.cache_resource would spend several on hashing.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pages.state.measurement import Measurement, Tell
from seqviz.errors import SeqvizError

Result = TypeVar("Result")


@dataclass
class Cache:
    """The last key and result (or SeqvizError) of each name, and what is being measured."""

    kept: dict[str, tuple[Hashable, Any, SeqvizError | None]] = field(default_factory=dict)
    measuring: dict[str, Measurement] = field(default_factory=dict)

    def get(self, name: str, key: Hashable, make: Callable[[], Result]) -> Result:
        """make() for this key, or what it gave last time if the key is the same."""
        kept: tuple[Hashable, Any, SeqvizError | None] | None = self.kept.get(name)
        if kept is None or kept[0] != key:
            kept = self.kept[name] = (key, *_tried(make))
        if kept[2] is not None:
            raise _anew(kept[2])
        result: Any = kept[1]
        return result  # type: ignore[no-any-return]

    def measure(
        self, name: str, key: Hashable, text: str, work: Callable[[Tell], Result]
    ) -> Result:
        """As `get`, for what takes long: text stands above a bar; a run cut short loses nothing.

        One measurement a name: another key abandons the one under way.
        """

        def finished() -> Result:
            result: Result = self._under_way(name, key, work).result(text)
            del self.measuring[name]
            return result

        return self.get(name, key, finished)

    def _under_way(self, name: str, key: Hashable, work: Callable[[Tell], Any]) -> Measurement:
        before = self.measuring.get(name)
        if before is not None and before.key == key:
            return before
        if before is not None:
            before.abandon()
        self.measuring[name] = Measurement(key, work)
        return self.measuring[name]

    def holds(self, name: str, key: Hashable) -> bool:
        """Whether `get` would give what it has."""
        return name in self.kept and self.kept[name][0] == key

    def put(self, name: str, key: Hashable, result: object) -> None:
        """Keep a result that `get` gives for this key from now on."""
        self.kept[name] = key, result, None


def _anew(error: SeqvizError) -> SeqvizError:
    """The same, as if it had never been raised. One that was holds the frames it went through, and
    with them all that the run of the page holds; where Dask is loaded, so does its copy.copy.
    """
    return type(error)(*error.args)


def _tried(make: Callable[[], Result]) -> tuple[Result | None, SeqvizError | None]:
    try:
        return make(), None
    except SeqvizError as error:
        return None, _anew(error)
