"""Watch: the player, which quantity it shows, and the same in words and numbers."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.ui import tracks
from pages.ui.components import player
from pages.ui.controls import KEEP
from pages.ui.state import Setup
from seqviz import lesson, palette
from seqviz.types import Trace

PLAYER = "_player"
NAMES = {
    "h": "h",
    "c": "c cell",
    "i": "i input",
    "f": "f forget",
    "g": "g candidate",
    "o": "o output",
    "r": "r reset",
    "z": "z update",
    "n": "n candidate",
}


def watch_panel(setup: Setup, trace: Trace | None) -> None:
    """The player with its pills, the lesson's last lines, and the table."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown("**Watch**", width="content")
        _pills(setup)
    _player(setup, trace)
    if trace is not None and not setup.live:
        # inline code: st.code would fetch half a megabyte of highlighter on a first visit
        st.markdown("  \n".join(f"`{line}`" for line in lesson.last_lines(trace)))
        _in_words_and_numbers(trace, setup.quantity)


def _player(setup: Setup, trace: Trace | None) -> None:
    spec, sequence = setup.spec, setup.sequence
    if trace is None or sequence is None:
        shown = tracks.empty_tracks(spec.num_layers, spec.num_directions, spec.hidden_size)
        caption, ends = "", (-1.0, 1.0)
    else:
        shown = [
            tracks.input_track(sequence, setup.wave),
            *tracks.heat_tracks(trace, setup.quantity),
        ]
        caption = f"{sequence.name} · {len(sequence):,} step{'s' * (len(sequence) != 1)}"
        ends = palette.scale(setup.quantity, trace.quantity(setup.quantity))
    player(
        shown,
        key=PLAYER,
        digest=sequence.digest if sequence else "",
        caption=caption,
        quantity=setup.quantity,
        ends=ends,
        capacity=setup.capacity,
        live=setup.live,
        command=st.session_state["_command"],
        step=_ordered("step"),
        cell=cell(_ordered("selected")),
        empty="Nothing to watch yet: give the network a sequence above.",
        on_view=_take_view,
    )


def cell(text: str | None) -> tracks.Cell | None:
    """Run (always 0 here), layer, direction and unit of the field `selected`."""
    if not text:
        return None
    layer, direction, unit = (int(part) for part in text.split("."))
    return 0, layer, direction, unit


def _pills(setup: Setup) -> None:
    if setup.quantity != st.session_state["quantity"]:
        st.session_state["quantity"] = setup.quantity  # this cell has no such gate
    st.pills(
        "Quantity",
        list(setup.spec.quantities),
        format_func=NAMES.get,
        key="quantity",
        required=True,
        persist_state=KEEP,
        label_visibility="collapsed",
    )


def _ordered(field: str) -> int | str | None:
    """step or selected as a link or a jump set it; what the player reports is not sent back."""
    session = st.session_state
    orders = session.setdefault("_orders", {})
    if orders.get("command") != session["_command"]:
        orders.clear()
        orders |= {
            "command": session["_command"],
            "step": session["step"],
            "selected": session["selected"],
        }
    return orders[field]


def _take_view() -> None:
    """Keep the player's step and cell, which the URL and Inspect read."""
    session = st.session_state
    view = session[PLAYER].view or {}
    step, chosen = view.get("step"), view.get("cell")
    if isinstance(step, int):
        session["step"] = max(0, step)
    if isinstance(chosen, dict):
        parts = [chosen.get(name) for name in ("layer", "direction", "unit")]
        if all(isinstance(part, int) and 0 <= part < 10_000 for part in parts):
            session["selected"] = ".".join(str(part) for part in parts)


def _in_words_and_numbers(trace: Trace, quantity: str) -> None:
    with st.expander("In words and numbers", on_change="rerun", icon=":material/table:") as more:
        if not more.open:
            return
        st.markdown(lesson.in_words(trace, quantity))
        names = [
            f"layer {layer + 1}{' reverse' if direction else ''}"
            for layer in range(trace.spec.num_layers)
            for direction in range(trace.spec.num_directions)
        ]
        chosen = names.index(st.selectbox("Values of", names, width=200))
        values = trace.quantity(quantity).reshape(-1, *trace.h.shape[2:])[chosen]  # (T, H)
        frame = pd.DataFrame(values, columns=[f"unit {k}" for k in range(values.shape[1])])
        frame.insert(0, "label", trace.labels)
        frame.index = pd.RangeIndex(1, len(frame) + 1, name="step")
        st.dataframe(frame, height=280, alt=f"{quantity} of {names[chosen]}, a row for each step")
