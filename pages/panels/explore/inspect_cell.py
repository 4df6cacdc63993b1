"""Inspect: the open cell in arithmetic, over time, as a drawing, and hands on."""

from __future__ import annotations

import streamlit as st

from pages.components.landmark.component import landmark
from pages.panels.explore.hands_on import hands_on
from pages.panels.explore.inspect_prediction import announced, prediction_view, unit_behind
from pages.panels.shared.choices import one_of
from pages.panels.shared.messages import plain
from pages.panels.shared.theme import PLAIN, theme
from pages.state.browser.selected_cell import ORIGINAL, Selection, selected
from pages.state.classroom.folded import last_seen
from pages.state.session import Session
from pages.state.setup import Setup
from seqviz import labels
from seqviz.analysis import unit_step
from seqviz.analysis.unit_step import Step
from seqviz.figures.step import cell_diagram, equations, unit
from seqviz.types import Trace

VIEWS = {
    "arithmetic": "Arithmetic",
    "over time": "Unit over time",
    "data flow": "Data flow",
    "hands on": "Hands on",
}


def inspect_panel(session: Session, setup: Setup, trace: Trace, changed: Trace | None) -> None:
    """changed: the trace with the interventions in force, or None without any."""
    with st.container(key="inspect_region"):
        landmark("Inspect", "inspect_region")
        place = selected(setup.settings, trace)
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(
                f"**Inspect** {plain(_announcement(setup, trace, changed, place))}",
                width="stretch",
            )
            one_of(session, "View", VIEWS, "inspect")
        view = setup.settings.inspect
        if view == "over time" and last_seen(session) is not None:
            st.caption("It would show the steps that are hidden.")
            return
        if view == "hands on":
            note = ""
            if place is not None and place.is_prediction:
                place, note = unit_behind(trace, place)
            hands_on(session, setup, trace, place, note)
        elif place is not None and place.t is not None:
            shown = trace if place.run == ORIGINAL or changed is None else changed
            if place.is_prediction:
                prediction_view(session, shown, place, place.t, view)
            elif view == "over time":
                _over_time(shown, place, place.t)
            else:
                names = setup.sequence.feature_names if setup.sequence else ()
                at = (place.layer, place.direction, place.unit, place.t)
                opened = unit_step.step(shown, *at, names)
                if view == "arithmetic":
                    _arithmetic(session, shown, opened)
                else:
                    _data_flow(opened)


def _announcement(
    setup: Setup, trace: Trace, changed: Trace | None, place: Selection | None
) -> str:
    """What is open, as the player says it."""
    if place is None:
        return "click any cell of a heatmap, or focus it and press ↑ or ↓"
    if place.is_prediction:
        said = announced(trace, changed, place)
        return f"changed network, {said}" if changed and place.run != ORIGINAL else said
    if place.t is None:
        where = labels.layer_name(place.layer, place.direction)
        return f"{where}, unit {place.unit}, step 0: h_0, before the first input"
    at = (place.layer, place.direction, place.unit, place.t, setup.quantity)
    said = labels.announce(trace, *at)
    if changed is None:
        return said
    now = labels.announce(changed, *at).rsplit("= ", 1)[1]
    # of a difference the changed run's arithmetic stands below
    return f"{'changed network, ' if place.run != ORIGINAL else ''}{said} → {now} when changed"


def _arithmetic(session: Session, trace: Trace, opened: Step) -> None:
    left, right = st.columns(2, gap="medium")
    with left:
        st.latex(_lines(equations.formula(opened.mode, opened.direction, trace.spec.bias)))
    with right:
        names = [gate.name for gate in opened.gates]
        if len(names) > 1:
            ending = "c, h" if trace.spec.mode == "LSTM" else "h"
            names.append(ending)
            name = f"waterfall_{trace.spec.mode}"
            st.pills(
                "Waterfall of",
                names,
                **session.tie_choice(name, ending),
                required=True,
                label_visibility="collapsed",
            )
            chosen = session.options.get(name, ending)
        else:
            chosen, ending = names[0], None
        figure = (
            unit.combination(opened, theme())
            if chosen == ending
            else unit.waterfall(opened, chosen, theme())
        )
        words = (
            cell_diagram.describe_cell(opened)
            if chosen == ending
            else unit.describe_waterfall(opened, chosen)
        )
        st.plotly_chart(figure, key="_waterfall", height=250, alt=words, config=PLAIN)
    lines = equations.with_values(opened, largest=1)
    for first in range(0, len(lines), 2):  # two in a row; on a phone they stack
        for column, line in zip(
            st.columns(2, gap="medium"), lines[first : first + 2], strict=False
        ):
            column.latex(rf"{{\small {line}}}")


def _lines(lines: list[str]) -> str:
    return (
        r"\begin{aligned}"
        + r" \\ ".join(line.replace("=", "&=", 1) for line in lines)
        + (r"\end{aligned}")
    )


def _over_time(trace: Trace, place: Selection, t: int) -> None:
    at = (place.layer, place.direction, place.unit, t)
    words = unit.describe_curves(trace, *at)
    st.plotly_chart(
        unit.unit_curves(trace, *at, theme=theme()),
        key="_over_time",
        height=340,
        alt=words,
        config=PLAIN,
    )
    st.caption(plain(words))


def _data_flow(opened: Step) -> None:
    st.image(
        cell_diagram.cell_diagram(opened, theme()),
        alt=cell_diagram.describe_cell(opened),
        width=760,
    )
