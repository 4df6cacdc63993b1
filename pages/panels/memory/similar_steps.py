"""Alike: places in the sequence where chosen steps look the same to the network."""

from __future__ import annotations

import streamlit as st

from pages.panels.memory.measured_run import MeasuredRun
from pages.panels.shared.button import button
from pages.panels.shared.messages import plain
from pages.panels.shared.optional_number import optional_number
from pages.state.session import Session
from seqviz.analysis.similarity import Match, SimilarSteps, similar_steps


def similar_steps_panel(session: Session, run: MeasuredRun) -> None:
    """Choose steps, find where else the states look like that, and go there."""
    steps = len(run.trace)
    for name in ("range_from", "range_to"):  # of a link, or of a sequence that was longer
        session.set(**{name: _at_most(session.settings.get(name), steps)})
    start, stop = _chosen_range(session, run)
    st.caption(
        "Drag along the input above to select steps, or type them. Units: all, or those that are "
        "on throughout the range and off just outside it."
    )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        optional_number(session, "From step", 1, steps, "range_from", without="Any first", step=1,
                        placeholder=str(start), width=120)  # fmt: skip
        optional_number(session, "To step", 1, steps, "range_to", without="Any last", step=1,
                        placeholder=str(stop), width=120)  # fmt: skip
        optional_number(session, "Unit threshold", 0.0, 1.0, "threshold", without="All units",
                        step=0.05, placeholder="all units", width=150)  # fmt: skip
        button(session, "Find alike", _search, icon=":material/search:")
    threshold = session.settings.threshold
    key = (*run.key, start, stop, threshold)
    if session.options.pop("search_alike", False) or run.cache.holds("alike", key):
        found = run.cache.get(
            "alike", key, lambda: similar_steps(run.trace, start - 1, stop, threshold=threshold)
        )
        _matches(session, run, found)


def _search(session: Session) -> None:
    session.set(search_alike=True)


def _at_most(step: int | None, steps: int) -> int | None:
    return None if step is None else min(step, steps)


def _chosen_range(session: Session, run: MeasuredRun) -> tuple[int, int]:
    """First and last chosen step, from 1; five steps around the player's when none are chosen."""
    steps, here = len(run.trace), run.step_index + 1
    first = session.settings.range_from or max(1, here - 2)
    last = session.settings.range_to or min(steps, here + 2)
    return min(first, last), max(first, last)


def _matches(session: Session, run: MeasuredRun, similar: SimilarSteps) -> None:
    if similar.note:
        st.info(similar.note, icon=":material/info:")
    if not similar.matches:
        return
    st.markdown(f"Most alike, comparing {len(similar.units)} units. Choose one to go there.")
    with st.container(horizontal=True, gap="small"):
        for match in similar.matches:
            button(
                session,
                f"Steps {match.start + 1}–{match.stop} · {match.score:.3f}",
                _jump,
                match,
                len(run.trace),
                key=f"_jump_{match.start}",
                help=plain(" ".join(run.trace.labels[match.start : match.stop])),
            )


def _jump(session: Session, match: Match, steps: int) -> None:
    """Let the player go to the end of a match."""
    session.play_at(None if match.stop >= steps else match.stop)
