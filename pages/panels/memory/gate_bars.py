"""Gates: how long forget or update gates alone would keep something."""

from __future__ import annotations

import streamlit as st

from pages.panels.memory.charts import chart, layer_choice
from pages.panels.memory.measured_run import MeasuredRun
from pages.panels.shared.theme import theme
from pages.state.session import Session
from seqviz.analysis import gate_timescales
from seqviz.figures import memory


def gates_panel(session: Session, run: MeasuredRun) -> None:
    """What the forget or update gate alone keeps, and the full gradient beside it."""
    if not run.trace.spec.gates:
        st.info(
            "A plain RNN has no gates: choose GRU or LSTM in Build to see them as memory.",
            icon=":material/info:",
        )
        return
    layer, direction = layer_choice(session, run.trace.spec)
    with st.container(), st.spinner("Following the gates"):
        found = run.cache.get(
            "gates",
            (*run.key, layer, direction),
            lambda: gate_timescales.gate_timescales(run.trace, layer=layer, direction=direction),
        )
    st.markdown(found.sentence())
    chart(session, "gates", memory.gate_bars(found, theme()), found.sentence(), 300)
    st.caption(
        "The half-life ln ½ / ln f follows the direct path through the gate only; the full "
        "gradient also goes through W_hh, so the two need not agree."
    )
