"""The one table of everything a link carries, used both ways: URL -> state and state -> URL.

A state is a plain mapping from a field's name to its value. The name is the URL parameter, the
session key and the widget key at once, so a new shareable control is one row here.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from seqviz.data.drawing import pack_levels, unpack_levels, unpack_strokes
from seqviz.data.generators import SOURCES, Parameter
from seqviz.data.url_payload import LONGEST_DATA, unpack_sequence
from seqviz.errors import SeqvizError
from seqviz.rnn import interventions
from seqviz.types import INITS, MODES

State = Mapping[str, Any]
NOTHING = "-"  # how an emptied field is written: a parameter with no text gets lost on the way

PRESETS = ("cells", "parameters", "order", "sequences", "seeds", "inits", "forget bias")
"""What Compare sets side by side."""
ORDERS = ("reversed", "shuffled", "swapped")
"""In which other order Compare lets the same sequence be read."""
MEASURES = ("influence", "nudge", "horizon", "spectrum", "gates", "trajectory", "alike")
"""What Memory measures."""
MAX_HIDDEN_SIZE = 256
MAX_LAYERS = 4
MAX_DRAWN_STEPS = 200
LONGEST_TYPED = 100_000  # code points: more than is ever read, so that a sentence can say so
LONGEST_LINKED = 8000  # of them travel in a link
LONGEST_STROKES = 16_000
MAX_NOTICES = 5


@dataclass(frozen=True)
class Field:
    """One shareable value: its default, and how it is read from and written to a URL.

    read takes the parameter's text and raises ValueError (or SeqvizError) when it will not do.
    linked: the most characters of it that travel in a link, None without a limit.
    """

    name: str
    default: Any
    read: Callable[[str], Any]
    write: Callable[[Any], str]
    linked: int | None = None


def choice(name: str, options: Sequence[str], default: str | None = None) -> Field:
    """One of a few words."""

    def read(text: str) -> str:
        if text not in options:
            raise ValueError(text)
        return text

    return Field(name, default or options[0], read, str)


def whole(name: str, default: int | None, low: int, high: int) -> Field:
    """A whole number from low to high; a default of None means it may be absent."""

    def read(text: str) -> int:
        if not re.fullmatch(r"-?[0-9]{1,12}", text) or not low <= int(text) <= high:
            raise ValueError(text)
        return int(text)

    return Field(name, default, read, str)


def real(name: str, default: float | None, low: float, high: float) -> Field:
    """A finite number from low to high; a default of None means it may be absent."""

    def read(text: str) -> float:
        if len(text) > 40:
            raise ValueError(text)
        value = float(text)
        if not math.isfinite(value) or not low <= value <= high:
            raise ValueError(text)
        return value

    return Field(name, default, read, lambda value: repr(float(value)))


def flag(name: str, default: bool = False) -> Field:
    """On or off."""

    def read(text: str) -> bool:
        if text not in ("0", "1"):
            raise ValueError(text)
        return text == "1"

    return Field(name, default, read, lambda value: str(int(value)))


def words(
    name: str,
    default: str,
    longest: int,
    check: Callable[[str], object] = str,
    linked: int | None = None,
) -> Field:
    """Free text of bounded length; check raises when it does not hold what it should."""

    def read(text: str) -> str:
        if not text.strip(NOTHING):
            text = text[1:]
        if len(text) > longest:
            raise ValueError(text)
        if text:
            check(text)
        return text

    # "" is written as "-", and so that the two stay apart "-" as "--", "--" as "---"
    return Field(name, default, read, lambda v: v if v.strip(NOTHING) else v + NOTHING, linked)


def parameter_name(source: str, parameter: str) -> str:
    """The field that holds one parameter of one generator: "sine_period"."""
    return f"{source}_{parameter}"


def example_curve(steps: int = 60) -> str:
    """The curve on the pad of a first visit: two slow waves, then a faster one."""

    def value(t: float) -> float:
        slow = math.sin(2 * math.pi * 1.6 * t)
        fast = math.sin(2 * math.pi * 7 * t)
        return 0.62 * slow if t < 0.62 else 0.25 * slow + 0.55 * fast * (t - 0.5) / 0.5

    return pack_levels(tuple(round(2047.5 * (1 + value(t / steps))) for t in range(steps)))


def _check_cell(text: str) -> None:
    if not re.fullmatch(r"[0-9]{1,2}\.[01]\.[0-9]{1,4}(\.[0-4])?", text):
        raise ValueError(text)


def _source_field(source: str, parameter: Parameter) -> Field:
    name = parameter_name(source, parameter.name)
    if parameter.whole:
        low, high = int(parameter.low), int(parameter.high)
        return whole(name, int(parameter.default), low, high)
    return real(name, float(parameter.default), parameter.low, parameter.high)


_NETWORK = (
    choice("cell", MODES),
    whole("hidden_size", 16, 1, MAX_HIDDEN_SIZE),
    whole("num_layers", 2, 1, MAX_LAYERS),
    flag("bidirectional"),
    flag("bias", True),
    choice("init", [name for name in INITS if name != "given"]),
    real("forget_bias", None, -10.0, 10.0),
    whole("seed", 3, 0, 2**31 - 1),
    choice("h_0", ("zeros", "random", "typed")),
    words("h_0_values", "", 8000),
)
SEQUENCE = (
    choice("feed", ("draw", "type", "upload", "generate", "record")),
    choice("drawing", ("curve", "pen")),
    whole("steps", 60, 2, MAX_DRAWN_STEPS),
    words("curve", example_curve(), 4000, unpack_levels),
    words("strokes", "", LONGEST_STROKES, unpack_strokes),
    choice("resample", ("time", "arc length")),
    words("text", "hello, hidden state", LONGEST_TYPED, linked=LONGEST_LINKED),
    choice("text_unit", ("characters", "words")),
    choice("source", tuple(SOURCES)),
    *(_source_field(key, p) for key, source in SOURCES.items() for p in source.parameters),
    words("data", "", LONGEST_DATA, unpack_sequence),
    whole("bands", 16, 1, 64),
    real("frame_ms", 25.0, 1.0, 1000.0),
)
_VIEW = (
    choice("quantity", ("h", "c", "i", "f", "g", "o", "r", "z", "n")),
    whole("step", None, 0, 2000),
    words("selected", "", 14, _check_cell),
    choice("inspect", ("arithmetic", "over time", "data flow", "hands on")),
    words("changes", "", 600, interventions.parse),
)

_COMPARE = (
    choice("compare", PRESETS),
    choice("compare_layer", ("last", "1", "2", "3", "4")),
    choice("reorder", ORDERS),
    whole("shuffle_seed", 0, 0, 2**31 - 1),
    whole("swap_at", 1, 1, 1999),
    words("other_text", "hello, hidden table", LONGEST_TYPED, linked=LONGEST_LINKED),
    choice("other_source", tuple(SOURCES), "square"),
    whole("other_seed", 4, 0, 2**31 - 1),
)
_MEMORY = (
    choice("measure", MEASURES),
    real("rho", None, 0.0, 3.0),
    real("nudge", 0.1, 1e-3, 10.0),
    whole("range_from", None, 1, 2000),
    whole("range_to", None, 1, 2000),
    real("threshold", None, 0.0, 1.0),
    flag("three_d"),
    flag("together"),
)

FIELDS: Mapping[str, Field] = MappingProxyType(
    {field.name: field for field in (*_NETWORK, *SEQUENCE, *_VIEW, *_COMPARE, *_MEMORY)}
)
"""Every field by name. The default network and drawing are what a first visit shows."""


def defaults() -> dict[str, Any]:
    """The state of a first visit."""
    return {name: field.default for name, field in FIELDS.items()}


def decode(parameters: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
    """A whole state from URL parameters, and a sentence for each one that would not do.

    Anything unknown or broken falls back to its default; nothing raises.
    """
    state, notices = defaults(), []
    for name, text in parameters.items():
        field = FIELDS.get(name)
        if field is None:
            notices.append(f"The link's “{_short(name)}” means nothing to seqviz and was left out.")
            continue
        try:
            state[name] = field.read(text)
        except (ValueError, OverflowError, SeqvizError):
            notices.append(
                f"The link's {name} “{_short(text)}” will not do: the default is used instead."
            )
    if len(notices) > MAX_NOTICES:
        more = len(notices) - MAX_NOTICES + 1
        notices[MAX_NOTICES - 1 :] = [f"{more} more of the link's parameters will not do."]
    return state, notices


def encode(state: State) -> dict[str, str]:
    """URL parameters for whatever in state differs from its default."""
    return {
        name: field.write(state[name])
        for name, field in FIELDS.items()
        if name in state and state[name] != field.default and state[name] is not None
    }


def link(state: State) -> dict[str, str]:
    """`encode`, without what would make a link too long for browsers and servers."""

    def travels(name: str, text: str) -> bool:
        most = FIELDS[name].linked
        return most is None or len(text) <= most

    return {name: text for name, text in encode(state).items() if travels(name, text)}


def _short(text: str) -> str:
    printable = "".join(c if c.isprintable() and c not in "`*[]<>$:" else "?" for c in text[:24])
    return printable + ("…" if len(text) > 24 else "")
