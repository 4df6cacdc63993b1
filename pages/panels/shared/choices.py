"""The row of choices of which one is always taken, for all panels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from pages.panels.shared.names import QUANTITIES
from pages.state.session import Session
from seqviz.types import RNNSpec


def one_of(
    session: Session,
    label: str,
    options: Mapping[str, str] | Sequence[str],
    field: str,
) -> None:
    """Words to choose from; the label is for those who cannot see the row.

    options: the words, or words and how they are shown.
    """
    names = options if isinstance(options, Mapping) else {word: word for word in options}
    st.segmented_control(
        label,
        list(names),
        format_func=lambda word: names.get(word, str(word)),  # forged: one that is not there
        **session.tie_choice(field),
        required=True,
        label_visibility="collapsed",
        wrap=True,  # or the last ones are out of a phone's sight
    )


def quantity_pills(session: Session, quantities: Sequence[str]) -> None:
    """Which of these values the heatmaps show, h where they do not have the one chosen before."""
    if session.settings.quantity not in quantities:
        session.set(quantity="h")
    st.pills(
        "Quantity",
        list(quantities),
        format_func=lambda name: QUANTITIES.get(name, str(name)),
        **session.tie_choice("quantity"),
        required=True,
        label_visibility="collapsed",
        wrap=True,
    )


def places(spec: RNNSpec) -> list[str]:
    """Names of each layer and direction: "layer 2 reverse" is place (1, 1)."""
    return [
        f"layer {layer + 1}{' reverse' if direction else ''}"
        for layer in range(spec.num_layers)
        for direction in range(spec.num_directions)
    ]
