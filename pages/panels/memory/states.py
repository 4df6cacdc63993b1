"""Memory: states as a path through space, and places in the sequence whose states are alike."""

from __future__ import annotations

import streamlit as st

from pages.panels.explore.inspect_cell import PLAIN, theme
from pages.panels.memory.measured_run import Run
from pages.panels.memory.measures import step_index
from pages.panels.shared.messages import plain
from pages.state import fields
from pages.state.cache import remembered
from pages.state.callbacks import whole
from pages.state.fields import bound
from seqviz.analysis.pca import trajectory
from seqviz.analysis.similarity import Alike, Match, alike
from seqviz.data import order
from seqviz.figures import memory


def trajectory_panel(run: Run) -> None:
    """PCA of h, in 2D or 3D, with the player's step; on request other orders in the same space."""
    with st.container(horizontal=True, gap="medium"):
        st.toggle("3D", **bound("three_d"))
        st.toggle(
            "With other orders",
            **bound("together"),
            help="The same sequence reversed and shuffled, in one space.",
        )
    components = 3 if fields.get("three_d") else 2
    names, sequence = ["this sequence"], run.setup.sequence
    traces = [run.trace]
    if fields.get("together") and sequence is not None:
        names += ["reversed", "shuffled"]
        orders = (order.reversed_order(sequence), order.shuffled(sequence, 0))
        traces += remembered("orders", run.key, lambda: [run.read(order) for order in orders])
    found = trajectory(traces, components=components)
    words = f"{found.sentence()} The large dot marks step {step_index(run) + 1}."
    figure = memory.paths(found, names, run.trace.labels, step_index(run), theme())
    st.plotly_chart(figure, key="_memory_path", height=420, alt=words, config=PLAIN)
    st.caption(plain(words))


def alike_panel(run: Run) -> None:
    """Choose steps, find where else the states look like that, and go there."""
    steps = len(run.trace)
    start, stop = chosen_range(run)
    st.caption(
        "Drag along the input above to select steps, or type them. Units: all, or those that are "
        "on throughout the range and off just outside it."
    )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.number_input("From step", 1, steps, value=None, **bound("range_from"), step=1,
                        placeholder=str(start), width=120)  # fmt: skip
        st.number_input("To step", 1, steps, value=None, **bound("range_to"), step=1,
                        placeholder=str(stop), width=120)  # fmt: skip
        st.number_input("Unit threshold", 0.0, 1.0, value=None, **bound("threshold"), step=0.05,
                        placeholder="all units", width=150)  # fmt: skip
        asked = st.button("Find alike", type="primary", icon=":material/search:")
    threshold = fields.get("threshold")
    key = (*run.key, start, stop, threshold)
    if asked:
        st.session_state["_alike"] = (key, alike(run.trace, start - 1, stop, threshold=threshold))
    kept = st.session_state.get("_alike")
    if kept is not None and kept[0] == key:
        _matches(run, kept[1])


def chosen_range(run: Run) -> tuple[int, int]:
    """First and last chosen step, from 1; five steps around the player's when none are chosen."""
    steps, here = len(run.trace), step_index(run) + 1
    first = fields.get("range_from") or max(1, here - 2)
    last = fields.get("range_to") or min(steps, here + 2)
    first, last = min(int(first), steps), min(int(last), steps)
    return min(first, last), max(first, last)


def _matches(run: Run, found: Alike) -> None:
    if found.note:
        st.info(found.note, icon=":material/info:")
    if not found.matches:
        return
    st.markdown(f"Most alike, comparing {len(found.units)} units. Choose one to go there.")
    with st.container(horizontal=True, gap="small"):
        for match in found.matches:
            said = f"{match.start + 1}–{match.stop}"
            st.button(
                f"Steps {said} · {match.score:.3f}",
                key=f"_jump_{match.start}",
                on_click=_jump,
                args=(match, len(run.trace)),
                help=plain(" ".join(run.trace.labels[match.start : match.stop])),
            )


@whole
def _jump(match: Match, steps: int) -> None:
    """Order the player to the end of a match."""
    session = st.session_state
    fields.put(step=None if match.stop >= steps else match.stop)
    session["_command"] += 1
