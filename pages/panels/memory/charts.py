"""What all measures share: how a chart is shown, and which layer it is about."""

from __future__ import annotations

import streamlit as st

from pages.panels.shared.choices import places
from pages.panels.shared.theme import PLAIN
from pages.state.session import Session
from seqviz.types import RNNSpec

PRESENTED = 250  # pixels: a projector shows it below the player without scrolling
PICTURE = PRESENTED + 100  # with its sentence and its heading


def chart(session: Session, key: str, figure: object, words: str, height: int) -> None:
    """words: the same for who cannot see the figure. On a projector it is no higher than fits."""
    if session.settings.present:
        height = min(height, PRESENTED)
    st.plotly_chart(figure, key=f"_memory_{key}", height=height, alt=words, config=PLAIN)


def shown_from_a_part(notice: str) -> None:
    """What was left out to answer in time; nothing for ""."""
    if notice:
        st.info(f"Shown from a part: {notice}.", icon=":material/filter_alt:")


def layer_choice(session: Session, spec: RNNSpec) -> tuple[int, int]:
    """Which layer and direction a measure is about."""
    names = places(spec)
    if len(names) == 1:
        return 0, 0
    name = f"memory_layer_{len(names)}"
    if not session.settings.present:
        st.segmented_control(
            "Layer",
            names,
            **session.tie_choice(name, names[0]),
            required=True,
            label_visibility="collapsed",
        )
    return divmod(names.index(session.options.get(name, names[0])), spec.num_directions)
