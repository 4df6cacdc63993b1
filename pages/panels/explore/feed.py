"""Feed: draw, type, upload, generate or record the sequence the network reads."""

from __future__ import annotations

import streamlit as st

from pages.panels.explore.curve_table import curve_table
from pages.panels.explore.typed_text import typed_text
from pages.panels.shared.button import button
from pages.panels.shared.choices import one_of
from pages.panels.shared.number_box import number_box
from pages.panels.shared.pad import pad
from pages.state.continuation import Continuation, columns_after
from pages.state.schema import parameter_name
from pages.state.session import Session
from pages.state.setup import Setup
from seqviz.data import generators
from seqviz.data.generators import Parameter
from seqviz.limits import MAX_DRAWN_STEPS

FEEDS = {
    "draw": "Draw",
    "type": "Type",
    "upload": "Upload",
    "generate": "Generate",
    "record": "Record",
}
DRAWINGS = {"curve": "Curve", "pen": "Pen"}
RESAMPLING = "How the gesture is cut into steps: even in time, or even along the line."


def feed_panel(session: Session, setup: Setup, ahead: Continuation | None) -> None:
    """The row of feeds and the chosen feed's own controls. ahead: how the network goes on."""
    feed = session.settings.feed
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.markdown("**Feed**", width="content")
        one_of(session, "Feed", FEEDS, "feed")
        if feed == "draw":
            _draw_options(session)
    if feed == "draw":
        own = None if ahead is None else ahead.trace
        pad(session, columns_after(setup), () if own is None else own.x[:, 0].tolist())
    else:
        {"type": typed_text, "generate": _generate, "upload": _file, "record": _file}[feed](session)


# ---- Draw ----------------------------------------------------------------------------------------


def _draw_options(session: Session) -> None:
    one_of(session, "Drawing", DRAWINGS, "drawing")
    st.markdown("Steps", width="content")
    number_box(
        session,
        "Steps",
        2,
        MAX_DRAWN_STEPS,
        "steps",
        step=1,
        label_visibility="collapsed",
        width=76,
    )
    pen = session.settings.drawing == "pen"
    if pen:
        with st.popover(":material/tune:", help=RESAMPLING):
            st.caption("Even steps in")
            one_of(session, "Even steps in", ["time", "arc length"], "resample")
    button(session, "Clear", _clear)
    if not pen:
        with st.popover("Table", on_change="rerun") as table:
            if table.open:
                curve_table(session)


def _clear(session: Session) -> None:
    session.set(**{"strokes" if session.settings.drawing == "pen" else "curve": ""})


# ---- Generate ------------------------------------------------------------------------------------


def _generate(session: Session) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.selectbox(
            "Generator",
            list(generators.SOURCES),
            format_func=lambda key: generators.SOURCES[key].label,
            **session.tie_index("source", list(generators.SOURCES)),
            width=200,
        )
        source = generators.SOURCES[session.settings.source]
        for parameter in source.parameters:
            _parameter(session, parameter_name(source.key, parameter.name), parameter)


def _parameter(session: Session, name: str, parameter: Parameter) -> None:
    if parameter.choices:
        places = range(len(parameter.choices))
        st.selectbox(
            parameter.label,
            places,
            format_func=parameter.choices.__getitem__,
            **session.tie_index(name, places),
            help=parameter.help,
            width=126,
        )
        return
    number = int if parameter.whole else float
    number_box(
        session,
        parameter.label,
        number(parameter.low),
        number(parameter.high),
        name,
        step=number(parameter.step),
        help=parameter.help,
        width=126,
    )


# ---- Upload and Record ---------------------------------------------------------------------------


def _file(session: Session) -> None:
    from pages.panels.shared import uploaded_file  # the readers load with the first file

    uploaded_file.show(session)
