"""Feed: draw, type, upload, generate or record the sequence the network reads."""

from __future__ import annotations

import streamlit as st

from pages.components.draw_pad.component import draw_pad
from pages.panels.explore.curve_table import curve_table
from pages.panels.shared.build import one_of
from pages.state import fields, parts, schema
from pages.state.callbacks import whole
from pages.state.fields import bound
from seqviz.data import drawing as strokes
from seqviz.data import generators
from seqviz.data import text as encoders
from seqviz.errors import SeqvizError

FEEDS = {
    "draw": "Draw",
    "type": "Type",
    "upload": "Upload",
    "generate": "Generate",
    "record": "Record",
}
DRAWINGS = {"curve": "Curve", "pen": "Pen"}
RESAMPLING = "How the gesture is cut into steps: even in time, or even along the line."
PAD = "_pad"
MESSAGES_ON_THE_WAY = 100  # more than a pad sends while an answer takes its way
LONGEST_DRAWING = 2000  # characters of a link


def feed_panel() -> None:
    """The row of feeds and the chosen feed's own controls."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.markdown("**Feed**", width="content")
        one_of("Feed", FEEDS, "feed")
        if fields.get("feed") == "draw":
            _draw_options()
    {
        "draw": _draw,
        "type": _type,
        "upload": lambda: _files("upload"),
        "generate": _generate,
        "record": lambda: _files("record"),
    }[fields.get("feed")]()


# ---- Draw ----------------------------------------------------------------------------------------


def _draw_options() -> None:
    one_of("Drawing", DRAWINGS, "drawing", then=_end_drawing)
    st.markdown("Steps", width="content")
    st.number_input(
        "Steps",
        2,
        schema.MAX_DRAWN_STEPS,
        step=1,
        **bound("steps"),
        label_visibility="collapsed",
        width=76,
    )
    if fields.get("drawing") == "pen":
        with st.popover(":material/tune:", help=RESAMPLING):
            st.caption("Even steps in")
            one_of("Even steps in", ["time", "arc length"], "resample")
    st.button("Clear", on_click=_clear)
    if fields.get("drawing") == "curve":
        with st.popover("Table", on_change="rerun") as table:
            if table.open:
                curve_table()


def _draw() -> None:
    session = st.session_state
    levels = strokes.unpack_levels(fields.get("curve")) if fields.get("curve") else ()
    steps = int(fields.get("steps"))
    if levels and not session["_live"] and len(levels) != steps:
        levels = strokes.resample_levels(levels, steps)
    draw_pad(
        key=PAD,
        mode=fields.get("drawing"),
        steps=steps,
        levels=levels,
        strokes=strokes.unpack_strokes(fields.get("strokes")) if fields.get("strokes") else (),
        revision=session["_revision"],
        on_drawing=_take_drawing,
    )


@whole
def _take_drawing() -> None:
    """Keep what the pad sent: a component's own state is lost when it leaves the screen."""
    session = st.session_state
    drawing = session[PAD].drawing
    if not isinstance(drawing, dict):
        return
    try:
        if int(drawing.get("revision", 0)) < session.get("_cleared", 0):
            return  # on its way while the pad was cleared
        if "strokes" in drawing:
            fields.put(strokes=_packed(strokes.parse_strokes(drawing["strokes"])))
        elif "levels" in drawing:
            fields.put(curve=strokes.pack_levels(strokes.parse_levels(drawing["levels"])))
        session["_revision"] = int(drawing.get("revision", 0))
        session["_live"] = drawing.get("live") is True
    except (SeqvizError, TypeError, ValueError, OverflowError):
        session["_live"] = False  # not from our pad: what was drawn before stays
    if session["_live"]:
        parts.only(parts.WATCH)  # so that the heatmap follows the hand
    parts.follow_sequence()


def _packed(written: strokes.Strokes) -> str:
    """As a link carries it: simplified as little as it takes to stay short enough to share."""
    packed, tolerance = strokes.pack_strokes(written), 4
    while len(packed) > LONGEST_DRAWING and tolerance <= 256:
        packed = strokes.pack_strokes(strokes.simplify(written, tolerance))
        tolerance *= 2
    if len(packed) > schema.LONGEST_STROKES:
        raise SeqvizError(
            "This drawing has too many strokes: clear the pad and draw a simpler one."
        )
    return packed


def _end_drawing() -> None:
    st.session_state["_live"] = False


@whole
def _clear() -> None:
    fields.put(**{"strokes" if fields.get("drawing") == "pen" else "curve": ""})
    st.session_state["_revision"] += MESSAGES_ON_THE_WAY
    st.session_state["_cleared"] = st.session_state["_revision"]
    _end_drawing()
    parts.follow_sequence()


# ---- Type ----------------------------------------------------------------------------------------


def _type() -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            "Text",
            **bound("text"),
            label_visibility="collapsed",
            placeholder="Type something to read",
            live=True,
            max_chars=schema.LONGEST_TYPED,
        )
        one_of("One step is", ["characters", "words"], "text_unit")
    text, unit = fields.get("text"), fields.get("text_unit")
    fitting = encoders.shorten(text, unit)
    if fitting and len(fitting) < len(text.rstrip()):
        st.button(
            f"Use the first {len(fitting):,} characters",
            on_click=_use_text,
            args=(fitting,),
        )


@whole
def _use_text(text: str) -> None:
    fields.put(text=text)
    parts.follow_sequence()


# ---- Generate ------------------------------------------------------------------------------------


def _generate() -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.selectbox(
            "Generator",
            list(generators.SOURCES),
            format_func=lambda key: generators.SOURCES[key].label,
            **bound("source"),
            width=200,
        )
        source = generators.SOURCES[fields.get("source")]
        for parameter in source.parameters:
            _parameter(source.key, parameter)


def _parameter(source: str, parameter: generators.Parameter) -> None:
    key = schema.parameter_name(source, parameter.name)
    if parameter.choices:
        st.selectbox(
            parameter.label,
            range(len(parameter.choices)),
            format_func=parameter.choices.__getitem__,
            **bound(key),
            help=parameter.help,
            width=126,
        )
        return
    number = int if parameter.whole else float
    st.number_input(
        parameter.label,
        number(parameter.low),
        number(parameter.high),
        step=number(parameter.step),
        **bound(key),
        help=parameter.help,
        width=126,
    )


# ---- Upload and Record ---------------------------------------------------------------------------


def _files(slot: str) -> None:
    from pages.panels.explore import (
        uploaded_file,  # the readers load with the first file, not before
    )

    uploaded_file.show(slot)
