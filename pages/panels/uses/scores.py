"""How good a network is, beside what can be had without one."""

from __future__ import annotations

from collections.abc import Sequence

from pages.panels.shared.messages import plain
from seqviz.applications.application import Score


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
