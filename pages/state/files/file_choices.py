"""What is chosen of a file (columns, rows, a layer of weights), and how a link holds it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from pages.state.files.upload import Upload
from pages.state.text_forms import choice, flag, real, whole, words
from seqviz.limits import MAX_COLUMNS, MAX_SECONDS

LONGEST_CHOICES = 4000  # characters of a link
LATEST_START = 100_000.0  # seconds into a sound


def _columns(value: Any) -> list[str]:
    """Names of columns. Raises ValueError."""
    if not isinstance(value, list | tuple) or len(value) > MAX_COLUMNS:
        raise ValueError(value)
    if not all(isinstance(name, str) for name in value):
        raise ValueError(value)
    return list(value)


_CHECKS: Mapping[str, Callable[[Any], Any]] = MappingProxyType(
    {
        "member": words("", 300).checked,
        "columns": _columns,
        "decimal_comma": flag().checked,
        "sequence": whole(1, 1, 10**9).checked,
        "first": whole(1, 1, 10**9).checked,
        "last": whole(1, 1, 10**9).checked,
        "stride": whole(1, 1, 10**9).checked,
        "standardise": flag().checked,
        "shortened": flag().checked,
        "start": real(0.0, 0.0, LATEST_START).checked,
        "length": real(None, 0.01, MAX_SECONDS).checked,
    }
)
OF_WEIGHTS: Mapping[str, Callable[[Any], Any]] = MappingProxyType(
    {
        "own_layer": whole(None, 0, 100_000).checked,
        "own_nonlinearity": choice(("tanh", "relu")).checked,
    }
)
OF_FILE = tuple(_CHECKS)
"""Options of an upload or a recording that travel in a link."""
Choices = dict[str, Any]


def checked(name: str, value: Any) -> Any:
    """The value as a control would say it. Raises ValueError for one no control says."""
    check = _CHECKS.get(name) or OF_WEIGHTS.get(name)
    return value if check is None or value is None else check(value)


def pack(choices: Mapping[str, Any]) -> str:
    """Choices as a link holds them: JSON; "" where there are none, or too many for a link."""
    text = json.dumps(dict(choices), separators=(",", ":"), ensure_ascii=False)
    return text if choices and len(text) <= LONGEST_CHOICES else ""


def unpack(text: str) -> Choices:
    """What `pack` packed. Raises ValueError for anything else."""
    try:
        choices = json.loads(text) if text else {}
    except RecursionError as error:
        raise ValueError(text) from error
    if not isinstance(choices, dict) or not choices.keys() <= {*_CHECKS, *OF_WEIGHTS}:
        raise ValueError(text)
    return {name: checked(name, value) for name, value in choices.items()}


def options_of(upload: Upload, choices: Mapping[str, Any], header: bool | None) -> dict[str, Any]:
    """Choices of an upload by their names in the session, None for what is left as it is."""
    upload = upload.read_as(choices.get("member"), header)
    return {name_of(upload, name): choices.get(name) for name in OF_FILE}


def name_of(upload: Upload, name: str) -> str:
    """What an option of this upload is called in the session."""
    return upload.member_option if name == "member" else upload.option(name)
