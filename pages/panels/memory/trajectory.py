"""Trajectory: the states as a path in two or three dimensions."""

from __future__ import annotations

import streamlit as st

from pages.panels.memory.charts import chart
from pages.panels.memory.measured_run import MeasuredRun
from pages.panels.shared.messages import plain
from pages.panels.shared.theme import theme
from pages.state.session import Session
from seqviz.analysis.pca import trajectory
from seqviz.data import order
from seqviz.figures import dynamics


def trajectory_panel(session: Session, run: MeasuredRun) -> None:
    """PCA of h, in 2D or 3D, with the player's step; on request other orders in the same space."""
    if not session.settings.present:
        _choices(session)
    components = 3 if run.setup.settings.three_d else 2
    names, sequence = ["this sequence"], run.setup.sequence
    traces = [run.trace]
    if run.setup.settings.together and sequence is not None:
        names += ["reversed", "shuffled"]
        others = (order.reversed_order(sequence), order.shuffled(sequence, 0))
        traces += run.cache.get("orders", run.key, lambda: [run.read(other) for other in others])
    found = trajectory(traces, n_components=components)
    words = (
        f"{found.sentence()} Arrows lead from the open circle, step 1, to the square, the last; "
        f"the large dot marks step {run.step_index + 1}."
    )
    figure = dynamics.trajectory_paths(found, names, run.trace.labels, run.step_index, theme())
    st.markdown(plain(words))
    chart(session, "path", figure, words, 420)


def _choices(session: Session) -> None:
    with st.container(horizontal=True, gap="medium"):
        st.toggle("3D", **session.tie("three_d"))
        st.toggle(
            "With other orders",
            **session.tie("together"),
            help="The same sequence reversed and shuffled, in one space.",
        )
