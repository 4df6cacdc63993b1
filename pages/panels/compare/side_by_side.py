"""What Compare shows: its controls, the runs under one player, and how far they lie apart."""

from __future__ import annotations

import numpy as np
import streamlit as st

from pages.components.player import tracks
from pages.components.player.tracks import Track
from pages.panels.compare import runs
from pages.panels.compare.representations import representations
from pages.panels.compare.runs import LETTERS, Comparison
from pages.panels.compare.state_distances import state_distances
from pages.panels.shared.answers import answer_tracks, recipe_of
from pages.panels.shared.player import player
from pages.state.classroom.folded import last_seen
from pages.state.session import Session
from pages.state.setup import Setup
from seqviz.analysis.overflow import overflow_text
from seqviz.figures import palette
from seqviz.rnn import model
from seqviz.types import Trace

SENTENCES = 60  # pixels, for a projector: how far the runs lie apart, in words


def side_by_side(session: Session, setup: Setup, compared: Comparison) -> None:
    """The player with all runs, how far they agree, and what they are."""
    wanted = session.settings.quantity
    quantity = wanted if wanted in compared.quantities else "h"
    with st.container(), st.spinner("Running the networks"):  # seconds for the largest ones
        traces = [
            runs.trace(session, letter, run, quantity)
            for letter, run in zip(LETTERS, compared.runs, strict=False)
        ]
    rows = _rows(setup, compared, traces, quantity)
    frame = player.frame_of(
        session,
        rows,
        digest=compared.runs[0].sequence.digest,  # another preset keeps the step
        caption=tracks.caption(compared.sequences[0], max(map(len, compared.sequences))),
        quantity=quantity,
        ends=_ends(rows, quantity),
        presented_below=SENTENCES,
    )
    player.show(session, frame)
    _overflows(compared, traces)
    if last_seen(session) is not None:  # what lies behind it is told below, too
        return
    if compared.one_network:
        state_distances(session, setup, compared, traces)
    else:
        representations(session, setup, compared, traces, _shown_layer(setup))
    st.markdown(_table(compared))


def _rows(setup: Setup, compared: Comparison, traces: list[Trace], quantity: str) -> list[Track]:
    """Each input once, above the first run that reads it; then what differs in one network."""
    layer = _shown_layer(setup)
    rows: list[Track] = []
    drawn: set[str] = set()
    for k, (run, trace) in enumerate(zip(compared.runs, traces, strict=True)):
        if run.sequence.digest not in drawn:
            drawn.add(run.sequence.digest)
            wave = setup.wave if run.sequence is setup.sequence else None
            name = "x" if len(compared.sequences) == 1 else f"x of {LETTERS[k]}"
            rows.append(tracks.input_track(run.sequence, wave, name))
        rows += _of_layer(tracks.heat_tracks(trace, quantity, k, _name(compared, k)), layer)
    for k in range(1, len(traces) if compared.one_network else 1):
        rows += _difference(traces[0], traces[k], quantity, layer, k)
    answers: list[Track] = []
    for k, (run, trace) in enumerate(zip(compared.runs, traces, strict=True)):
        recipe, title = recipe_of(run.trained), _name(compared, k)
        answers += answer_tracks(trace, recipe, run=k, title=title, apart=True)
    return rows + _on_one_range(answers)


def _on_one_range(answers: list[Track]) -> list[Track]:
    """Answers of all runs from the same bottom to the same top: else none is seen to have grown."""
    ranges = [row.header["range"] for row in answers]
    both = min((low for low, _ in ranges), default=0), max((high for _, high in ranges), default=1)
    return [Track(row.header | {"range": both}, row.arrays) for row in answers]


def _shown_layer(setup: Setup) -> int:
    chosen = setup.settings.compare_layer
    last = setup.spec.num_layers - 1
    return last if chosen == "last" else min(int(chosen) - 1, last)


def _name(compared: Comparison, k: int) -> str:
    return f"{LETTERS[k]} {compared.runs[k].title}"


def _of_layer(rows: list[Track], layer: int) -> list[Track]:
    """The rows of one layer; which layer it is stands in the control, so not in every label."""
    return [
        Track({**row.header, "note": row.header["note"].removeprefix(f"layer {layer + 1}").strip()},
              row.arrays)
        for row in rows
        if row.header["layer"] == layer
    ]  # fmt: skip


def _difference(a: Trace, b: Trace, quantity: str, layer: int, k: int) -> list[Track]:
    """a - b over the steps both have, both of one network. k: which run b is."""
    of_a, of_b = a.quantity(quantity)[layer], b.quantity(quantity)[layer]  # (D, T, H)
    steps = min(len(a), len(b))
    with np.errstate(invalid="ignore", over="ignore"):  # where a run left the range of float32
        apart = of_a[:, :steps] - of_b[:, :steps]
    rows = [
        tracks.heat_track(
            values,
            None,
            a.labels[:steps],
            f"Δ{quantity}",
            (len(LETTERS) - 1 + k, layer, direction),
            title=f"A − {LETTERS[k]}",
            both=a.spec.bidirectional,
            own_scale=True,
        )
        for direction, values in enumerate(apart)
    ]
    return _of_layer(rows, layer)


def _ends(rows: list[Track], quantity: str) -> tuple[float, float]:
    """One scale for all runs, so that a colour means the same in each."""
    heats = [
        row.arrays["values"]
        for row in rows
        if row.header["type"] == "heat" and row.header["end"] is None
    ]
    return palette.common_scale(quantity, heats)


# ---- below the player ----------------------------------------------------------------------------


def _overflows(compared: Comparison, traces: list[Trace]) -> None:
    overflows = [
        f"{_name(compared, k)} {text}."
        for k, trace in enumerate(traces)
        if (text := overflow_text(trace))
    ]
    if overflows:
        st.warning("  \n".join(overflows), icon=":material/all_out:")


def _table(compared: Comparison) -> str:
    lines = ["| run | network | parameters |", "|:--|:--|--:|"]
    for k, run in enumerate(compared.runs):
        cells = (
            f"**{LETTERS[k]}** {run.title}",
            f"`{model.constructor(run.spec)}`",
            f"{model.num_parameters(run.spec):,}",
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)
