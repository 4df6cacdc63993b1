"""What Compare shows: its controls, the runs under one player, and how far they lie apart."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np
import streamlit as st

from pages.components.player import tracks
from pages.components.player.component import player
from pages.components.player.frame import frame
from pages.components.player.tracks import Track
from pages.panels.compare import runs
from pages.panels.compare.runs import LETTERS, Comparison
from pages.panels.explore.inspect_cell import PLAIN, theme
from pages.panels.explore.watch import ordered, take_view
from pages.state import fields
from pages.state.selected_cell import cell
from pages.state.setup import Setup
from seqviz.analysis.overflow import overflow_text
from seqviz.analysis.trace_difference import Floats
from seqviz.figures import distance, palette
from seqviz.rnn import model
from seqviz.types import Trace

PLAYER = "_compare_player"


def side_by_side(setup: Setup, shown: Comparison) -> None:
    """The player with all runs, their distances over the steps, and what they are."""
    quantity = fields.get("quantity")
    quantity = quantity if quantity in shown.quantities else "h"
    with st.container(), st.spinner("Running the networks"):  # seconds for the largest ones
        traces = [
            runs.trace(letter, run, quantity)
            for letter, run in zip(LETTERS, shown.runs, strict=False)
        ]
    rows = _rows(setup, shown, traces, quantity)
    if PLAYER not in st.session_state:
        st.session_state.pop("_orders", None)  # it has just come on screen: start at today's step
    shown_now = frame(
        rows,
        digest=shown.runs[0].sequence.digest,  # another preset keeps the step
        caption=_caption(shown),
        quantity=quantity,
        ends=_ends(rows, quantity),
        command=st.session_state["_command"],
        step=ordered("step"),
        cell=cell(ordered("selected")),
    )
    player(shown_now, key=PLAYER, on_view=partial(take_view, PLAYER))
    _overflows(shown, traces)
    _distances(setup, shown, traces)
    st.markdown(_table(shown))


def _rows(setup: Setup, shown: Comparison, traces: list[Trace], quantity: str) -> list[Track]:
    """Each input once, above the first run that reads it; then what differs."""
    layer = _shown_layer(setup)
    rows: list[Track] = []
    drawn: set[str] = set()
    for k, (run, trace) in enumerate(zip(shown.runs, traces, strict=True)):
        if run.sequence.digest not in drawn:
            drawn.add(run.sequence.digest)
            wave = setup.wave if run.sequence is setup.sequence else None
            name = "x" if len(shown.sequences) == 1 else f"x of {LETTERS[k]}"
            rows.append(tracks.input_track(run.sequence, wave, name))
        rows += _of_layer(tracks.heat_tracks(trace, quantity, k, _name(shown, k)), layer)
    for k in range(1, len(traces)):
        rows += _difference(traces[0], traces[k], quantity, layer, k)
    return rows


def _shown_layer(setup: Setup) -> int:
    chosen = fields.get("compare_layer")
    return setup.spec.num_layers - 1 if chosen == "last" else int(chosen) - 1


def _name(shown: Comparison, k: int) -> str:
    return f"{LETTERS[k]} {shown.runs[k].title}"


def _of_layer(rows: list[Track], layer: int) -> list[Track]:
    """The rows of one layer; which layer it is stands in the control, so not in every label."""
    return [
        Track({**row.header, "note": row.header["note"].removeprefix(f"layer {layer + 1}").strip()},
              row.arrays)
        for row in rows
        if row.header["layer"] == layer
    ]  # fmt: skip


def _difference(a: Trace, b: Trace, quantity: str, layer: int, k: int) -> list[Track]:
    """a - b over the steps both have, where their shapes agree. k: which run b is."""
    of_a, of_b = a.quantity(quantity)[layer], b.quantity(quantity)[layer]  # (D, T, H)
    if of_a.shape[2] != of_b.shape[2]:
        return []
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
    scales = [palette.scale(quantity, values) for values in heats]
    return min(low for low, _ in scales), max(high for _, high in scales)


def _caption(shown: Comparison) -> str:
    steps = max(len(sequence) for sequence in shown.sequences)
    return f"{shown.sequences[0].name} · {steps:,} step{'s' * (steps != 1)}"


# ---- below the player ----------------------------------------------------------------------------


def _overflows(shown: Comparison, traces: list[Trace]) -> None:
    found = [
        f"{_name(shown, k)} {text}."
        for k, trace in enumerate(traces)
        if (text := overflow_text(trace))
    ]
    if found:
        st.warning("  \n".join(found), icon=":material/all_out:")


def _distances(setup: Setup, shown: Comparison, traces: list[Trace]) -> None:
    """A sentence for each pair of runs, and their distances as curves."""
    others = range(1, len(traces))
    found = {("A", LETTERS[k]): runs.apart(shown, traces, k) for k in others}
    known = {pair: one for pair, one in found.items() if one.norms is not None}
    said = [one.sentence for one in known.values()]
    # runs without a common shape have their sentence among the notes
    if text := "  \n".join([*said, *shown.notes]):
        st.markdown(text)
    if known:
        steps = max(map(len, traces))
        _chart({pair: one.norms for pair, one in known.items()}, steps, setup.spec.bidirectional)


def _chart(norms: Mapping[tuple[str, str], Floats], steps: int, reverse: bool) -> None:
    step = fields.get("step")
    st.plotly_chart(
        distance.norms(norms, step, theme(), steps=steps, reverse=reverse),
        key="_norms",
        height=160,
        alt=distance.describe_norms(norms, step),
        config=PLAIN,
    )


def _table(shown: Comparison) -> str:
    lines = ["| | network | hidden_size | parameters |", "|:--|:--|--:|--:|"]
    for k, run in enumerate(shown.runs):
        cells = (
            f"**{LETTERS[k]}** {run.title}",
            f"`{model.constructor(run.spec)}`",
            str(run.spec.hidden_size),
            f"{model.num_parameters(run.spec):,}",
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)
