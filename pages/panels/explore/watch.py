"""Watch: the player, which quantity it shows, and the same in words and numbers."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import streamlit as st

from pages.components.player import channel, tracks
from pages.components.player.component import player
from pages.components.player.frame import frame
from pages.panels.explore.export import export_panel
from pages.panels.explore.hands_on import changes_banner
from pages.panels.explore.pytorch_code import NO_SEQUENCE, script_panel
from pages.panels.shared.messages import plain, problem, writable
from pages.panels.shared.share import not_in_link, share_panel
from pages.state import fields, parts
from pages.state import setup as state
from pages.state.callbacks import whole
from pages.state.fields import bound
from pages.state.selected_cell import CHANGED, DIFFERENCE, as_text, cell
from pages.state.setup import Setup
from seqviz.data.table import MAX_STEPS
from seqviz.errors import SeqvizError
from seqviz.figures import palette, summary
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


def watch_bar(setup: Setup, trace: Trace | None) -> None:
    """The row above the player: which quantity it shows, Share and Export."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown("**Watch**", width="content")
        _pills(setup)
        with st.container(horizontal=True, horizontal_alignment="right", gap="small"):
            shares = share_panel(not_in_link(setup))
            exports = export_panel(setup, trace)
    parts.showing(parts.BAR, shares or exports)


def watch_panel(setup: Setup, trace: Trace | None, changed: Trace | None) -> None:
    """The player. changed: see hands_on, None without changes."""
    with st.container():  # always there: a player that moves in the page would start afresh
        _problem(setup)
        changes_banner(setup)
    player(channel.numbered(_frame(setup, trace, changed)), on_view=_inspect_view, key=PLAYER)


def show_ahead() -> None:
    """Send the player what the controls ask for. From a callback, before the page is redrawn."""
    if not channel.line().listened:
        return
    setup = state.wanted()
    if setup.problem is None and not setup.changes:  # those take longer, and say so on the page
        with suppress(SeqvizError):  # said on the page, too
            channel.line().send(channel.numbered(_frame(setup, state.trace(setup), None)))


def _frame(setup: Setup, trace: Trace | None, changed: Trace | None) -> bytes:
    sequence = setup.sequence
    return frame(
        _tracks(setup, trace, changed),
        digest=sequence.digest if sequence else "",
        caption=_caption(setup),
        quantity=setup.quantity,
        ends=_ends(setup.quantity, trace, changed),
        capacity=setup.capacity,
        live=setup.live,
        command=st.session_state["_command"],
        step=ordered("step"),
        cell=cell(ordered("selected")),
        readout=False,  # Inspect announces the open cell
        empty=f"Nothing to watch yet. {NO_SEQUENCE}",
        line=channel.line().token,
    )


def _problem(setup: Setup) -> None:
    """What is wrong with the newest input, and a way out where there is one."""
    problem(setup.problem)
    if setup.module is not None and setup.sequence is None:
        size = setup.module.spec.input_size
        st.button(f"Use torch.randn(60, 1, {size}) instead", on_click=_use_stand_in)


@whole
def _use_stand_in() -> None:
    st.session_state["_stand_in"] = True
    parts.only(parts.FACTS, parts.MAIN)


def lesson_lines(trace: Trace | None) -> None:
    """What the lesson prints at its end."""
    if trace is not None:
        # inline code: st.code would fetch half a megabyte of highlighter on a first visit
        st.markdown("  \n".join(f"`{line}`" for line in summary.last_lines(trace)))


def more_panel(setup: Setup, trace: Trace | None) -> None:
    """Behind expanders: the code that repeats the lesson, and the values as a table.

    They stay when the pad is cleared: one that is open would come back closed.
    """
    code = script_panel(setup)
    table = _in_words_and_numbers(trace, setup.quantity)
    parts.showing(parts.MORE, code or table)


def _caption(setup: Setup) -> str:
    if setup.sequence is None:
        return ""
    steps = len(setup.sequence)
    return f"{setup.sequence.name} · {steps:,} step{'s' * (steps != 1)}"


def _ends(quantity: str, *runs: Trace | None) -> tuple[float, float]:
    """One scale for all runs, so that a colour means the same in each."""
    scales = [palette.scale(quantity, run.quantity(quantity)) for run in runs if run is not None]
    return min((low for low, _ in scales), default=-1), max((high for _, high in scales), default=1)


def _tracks(setup: Setup, trace: Trace | None, changed: Trace | None) -> list[tracks.Track]:
    """The input, then each layer; beside it the changed run and the difference, when there are."""
    spec = setup.spec
    if trace is None or setup.sequence is None:
        return tracks.empty_tracks(spec.num_layers, spec.num_directions, spec.hidden_size)
    plain = tracks.heat_tracks(trace, setup.quantity)
    if changed is None:
        return [tracks.input_track(setup.sequence, setup.wave), *plain]
    top = tracks.input_track(setup.sequence, setup.wave, changed=changed.x)
    other = tracks.heat_tracks(changed, setup.quantity, CHANGED, "changed")
    apart = tracks.difference_tracks(changed, trace, setup.quantity, DIFFERENCE)
    beside = zip(plain, other, apart, strict=True)
    return [top, *(track for three in beside for track in three)]


def _pills(setup: Setup) -> None:
    if setup.quantity != fields.get("quantity"):
        fields.put(quantity=setup.quantity)  # this cell has no such gate
    st.pills(
        "Quantity",
        list(setup.spec.quantities),
        format_func=NAMES.get,
        **bound("quantity"),
        required=True,
        label_visibility="collapsed",
    )


def ordered(field: str) -> Any:
    """A field as a link or a jump set it; what the player reports is not sent back to it."""
    session = st.session_state
    orders = session.setdefault("_orders", {})
    if orders.get("command") != session["_command"]:
        orders.clear()
        orders["command"] = session["_command"]
        orders |= {
            name: fields.get(name) for name in ("step", "selected", "range_from", "range_to")
        }
    return orders[field]


@whole
def take_view(player_key: str = PLAYER) -> None:
    """Keep the player's step and cell, which the URL and Inspect read."""
    session = st.session_state
    view = session[player_key].view
    if not isinstance(view, dict):
        return
    step, chosen = view.get("step"), view.get("cell")
    if type(step) is int:  # True is an int too, and a forged message may say so
        fields.put(step=None if step == view.get("last") else min(max(0, step), MAX_STEPS))
    if isinstance(chosen, dict):
        parts = [chosen.get(name) for name in ("run", "layer", "direction", "unit")]
        if all(type(part) is int and 0 <= part < 10_000 for part in parts):
            fields.put(selected=as_text(*parts))


@whole
def _inspect_view() -> None:
    take_view()
    parts.only(parts.INSPECT)


def _in_words_and_numbers(trace: Trace | None, quantity: str) -> bool:
    """Whether it is open."""
    with st.expander("In words and numbers", on_change="rerun", icon=":material/table:") as more:
        if not more.open:
            return False
        if trace is None:
            st.caption(NO_SEQUENCE)
            return True
        import pandas as pd

        st.markdown(plain(summary.in_words(trace, quantity)))
        names = [
            f"layer {layer + 1}{' reverse' if direction else ''}"
            for layer in range(trace.spec.num_layers)
            for direction in range(trace.spec.num_directions)
        ]
        chosen = names.index(st.selectbox("Values of", names, width=200))
        values = trace.quantity(quantity).reshape(-1, *trace.h.shape[2:])[chosen]  # (T, H)
        rows = pd.DataFrame(values, columns=[f"unit {k}" for k in range(values.shape[1])])
        rows.insert(0, "label", [writable(label) for label in trace.labels])
        rows.index = pd.RangeIndex(1, len(rows) + 1, name="step")
        st.dataframe(rows, height=280, alt=f"{quantity} of {names[chosen]}, a row for each step")
    return True
