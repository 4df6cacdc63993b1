"""The drawn curve as a table: numbers to type, for those who do not draw."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from pages.state.session import Session
from seqviz.data import drawing, drawing_payload


@dataclass
class _Sheet:
    """What the editor was given, which stays while somebody types: an editor that is given other
    numbers starts afresh, without its focus and scrolled to the top.
    """

    number: int
    steps: int
    curve: str  # as the field was when the table last read or wrote it
    given: list[float]
    typed: list[float]


def curve_table(session: Session) -> None:
    """The values from -1 to 1, one a step. A curve that changes elsewhere begins a new sheet."""
    import pandas as pd

    sheet = _sheet(session)
    steps = pd.RangeIndex(1, len(sheet.given) + 1, name="step")
    st.caption("Type values from −1 to 1.")
    edited = st.data_editor(
        pd.DataFrame({"value": sheet.given}, index=steps),
        height=260,
        key=f"_table_{sheet.number}",
        column_config={
            "value": st.column_config.NumberColumn(min_value=-1.0, max_value=1.0, step=0.001)
        },
        alt="The curve's value at each step",
    )
    typed = edited["value"].fillna(0.0).clip(-1, 1).tolist()
    if typed != sheet.typed:
        sheet.typed, sheet.curve = typed, drawing_payload.pack_levels(_levels(typed))
        session.set(curve=sheet.curve)
        st.rerun()


def _sheet(session: Session) -> _Sheet:
    curve, steps = session.settings.curve, session.settings.steps
    sheet: _Sheet | None = session.options.get("curve_table")
    if sheet is None or (sheet.curve, sheet.steps) != (curve, steps):
        levels = drawing_payload.unpack_levels(curve) if curve else ()
        levels = drawing.resample_levels(levels or (2048,), steps)
        values = [round(level / 2047.5 - 1, 3) for level in levels]
        number = 1 if sheet is None else sheet.number + 1
        sheet = _Sheet(number, steps, curve, values, values)
        session.options["curve_table"] = sheet
    return sheet


def _levels(values: list[float]) -> tuple[int, ...]:
    return tuple(round((value + 1) * 2047.5) for value in values)
