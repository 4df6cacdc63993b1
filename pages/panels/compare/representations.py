"""Different networks, one input: which steps each of them tells apart, and how far they agree."""

from __future__ import annotations

from itertools import combinations

import streamlit as st

from pages.panels.compare import runs
from pages.panels.compare.runs import LETTERS, Comparison
from pages.panels.shared.theme import PLAIN, theme
from pages.state.session import Session
from pages.state.setup import Setup
from seqviz.figures.step_distances import describe_step_distances, shown_steps, step_distances
from seqviz.types import Trace

HEIGHT = 236  # of the squares: three stand side by side on a projector


def representations(
    session: Session, setup: Setup, compared: Comparison, traces: list[Trace], layer: int
) -> None:
    """A sentence for each pair of networks, and each network's distances between steps."""
    pairs = combinations(range(len(traces)), 2)
    said = [runs.similarity(session, compared, traces, pair, layer) for pair in pairs]
    st.markdown("  \n".join([*said, *compared.notes]))
    matrices = {
        f"{LETTERS[k]} {run.title}": runs.step_distances(session, run, traces[k], k, layer)
        for k, run in enumerate(compared.runs)
    }
    at = shown_steps(len(traces[0]))
    st.plotly_chart(
        step_distances(matrices, at, setup.settings.step, theme()),
        key="_step_distances",
        height=HEIGHT,
        alt=describe_step_distances(matrices, at),
        config=PLAIN,
    )
    st.caption(
        "How far apart a network's states are at any two steps: the stronger the colour the "
        "further, each square on its own scale. RSA correlates two squares; linear CKA compares "
        "inner products instead of distances. Both are 1 for networks that differ in the order of "
        "their units alone. Unit k of A has nothing to do with unit k of B, so there is no A − B."
    )
