"""Inspect's views of a prediction: how a head's output came about, over time, and as a drawing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import streamlit as st

from pages.panels.shared.messages import plain
from pages.panels.shared.theme import PLAIN, theme
from pages.state.browser.selected_cell import Selection
from pages.state.session import Session
from seqviz import labels
from seqviz.analysis.prediction_step import PredictionStep, prediction_step
from seqviz.figures.step import prediction, prediction_diagram, prediction_equations
from seqviz.types import Trace


def announced(trace: Trace, changed: Trace | None, place: Selection) -> str:
    """The open output in words; changed: beside it with the interventions in force."""
    if place.t is None:
        return "prediction, step 0: nothing is predicted before the first input"
    said = labels.announce_prediction(trace, place.unit, place.t)
    if changed is None:
        return said
    now = labels.announce_prediction(changed, place.unit, place.t).rsplit("= ", 1)[1]
    return f"{said} → {now} when changed"


def prediction_view(session: Session, trace: Trace, place: Selection, t: int, view: str) -> None:
    """view: "arithmetic", "over time" or "data flow"."""
    if view == "over time":
        words = prediction.describe_curve(trace, place.unit, t)
        figure = prediction.prediction_curve(trace, place.unit, t, theme())
        st.plotly_chart(figure, key="_over_time", height=250, alt=words, config=PLAIN)
        st.caption(plain(words))
        return
    opened = prediction_step(trace, place.unit, t)
    if view == "arithmetic":
        _arithmetic(session, opened)
    else:
        st.image(
            prediction_diagram.prediction_diagram(opened, theme()),
            alt=prediction_diagram.describe_diagram(opened),
            width=760,
        )


def unit_behind(trace: Trace, place: Selection) -> tuple[Selection, str]:
    """For Hands on: the unit of the last layer that counts most for the prediction, and why it."""
    through, last = "A prediction is changed through the units.", trace.spec.num_layers - 1
    if place.t is None:
        return replace(place, layer=last, unit=0), through
    products = prediction_step(trace, place.unit, place.t).from_states.products
    largest = int(np.abs(products).argmax())
    direction, unit = divmod(largest, trace.spec.hidden_size)
    where = labels.layer_name(last, direction)
    size = labels.number(products[largest])
    adds = f"Unit {unit} of {where} counts most for it here: it adds {size}."
    return replace(place, layer=last, direction=direction, unit=unit), f"{through} {adds}"


def _arithmetic(session: Session, opened: PredictionStep) -> None:
    left, right = st.columns(2, gap="medium")
    with left:
        st.latex(_aligned(prediction_equations.formula(opened.classes)))
    with right:
        shown = _SUM
        if opened.classes:
            st.pills(
                "Chart of",
                (_SUM, _ALL),
                **session.tie_choice("prediction_chart", _SUM),
                required=True,
                label_visibility="collapsed",
            )
            shown = session.options.get("prediction_chart", _SUM)
        sums = shown == _ALL
        figure = (prediction.class_sums if sums else prediction.prediction_waterfall)(
            opened, theme()
        )
        words = (prediction.describe_sums if sums else prediction.describe_waterfall)(opened)
        st.plotly_chart(figure, key="_waterfall", height=250, alt=words, config=PLAIN)
    lines = prediction_equations.with_values(opened, largest=1)
    for column, line in zip(st.columns(2, gap="medium"), lines, strict=False):
        column.latex(rf"{{\small {line}}}")


_SUM, _ALL = "sum", "all classes"


def _aligned(lines: list[str]) -> str:
    inside = r" \\[1.5ex] ".join(line.replace("=", "&=", 1) for line in lines)
    return rf"\begin{{aligned}}{inside}\end{{aligned}}"
