"""One network, different input: how far the states of the runs lie apart at each step."""

from __future__ import annotations

import streamlit as st

from pages.panels.compare import runs
from pages.panels.compare.runs import LETTERS, Comparison
from pages.panels.shared.theme import PLAIN, theme
from pages.state.session import Session
from pages.state.setup import Setup
from seqviz.figures.distance import describe_norms, norms
from seqviz.types import Trace


def state_distances(
    session: Session, setup: Setup, compared: Comparison, traces: list[Trace]
) -> None:
    """A sentence for each other run, and their distances from the first as curves."""
    distances = [runs.distance(session, compared, traces, k) for k in range(1, len(traces))]
    if text := "  \n".join([*(one.sentence for one in distances), *compared.notes]):
        st.markdown(text)
    if not distances:
        return
    pairs = {("A", LETTERS[k]): one.norms for k, one in enumerate(distances, start=1)}
    step, steps = setup.settings.step, max(map(len, traces))
    figure = norms(pairs, step, theme(), steps=steps, reverse=setup.spec.bidirectional)
    alt = describe_norms(pairs, step)
    st.plotly_chart(figure, key="_norms", height=160, alt=alt, config=PLAIN)
