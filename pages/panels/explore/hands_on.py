"""Hands on: change an input, clamp a gate or silence a unit, and take it back."""

from __future__ import annotations

import streamlit as st

from pages.panels.shared.build import KEEP
from pages.panels.shared.messages import problem
from pages.state import fields, parts
from pages.state.callbacks import whole
from pages.state.selected_cell import Selection
from pages.state.setup import Setup
from seqviz.errors import SeqvizError
from seqviz.rnn import interventions
from seqviz.rnn.interventions import Intervention
from seqviz.types import Trace

KINDS = {"input": "Change an input", "clamp": "Clamp a gate", "silence": "Silence a unit"}


def hands_on(setup: Setup, trace: Trace, place: Selection | None) -> None:
    """The form of one change, and the button that puts it in force."""
    kinds = [kind for kind in KINDS if kind != "clamp" or setup.spec.gates]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        kind = st.segmented_control(
            "Change", kinds, format_func=KINDS.get, default="input", required=True,
            key="_change_kind", persist_state=KEEP,
        )  # fmt: skip
        make = {"input": _input, "clamp": _clamp, "silence": _silence}[kind](trace, place)
        st.button("Apply", type="primary", icon=":material/science:", on_click=_apply, args=(make,))
    problem(st.session_state.pop("_change_problem", None))
    st.caption(
        "The change runs through the true recurrence: above, the original, the changed run and "
        "their difference stand side by side."
    )


def changes_banner(setup: Setup) -> None:
    """Says that this is not the plain network, wherever a changed run is shown; takes it back."""
    everything = interventions.parse(fields.get("changes"))
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
        st.button("Undo", icon=":material/undo:", on_click=_undo)


@whole
def _apply(change: Intervention | str) -> None:
    """Add a change, or keep the sentence that says why it cannot be."""
    session = st.session_state
    if isinstance(change, str):
        session["_change_problem"] = change
        return
    try:
        before = interventions.parse(fields.get("changes"))
        fields.put(changes=interventions.pack((*before, change)))
    except SeqvizError as error:
        session["_change_problem"] = str(error)
        return
    parts.only(parts.MAIN)


@whole
def _undo() -> None:
    """Take back the last change; the ones before it stay."""
    before = interventions.parse(fields.get("changes"))
    fields.put(changes=interventions.pack(before[:-1]))
    parts.only(parts.MAIN)


def _made(make: object, *args: object, **kwargs: object) -> Intervention | str:
    try:
        return make(*args, **kwargs)  # type: ignore[operator]
    except SeqvizError as error:
        return str(error)


def _input(trace: Trace, place: Selection | None) -> Intervention | str:
    steps, features = trace.x.shape
    here = steps if place is None or place.t is None else place.t + 1
    t = st.number_input("Step", 1, steps, value=min(here, steps), step=1, width=100)
    feature = 0
    if features > 1:
        feature = st.number_input("Feature", 0, features - 1, value=0, step=1, width=100)
    now = float(trace.x[int(t) - 1, int(feature)])
    value = st.number_input(
        f"New value (now {now:.3g})",
        value=now + 1.0,
        step=0.1,
        width=160,
        key=f"_new_{t}_{feature}_{now}",  # another sequence begins from its own value
    )
    return _made(interventions.change_input, int(t) - 1, int(feature), float(value))


def _layer(trace: Trace, place: Selection | None) -> tuple[int, int]:
    names = [
        f"layer {layer + 1}{' reverse' if d else ''}"
        for layer in range(trace.spec.num_layers)
        for d in range(trace.spec.num_directions)
    ]
    directions = trace.spec.num_directions
    here = 0 if place is None else place.layer * directions + place.direction
    chosen = here
    if len(names) > 1:
        chosen = names.index(st.selectbox("In", names, index=here, width=140))
    return divmod(chosen, directions)


def _unit(trace: Trace, place: Selection | None, everyone: bool) -> int | None:
    here = 0 if place is None else place.unit
    if everyone and not st.toggle("One unit only", key="_one_unit", persist_state=KEEP):
        return None
    return int(
        st.number_input(
            "Unit",
            0,
            trace.spec.hidden_size - 1,
            value=here,
            step=1,
            width=100,
            key=f"_unit_{here}",
        )
    )


def _clamp(trace: Trace, place: Selection | None) -> Intervention | str:
    gates = list(trace.spec.gates)
    gate = st.selectbox("Gate", gates, index=gates.index("f") if "f" in gates else 1, width=90)
    low = -1.0 if gate in ("g", "n") else 0.0
    value = st.number_input("Value", low, 1.0, value=1.0, step=0.1, width=100)
    layer, direction = _layer(trace, place)
    unit = _unit(trace, place, everyone=True)
    return _made(
        interventions.clamp, gate, float(value), layer=layer, direction=direction, unit=unit
    )


def _silence(trace: Trace, place: Selection | None) -> Intervention | str:
    layer, direction = _layer(trace, place)
    unit = _unit(trace, place, everyone=False)
    return _made(interventions.silence, unit, layer=layer, direction=direction)
