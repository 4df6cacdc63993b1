"""Compare's controls: the presets, what each of them asks for, which layer is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from pages.panels.compare.runs import Comparison
from pages.panels.shared.choices import one_of, quantity_pills
from pages.panels.shared.messages import problem
from pages.panels.shared.number_box import number_box
from pages.panels.shared.sharing.share import share_panel
from pages.state.schema import LONGEST_TYPED, ORDERS, PRESETS
from pages.state.session import Session
from pages.state.setup import Setup
from seqviz.data import generators
from seqviz.limits import MAX_SEED


def presets(session: Session) -> None:
    """The row of presets."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown("**Compare**", width="content")
        one_of(session, "Compare", {name: name.capitalize() for name in PRESETS}, "compare")


def options(session: Session, setup: Setup, compared: Comparison) -> None:
    """The chosen preset's own controls, then which layer and quantity are shown, and Share."""
    preset = session.settings.compare
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if preset in _OPTIONS:
            _OPTIONS[preset](session, setup)
        _layer(session, setup)
        if len(compared.quantities) > 1:
            quantity_pills(session, compared.quantities)
        _share(session, setup)


def _share(session: Session, setup: Setup) -> None:
    with st.container(horizontal=True, horizontal_alignment="right"):
        share_panel(session, setup)


def _order(session: Session, setup: Setup) -> None:
    one_of(session, "Order", {name: name.capitalize() for name in ORDERS}, "reorder")
    steps = len(setup.sequence) if setup.sequence else 0
    if session.settings.reorder == "shuffled":
        _number(session, "Shuffle seed", "shuffle_seed", 0, MAX_SEED)
    elif session.settings.reorder == "swapped" and steps > 1:
        _number(session, "Step swapped with the next", "swap_at", 1, steps - 1)


def _second_sequence(session: Session, setup: Setup) -> None:
    if setup.sequence and setup.sequence.kind == "text":
        st.text_input(
            "Second text",
            **session.tie("other_text"),
            label_visibility="collapsed",
            placeholder="Type a second text",
            live=True,
            max_chars=LONGEST_TYPED,
        )
        return
    names = list(generators.SOURCES)
    st.selectbox(
        "Second sequence",
        names,
        format_func=lambda key: generators.SOURCES[key].label,
        **session.tie_index("other_source", names),
        label_visibility="collapsed",
        width=220,
    )
    source = generators.SOURCES[session.settings.other_source]
    if any(parameter.name == "seed" for parameter in source.parameters):
        _number(session, "Its seed", "other_seed", 0, MAX_SEED)


def _number(session: Session, label: str, name: str, low: int, high: int) -> None:
    """A whole number with its label in front; what a link or a shorter sequence left is clamped."""
    session.set(**{name: min(max(session.settings.get(name), low), high)})
    st.markdown(label, width="content")
    number_box(session, label, low, high, name, step=1, label_visibility="collapsed", width=140)


def _layer(session: Session, setup: Setup) -> None:
    layers = setup.spec.num_layers
    names = [*(str(k) for k in range(1, layers)), "last"]
    if session.settings.compare_layer not in names:
        session.set(compare_layer="last")
    if layers > 1:
        st.selectbox(
            "Layer",
            names,
            format_func=lambda name: "Last layer" if name == "last" else f"Layer {name}",
            **session.tie_index("compare_layer", names),
            label_visibility="collapsed",
            width=132,
        )


def problems(setup: Setup, compared: Comparison) -> None:
    """What is wrong with the network, the sequence or the preset's own input."""
    with st.container():
        problem(setup.problem, compared.problem)


def nothing_yet(session: Session, setup: Setup) -> None:
    """What to do while there is no sequence."""
    if not setup.settings.present:
        _share(session, setup)
    problem(setup.problem)
    st.info("Nothing to compare yet: draw, type or generate a sequence on Explore first.")
    st.page_link("explore.py", label="Go to Explore", icon=":material/visibility:")


def _checkpoints(session: Session, setup: Setup) -> None:
    if setup.trained is None:
        st.page_link("train.py", label="Go to Train", icon=":material/model_training:")
        return
    last = setup.trained.run.iteration
    _number(session, "Iteration of A", "other_checkpoint", 0, last)
    st.markdown("Iteration of B", width="content")
    number_box(
        session,
        "Iteration of B",
        0,
        last,
        "checkpoint",
        last,
        step=1,
        label_visibility="collapsed",
        width=140,
    )


_OPTIONS: Mapping[str, Callable[[Session, Setup], None]] = {
    "training": _checkpoints,
    "order": _order,
    "sequences": _second_sequence,
    "seeds": lambda session, _: _number(session, "Other seed", "other_seed", 0, MAX_SEED),
}
