"""Forward test: an input moved a little and the run repeated, beside what the gradient foretold."""

from __future__ import annotations

import streamlit as st

from pages.panels.memory.charts import chart
from pages.panels.memory.measured_run import MeasuredRun
from pages.panels.memory.state_or_answer import state_or_answer
from pages.panels.shared.messages import plain
from pages.panels.shared.theme import theme
from pages.state.session import Session
from seqviz.analysis import perturbation
from seqviz.analysis.overflow import overflow_text
from seqviz.figures import memory


def forward_test_panel(session: Session, run: MeasuredRun) -> None:
    """Add a little to one input, run again, and see the change fade beside the gradient."""
    step, amount = run.setup.settings.step, run.setup.settings.nudge
    of = state_or_answer(session, run)
    t = step - 1 if step and step < len(run.trace) else 0
    if not session.settings.present:
        st.slider("Nudge", 0.001, 10.0, **session.tie("nudge"), step=0.001,
                  help="Added to every feature of x at the player's step.")  # fmt: skip
    with st.container(), st.spinner("Running the network again"):
        found = run.cache.get(
            "nudge",
            (*run.key, t, amount, of),
            lambda: perturbation.perturb(run.trace, t, amount, answer=of == "answer"),
        )
    st.markdown(plain(found.sentence()))
    chart(session, "nudge", memory.perturbation_curves(found, theme()), found.sentence(), 320)
    if not found.agrees and not overflow_text(run.trace):
        st.info("The nudge is too large for the gradient to foretell: make it smaller and the "
                "two curves meet.", icon=":material/straighten:")  # fmt: skip
