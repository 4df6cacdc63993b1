"""What the player reports and what it is told: step, checkpoint, open cell, how it plays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from pages.state.browser.selected_cell import cell_text
from pages.state.schema import FORMS, Settings

KEY = "player"
LOOK = ("speed", "loop", "future", "zoom", "scale", "gate_scale")
"""Settings of the player itself, by which name it reports them, too."""
ORDERED = ("step", "selected", "range_from", "range_to", *LOOK)


@dataclass
class Orders:
    """What the player is told, which is not what it reported itself: a frame stays the same while
    it only plays. command: grows with each order; a report under an older one is late. moves: false
    where only the range is new, and the player stays where a hand may just have moved it.
    """

    command: int = 0
    moves: bool = True
    values: Mapping[str, Any] = field(default_factory=dict)
    taken: object = None  # the report taken last

    def give(self, settings: Settings, *, moves: bool = True) -> None:
        """Let the player stand where the settings say."""
        self.command += 1
        self.moves = moves
        self.values = {name: settings.get(name) for name in ORDERED}

    def reported(self) -> dict[str, Any]:
        """What the player reports that is new, by the settings' names."""
        player: Any = st.session_state.get(KEY)
        view = player.get("view") if player else None
        if not isinstance(view, dict) or view.get("command") != self.command or view == self.taken:
            return {}
        self.taken = view
        return _reported(view)


def _reported(view: Mapping[str, Any]) -> dict[str, Any]:
    """What in a report is valid: a forged message may say anything."""
    values = {name: view[name] for name in LOOK if name in view}
    cell, steps = view.get("cell"), view.get("range")
    for name in ("step", "checkpoint"):
        if name in view and (view[name] is None or type(view[name]) is int):  # True is an int, too
            values[name] = view[name]
    if isinstance(cell, dict):
        indices = [
            i for i in map(cell.get, ("run", "layer", "direction", "unit")) if type(i) is int
        ]
        if len(indices) == 4:
            values["selected"] = cell_text(*indices)
    if isinstance(steps, list) and len(steps) == 2 and all(type(step) is int for step in steps):
        values["range_from"], values["range_to"] = steps
    return {name: value for name, value in values.items() if _valid(name, value)}


def _valid(name: str, value: Any) -> bool:
    try:
        return bool(FORMS[name].checked(value) == value)
    except ValueError:
        return False
