"""Hands on: change an input, clamp a gate or silence a unit, and take it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from pages.panels.shared.button import button
from pages.panels.shared.choices import places
from pages.panels.shared.messages import problem
from pages.state.browser.selected_cell import Selection
from pages.state.session import Session
from pages.state.setup import Setup
from seqviz.errors import SeqvizError
from seqviz.labels import rounded
from seqviz.rnn import interventions
from seqviz.rnn.interventions import Intervention
from seqviz.types import ACTIVATIONS, Trace

KINDS = {"input": "Change an input", "clamp": "Clamp a gate", "silence": "Silence a unit"}
_KIND = "change_kind"


def hands_on(
    session: Session, setup: Setup, trace: Trace, place: Selection | None, note: str = ""
) -> None:
    """The form of one change, and the button that puts it in force.

    place: the cell the form begins with. note: why it is this one.
    """
    about = _Form(session, trace, place)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        if about.kind != session.options.get(_KIND, "input"):
            session.set(**{_KIND: about.kind})  # this cell has no gates
        st.segmented_control(
            "Change", about.kinds, format_func=KINDS.__getitem__, required=True,
            **session.tie_choice(_KIND, "input"),
        )  # fmt: skip
        {"input": _input, "clamp": _clamp, "silence": _silence}[about.kind](about)
        button(session, "Apply", _apply, about, icon=":material/science:")
    problem(session.options.pop("change_problem", None))
    runs = (
        "The change runs through the true recurrence: above, the original, the changed run and "
        "their difference stand side by side."
    )
    st.caption(f"{note} {runs}" if note else runs)


def changes_banner(session: Session, setup: Setup) -> None:
    """Says that this is not the plain network, wherever a changed run is shown; takes it back."""
    everything = interventions.parse(setup.settings.changes)
    if not everything:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if setup.changes:
            said = "; ".join(interventions.describe(change) for change in setup.changes)
            st.warning(f"Changed network: {said}.", icon=":material/science:")
        left = len(everything) - len(setup.changes)
        if left:
            st.info(
                f"{left} change{'s name' if left > 1 else ' names'} what this network or sequence "
                "does not have, and so is not in force.",
                icon=":material/science_off:",
            )
        button(session, "Undo", _undo, icon=":material/undo:")


def _apply(session: Session, about: _Form) -> None:
    """Add the change that is chosen now, or keep the sentence that says why it cannot be.

    A quick hand chooses another kind and presses before its form is there: then it is as it begins.
    """
    try:
        before = interventions.parse(session.settings.changes)
        session.set(changes=interventions.pack((*before, about.change())))
    except SeqvizError as error:
        session.options["change_problem"] = str(error)


def _undo(session: Session) -> None:
    """Take back the last change; the ones before it stay."""
    before = interventions.parse(session.settings.changes)
    session.set(changes=interventions.pack(before[:-1]))


# ---- the form ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Field:
    """One widget of the form. value: what it says; default, while it has never been drawn."""

    session: Session
    name: str
    default: Any

    @property
    def value(self) -> Any:
        return self.session.options.get(self.name, self.default)

    def tie(self) -> dict[str, Any]:
        return self.session.tie(self.name, self.default)

    def tie_index(self, options: Sequence[Any]) -> dict[str, Any]:
        return self.session.tie_index(self.name, options, self.default)


@dataclass(frozen=True)
class _Form:
    """What can be changed of a trace, beginning at a place; widgets' names hold what they begin
    with, so that another open cell, sequence or network begins with its own.
    """

    session: Session
    trace: Trace
    place: Selection | None

    @property
    def kinds(self) -> list[str]:
        return [kind for kind in KINDS if kind != "clamp" or self.trace.spec.gates]

    @property
    def kind(self) -> str:
        kind: str = self.session.options.get(_KIND, "input")
        return kind if kind in self.kinds else "input"

    def field(self, name: str, default: Any) -> _Field:
        return _Field(self.session, name, default)

    @property
    def step(self) -> _Field:
        steps, place = len(self.trace), self.place
        here = min(steps if place is None or place.t is None else place.t + 1, steps)
        return self.field(f"change_step_{steps}_{here}", here)

    @property
    def feature(self) -> _Field:
        return self.field("change_feature", 0)

    @property
    def now(self) -> float:
        """What is read at the chosen step."""
        x, step = self.trace.x, self.step.value
        return float(x[step - 1, min(self.feature.value, x.shape[1] - 1)])

    @property
    def new_value(self) -> _Field:
        name = f"change_value_{self.step.value}_{self.feature.value}_{self.now}"
        return self.field(name, self.now + 1.0)

    @property
    def gate(self) -> _Field:
        gates = list(self.trace.spec.gates)
        return self.field(f"change_gate_{''.join(gates)}", "f" if "f" in gates else gates[1])

    @property
    def lowest(self) -> float:
        """Of what the chosen gate can be."""
        return -1.0 if ACTIVATIONS[self.gate.value] == "tanh" else 0.0

    @property
    def clamped_to(self) -> _Field:
        return self.field(f"change_clamp_{self.lowest}", 1.0)

    @property
    def places(self) -> list[str]:
        return places(self.trace.spec)

    @property
    def layer(self) -> _Field:
        """Layer and direction."""
        names, place = self.places, self.place
        directions = self.trace.spec.num_directions
        here = 0 if place is None else place.layer * directions + place.direction
        return self.field(f"change_place_{here}_{len(names)}", names[here])

    @property
    def one_unit(self) -> _Field:
        return self.field("change_one_unit", False)

    @property
    def unit(self) -> _Field:
        here = 0 if self.place is None else self.place.unit
        return self.field(f"change_unit_{here}_{self.trace.spec.hidden_size}", here)

    def change(self) -> Intervention:
        """What the form of the chosen kind asks for. Raises SeqvizError when it cannot be."""
        if self.kind == "input":
            value = float(self.new_value.value)
            return interventions.change_input(self.step.value - 1, self.feature.value, value)
        layer, direction = divmod(
            self.places.index(self.layer.value), self.trace.spec.num_directions
        )
        if self.kind == "silence":
            return interventions.silence(self.unit.value, layer=layer, direction=direction)
        unit = self.unit.value if self.one_unit.value else None
        gate, value = self.gate.value, self.clamped_to.value
        return interventions.clamp(gate, value, layer=layer, direction=direction, unit=unit)


def _input(about: _Form) -> None:
    steps, features = about.trace.x.shape
    st.number_input("Step", 1, steps, **about.step.tie(), step=1, width=100)
    if features > 1:
        st.number_input("Feature", 0, features - 1, **about.feature.tie(), step=1, width=100)
    label = f"New value (now {rounded(about.now, 3)})"
    st.number_input(label, **about.new_value.tie(), step=0.1, width=160)


def _layer(about: _Form) -> None:
    names = about.places
    if len(names) > 1:
        st.selectbox("In", names, **about.layer.tie_index(names), width=140)


def _unit(about: _Form) -> None:
    last = about.trace.spec.hidden_size - 1
    st.number_input("Unit", 0, last, **about.unit.tie(), step=1, width=100)


def _clamp(about: _Form) -> None:
    gates = list(about.trace.spec.gates)
    st.selectbox("Gate", gates, **about.gate.tie_index(gates), width=90)
    st.number_input("Value", about.lowest, 1.0, **about.clamped_to.tie(), step=0.1, width=100)
    _layer(about)
    st.toggle("One unit only", **about.one_unit.tie())
    if about.one_unit.value:
        _unit(about)


def _silence(about: _Form) -> None:
    _layer(about)
    _unit(about)
