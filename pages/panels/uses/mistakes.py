"""The picture of where a use goes wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.panels.shared.messages import plain
from pages.panels.shared.theme import PLAIN, theme
from pages.state.session import Session
from seqviz.applications.mistakes import Confusion, Mistakes
from seqviz.figures.training.mistakes import confusion_matrix, error_bars

if TYPE_CHECKING:
    import plotly.graph_objects as go

ROW, LOWEST = 34, 250  # pixels


def mistakes_panel(session: Session, what: Mistakes) -> None:
    """A confusion matrix, or errors side by side; with the same in words."""
    st.markdown("**Where it goes wrong**")
    look, words = theme(), in_words(what)
    # kept: a hand that draws makes many runs a second
    figure = session.cache.get("mistakes", (words, look), lambda: _figure(what, look))
    classes = len(what.classes) if isinstance(what, Confusion) else 0
    height = max(LOWEST, 90 + ROW * classes)
    st.plotly_chart(figure, key="_mistakes", height=height, alt=words, config=PLAIN)
    st.caption(plain(f"On {what.on}."))


def _figure(what: Mistakes, look: str) -> go.Figure:
    if isinstance(what, Confusion):
        return confusion_matrix(what.classes, what.counts, look)
    return error_bars(what.groups, what.methods, asked=what.asked, measure=what.measure, theme=look)


def in_words(what: Mistakes) -> str:
    """The picture for who does not see it."""
    if not isinstance(what, Confusion):
        lines = (
            f"{name}: " + ", ".join(
                f"{group} {value:.3g}" for group, value in zip(what.groups, values, strict=True)
            )
            for name, values in what.methods.items()
        )  # fmt: skip
        return f"{what.measure} by {what.asked}. {'. '.join(lines)}."
    wrong = [
        f"{count} of {right} taken for {answered}"
        for right, row in zip(what.classes, what.counts, strict=True)
        for answered, count in zip(what.classes, row, strict=True)
        if count and answered != right
    ]
    said = "; ".join(wrong) or "nothing was taken for anything else"
    return f"Confusion matrix of {len(what.classes)} classes: {said}."
