"""What the training did to the network: its eigenvalues on their way, and its growing memory."""

from __future__ import annotations

import streamlit as st

from pages.panels.shared.theme import PLAIN, theme
from pages.state.session import Session
from pages.state.training import training_run
from seqviz.analysis.through_training import ThroughTraining, through_training
from seqviz.figures.training.through_training import eigenvalue_walk, horizon_growth
from seqviz.training.run import Run


def through_training_panel(session: Session, run: Run) -> None:
    """Behind an expander, measured when it is opened. run: one at rest."""
    if not run.iteration:
        return
    with st.expander(
        "Spectrum and horizon through the training",
        on_change="rerun",
        icon=":material/query_stats:",
        key="_through",
    ) as more:
        if more.open:
            _panel(session, run)


def _panel(session: Session, run: Run) -> None:
    shown = training_run.shown_example(session, run.recipe).sequence
    measured: ThroughTraining = session.cache.measure(
        "through training",
        (run.recipe.path, run.iteration, shown.digest),
        "Measuring the checkpoints",
        lambda progress: through_training(run.checkpoints, shown, progress=progress),
    )
    said = measured.sentence()
    st.markdown(said)
    left, right = st.columns(2, gap="medium")
    with left:
        block = _block(session, list(measured.eigenvalues))
        st.plotly_chart(
            eigenvalue_walk(measured, block, theme()),
            key="_walk",
            height=360,
            alt=f"Eigenvalues of {block} and the unit circle. {said}",
            config=PLAIN,
        )
    with right:
        st.markdown("**Steps until an input's influence is gone**")
        st.plotly_chart(
            horizon_growth(measured, theme()), key="_growth", height=360, alt=said, config=PLAIN
        )
    st.caption(
        "Of the last layer, on the example above. On the unit circle a linear network would "
        "neither forget nor explode."
    )


def _block(session: Session, names: list[str]) -> str:
    if len(names) == 1:
        st.markdown(f"**Eigenvalues of {names[0]}**")
        return names[0]
    forget = "W_hf" if "W_hf" in names else names[-1]
    key = f"walk_{len(names)}"
    st.pills(
        "Eigenvalues of",
        names,
        **session.tie_choice(key, forget),
        required=True,
        label_visibility="collapsed",
    )
    chosen = session.options.get(key, forget)
    return chosen if chosen in names else forget
