"""Forecast: a series that can be foretold, one that cannot, and the visitor's own, by one code."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import streamlit as st

from pages.components.player import tracks
from pages.components.player.tracks import Track
from pages.panels.shared.button import button
from pages.panels.shared.choices import one_of
from pages.panels.uses.part import Part, Reading
from pages.panels.uses.scores import score_table
from pages.state import input_sequence
from pages.state.session import Session
from seqviz.applications.application import Application
from seqviz.applications.forecasting import Forecast, forecast
from seqviz.applications.registry import APPLICATIONS
from seqviz.applications.stocks import Stocks
from seqviz.applications.weather import TARGET, Weather
from seqviz.errors import SeqvizError
from seqviz.rnn import tracing
from seqviz.types import FloatArray, InputSequence, Trace

SERIES = {"weather": "Seattle's weather", "stocks": "Stock prices", "own": "Your own"}
SHOWN = 120  # days of weather: four months have columns wide enough to see a front
_ASKED = "forecast asked for"


def _application(session: Session) -> Application:
    return APPLICATIONS["stocks" if session.settings.series == "stocks" else "weather"]


def _controls(session: Session) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        one_of(session, "Series", SERIES, "series")
        if session.settings.series == "own":
            one = input_sequence.read(session).sequence
            name = "" if one is None else f"“{one.name[:30]}”, {len(one):,} steps"
            st.markdown(f":small[What Feed on Explore holds: {name}]", width="content")
            button(session, "Try it", _ask, one, icon=":material/play_arrow:")


def _ask(session: Session, sequence: InputSequence | None) -> None:
    session.set(**{_ASKED: None if sequence is None else sequence.digest})


def _read(session: Session) -> Reading:
    if session.settings.series == "own":
        return _own(session)
    one = _application(session)
    assert isinstance(one, (Weather, Stocks))
    sequence = one.sequence()
    if isinstance(one, Weather):
        sequence = _last(sequence, SHOWN)
    trace = tracing.trace(one.model(), sequence)
    targets = (TARGET,) if isinstance(one, Weather) else sequence.feature_names
    return Reading(sequence, trace, _rows(sequence, trace, targets))


def _last(sequence: InputSequence, steps: int) -> InputSequence:
    return replace(sequence, x=sequence.x[-steps:], labels=sequence.labels[-steps:])


def _own(session: Session) -> Reading:
    sequence = input_sequence.read(session).sequence
    if sequence is None:
        raise SeqvizError("Feed on Explore is empty: draw, upload or generate a sequence there.")
    if session.options.get(_ASKED) != sequence.digest:
        raise SeqvizError("Press Try it: a network is trained on the first part of this sequence.")
    found: Forecast = session.cache.measure(
        "forecast", sequence.digest, "Training a network", lambda _: forecast(sequence)
    )
    trace = tracing.trace(found.trained.model, sequence)
    rows = _rows(sequence, trace, found.targets)
    note = f"It learned from the first {found.cut:,} steps and is judged on the rest."
    return Reading(sequence, trace, rows, note, {"forecast": found})


def _rows(sequence: InputSequence, trace: Trace, targets: tuple[str, ...]) -> list[Track]:
    """What it answers stands a step later, beside what came then."""
    columns = [sequence.feature_names.index(name) for name in targets]
    return [
        tracks.input_track(sequence),
        *tracks.heat_tracks(trace, "h"),
        *tracks.prediction_tracks(
            trace, shift=1, targets=_next(sequence.x[:, columns]), answers="one step ahead"
        ),
    ]


def _next(x: FloatArray) -> FloatArray:
    return np.concatenate([x[1:], np.full_like(x[:1], np.nan)])


def _below(session: Session, reading: Reading) -> None:
    found = reading.extra.get("forecast")
    if isinstance(found, Forecast):
        st.markdown(score_table(found.scores))
        if not all(score.beats_baselines for score in found.scores):
            st.markdown("It does not beat the best of these everywhere: most series are like that.")


FORECAST = Part("Stock prices and weather", _application, _controls, _read, _below)
