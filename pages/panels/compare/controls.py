"""Compare's controls: the presets, what each of them asks for, which layer is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from pages.panels.compare.runs import Comparison
from pages.panels.explore.watch import NAMES
from pages.panels.shared.build import one_of
from pages.panels.shared.messages import problem
from pages.panels.shared.share import not_in_link, share_panel
from pages.state import fields, schema
from pages.state.fields import bound
from pages.state.setup import Setup
from seqviz.data import generators


def presets(setup: Setup) -> None:
    """The row of presets, and Share."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown("**Compare**", width="content")
        one_of("Compare", {name: name.capitalize() for name in schema.PRESETS}, "compare")
        with st.container(horizontal=True, horizontal_alignment="right"):
            share_panel(not_in_link(setup))


def options(setup: Setup, shown: Comparison) -> None:
    """The chosen preset's own controls, then which layer and quantity are shown."""
    preset = fields.get("compare")
    # the row is there even when empty: a player that moves in the page would start afresh
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if preset in _OPTIONS:
            _OPTIONS[preset](setup)
        _layer(setup)
        _quantity(shown)


def _order(setup: Setup) -> None:
    one_of("Order", {name: name.capitalize() for name in schema.ORDERS}, "reorder")
    steps = len(setup.sequence) if setup.sequence else 0
    if fields.get("reorder") == "shuffled":
        _number("Shuffle seed", "shuffle_seed", 0, 2**31 - 1)
    elif fields.get("reorder") == "swapped" and steps > 1:
        _number("Step swapped with the next", "swap_at", 1, steps - 1)


def _second_sequence(setup: Setup) -> None:
    if setup.sequence and setup.sequence.kind == "text":
        st.text_input(
            "Second text",
            **bound("other_text"),
            label_visibility="collapsed",
            placeholder="Type a second text",
            live=True,
            max_chars=schema.LONGEST_TYPED,
        )
        return
    st.selectbox(
        "Second sequence",
        list(generators.SOURCES),
        format_func=lambda key: generators.SOURCES[key].label,
        **bound("other_source"),
        label_visibility="collapsed",
        width=220,
    )
    source = generators.SOURCES[fields.get("other_source")]
    if any(parameter.name == "seed" for parameter in source.parameters):
        _number("Its seed", "other_seed", 0, 2**31 - 1)


def _number(label: str, key: str, low: int, high: int) -> None:
    """A whole number with its label in front; what a link or a shorter sequence left is clamped."""
    now = fields.get(key)
    if now is not None and not low <= now <= high:
        fields.put(**{key: min(max(now, low), high)})
    st.markdown(label, width="content")
    st.number_input(
        label,
        low,
        high,
        step=1,
        **bound(key),
        label_visibility="collapsed",
        width=140,
    )


def _layer(setup: Setup) -> None:
    layers = setup.spec.num_layers
    names = [*(str(k) for k in range(1, layers)), "last"]
    if fields.get("compare_layer") not in names:
        fields.put(compare_layer="last")
    if layers > 1:
        st.selectbox(
            "Layer",
            names,
            format_func=lambda name: f"Layer {layers if name == 'last' else name}",
            **bound("compare_layer"),
            label_visibility="collapsed",
            width=110,
        )


def _quantity(shown: Comparison) -> None:
    """Pills where the runs have more in common than h."""
    if len(shown.quantities) < 2:
        return
    if fields.get("quantity") not in shown.quantities:
        fields.put(quantity="h")
    st.pills(
        "Quantity",
        list(shown.quantities),
        format_func=NAMES.get,
        **bound("quantity"),
        required=True,
        label_visibility="collapsed",
    )


def problems(setup: Setup, shown: Comparison) -> None:
    """What is wrong with the network, the sequence or the preset's own input."""
    with st.container():
        problem(setup.problem, shown.problem)


def nothing_yet(setup: Setup) -> None:
    """What to do while there is no sequence."""
    problem(setup.problem)
    st.info("Nothing to compare yet: draw, type or generate a sequence on Explore first.")
    st.page_link("explore.py", label="Go to Explore", icon=":material/visibility:")


_OPTIONS: Mapping[str, Callable[[Setup], None]] = {
    "order": _order,
    "sequences": _second_sequence,
    "seeds": lambda setup: _number("Other seed", "other_seed", 0, 2**31 - 1),
}
