"""How good a network is, beside what can be had without one."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.panels.shared.messages import plain
from seqviz.applications.application import Score

WIDEST = 2  # columns of scores that a phone has room for


def scores_panel(scores: Sequence[Score]) -> None:
    """The scores as a table; where there are many, as one that scrolls in its own place."""
    if len(scores) <= WIDEST:
        st.markdown(score_table(scores))
        return
    import pandas as pd

    methods = ["This network", *(line.name for line in scores[0].baselines)]
    rows = [[one.value, *(line.value for line in one.baselines)] for one in scores]
    table = pd.DataFrame(rows, [one.on for one in scores], methods).round(scores[0].digits)
    table.index.name = scores[0].measure
    st.dataframe(table, alt=f"{scores[0].measure} of each method, a row for what was judged")


def score_table(scores: Sequence[Score]) -> str:
    """A row for the network and each baseline, the scores side by side."""
    names = ["This network", *(line.name for line in scores[0].baselines)]
    heads = [plain(f"{score.measure}, {score.on}") for score in scores]
    rows = [f"| Method | {' | '.join(heads)} |", f"|:--|{'--:|' * len(scores)}"]
    for k, name in enumerate(names):
        cells = []
        for score in scores:
            value = score.value if k == 0 else score.baselines[k - 1].value
            text = f"{value:,.{score.digits}f}"
            cells.append(f"**{text}**" if k == 0 else text)
        rows.append(f"| {plain(name)} | {' | '.join(cells)} |")
    return "\n".join(rows)
