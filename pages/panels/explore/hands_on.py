"""Hands on: change an input, clamp a gate or silence a unit, and take it back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from pages.panels.shared.button import button
from pages.panels.shared.choices import places
from pages.panels.shared.messages import problem
from pages.state.selected_cell import Selection
from pages.state.session import Session
from pages.state.setup import Setup
from seqviz.errors import SeqvizError
from seqviz.rnn import interventions
from seqviz.rnn.interventions import Intervention
from seqviz.types import ACTIVATIONS, Trace

KINDS = {"input": "Change an input", "clamp": "Clamp a gate", "silence": "Silence a unit"}


def hands_on(
    session: Session, setup: Setup, trace: Trace, place: Selection | None, note: str = ""
) -> None:
    """The form of one change, and the button that puts it in force.

    place: the cell the form begins with. note: why it is this one.
    """
    kinds = [kind for kind in KINDS if kind != "clamp" or setup.spec.gates]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        if session.options.get("change_kind", "input") not in kinds:
            session.set(change_kind="input")  # this cell has no gates
        st.segmented_control(
            "Change", kinds, format_func=KINDS.__getitem__, required=True,
            **session.tie_choice("change_kind", "input"),
        )  # fmt: skip
        kind = session.options.get("change_kind", "input")
        make = {"input": _input, "clamp": _clamp, "silence": _silence}[kind](session, trace, place)
        button(session, "Apply", _apply, make, type="primary", icon=":material/science:")
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


def _apply(session: Session, make: Callable[[], Intervention]) -> None:
    """Add a change, or keep the sentence that says why it cannot be."""
    try:
        before = interventions.parse(session.settings.changes)
        session.set(changes=interventions.pack((*before, make())))
    except SeqvizError as error:
        session.options["change_problem"] = str(error)


def _undo(session: Session) -> None:
    """Take back the last change; the ones before it stay."""
    before = interventions.parse(session.settings.changes)
    session.set(changes=interventions.pack(before[:-1]))


# A form's widgets give functions: Apply asks them when what was typed last has been read.


def _field(session: Session, name: str, default: Any) -> Callable[[], Any]:
    """What a form's widget of this name says, now or when it is called."""
    return lambda: session.options.get(name, default)


def _input(session: Session, trace: Trace, place: Selection | None) -> Callable[[], Intervention]:
    steps, features = trace.x.shape
    here = min(steps if place is None or place.t is None else place.t + 1, steps)
    name = f"change_step_{steps}_{here}"  # another open cell begins from its own step
    st.number_input("Step", 1, steps, **session.tie(name, here), step=1, width=100)
    step = _field(session, name, here)
    feature = _field(session, "change_feature", 0)
    if features > 1:
        st.number_input(
            "Feature", 0, features - 1, **session.tie("change_feature", 0), step=1, width=100
        )
    now = float(trace.x[step() - 1, min(feature(), features - 1)])
    name = f"change_value_{step()}_{feature()}_{now}"  # another sequence begins from its own value
    st.number_input(
        f"New value (now {now:.3g})", **session.tie(name, now + 1.0), step=0.1, width=160
    )
    value = _field(session, name, now + 1.0)
    return lambda: interventions.change_input(step() - 1, feature(), float(value()))


def _layer(
    session: Session, trace: Trace, place: Selection | None
) -> Callable[[], tuple[int, int]]:
    """Layer and direction."""
    names, directions = places(trace.spec), trace.spec.num_directions
    here = 0 if place is None else place.layer * directions + place.direction
    name = f"change_place_{here}_{len(names)}"
    if len(names) > 1:
        st.selectbox("In", names, **session.tie_index(name, names, names[here]), width=140)
    chosen = _field(session, name, names[here])
    return lambda: divmod(names.index(chosen()), directions)


def _unit(session: Session, trace: Trace, place: Selection | None) -> Callable[[], int]:
    units = trace.spec.hidden_size
    here = 0 if place is None else place.unit
    name = f"change_unit_{here}_{units}"
    st.number_input("Unit", 0, units - 1, **session.tie(name, here), step=1, width=100)
    return _field(session, name, here)


def _clamp(session: Session, trace: Trace, place: Selection | None) -> Callable[[], Intervention]:
    gates = list(trace.spec.gates)
    name, usual = f"change_gate_{''.join(gates)}", "f" if "f" in gates else gates[1]
    st.selectbox("Gate", gates, **session.tie_index(name, gates, usual), width=90)
    gate = _field(session, name, usual)
    low = -1.0 if ACTIVATIONS[gate()] == "tanh" else 0.0
    name = f"change_clamp_{low}"
    st.number_input("Value", low, 1.0, **session.tie(name, 1.0), step=0.1, width=100)
    value = _field(session, name, 1.0)
    layer = _layer(session, trace, place)
    st.toggle("One unit only", **session.tie("change_one_unit", False))
    unit = _field(session, "", None)
    if session.options.get("change_one_unit"):
        unit = _unit(session, trace, place)

    def make() -> Intervention:
        at, direction = layer()
        return interventions.clamp(gate(), value(), layer=at, direction=direction, unit=unit())

    return make


def _silence(session: Session, trace: Trace, place: Selection | None) -> Callable[[], Intervention]:
    layer, unit = _layer(session, trace, place), _unit(session, trace, place)

    def make() -> Intervention:
        at, direction = layer()
        return interventions.silence(unit(), layer=at, direction=direction)

    return make
