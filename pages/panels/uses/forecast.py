"""Forecast: a series that can be foretold, one that cannot, and the visitor's own, by one code."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import replace

import numpy as np
import streamlit as st

from pages.components.player import tracks
from pages.components.player.tracks import Track
from pages.panels.shared.button import button
from pages.panels.shared.choices import one_of
from pages.panels.shared.messages import plain
from pages.panels.uses.part import Part, Reading
from pages.panels.uses.scores import scores_panel
from pages.state import input_sequence, own_forecast
from pages.state.measurement import Tell
from pages.state.session import Session
from seqviz.applications.application import Application
from seqviz.applications.forecasting import Forecast, forecast
from seqviz.applications.own_series import OwnSeries
from seqviz.applications.registry import APPLICATIONS
from seqviz.applications.stocks import Stocks
from seqviz.applications.weather import TARGET, UNIT, Weather
from seqviz.errors import SeqvizError
from seqviz.rnn import tracing
from seqviz.rnn.continuation import traced_on
from seqviz.rnn.model import with_weights
from seqviz.types import FloatArray, InputSequence, Model, Trace

SERIES = {"weather": "Seattle's weather", "stocks": "Stock prices", "own": "Your own"}
AHEAD = 30  # steps that it goes on by itself
LOOK = 0.1  # seconds between two looks whether it is this one's turn
SHOWN = 120  # days of weather: four months have columns wide enough to see a front
_ASKED, _ON = "forecast asked for", "forecast goes on"
UNTAUGHT = "It has learned nothing yet: press Try it."
PRESS = "An untrained network reads it. Press Try it: one is trained on its first part."
_TURN = threading.Semaphore(1)
"""Visitors' own networks are trained here one after another: everybody else's pages go first."""


def _application(session: Session) -> Application:
    if session.settings.series == "own":
        sequence = input_sequence.read(session).sequence
        return OwnSeries(sequence, own_forecast.of(session, sequence))
    return APPLICATIONS["stocks" if session.settings.series == "stocks" else "weather"]


def _controls(session: Session) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        one_of(session, "Series", SERIES, "series")
        if session.settings.series == "own":
            one = input_sequence.read(session).sequence
            name = "nothing" if one is None else f"“{one.name[:30]}”, {len(one):,} steps"
            st.markdown(f":small[On the table: {plain(name)}]", width="content")
            button(session, "Try it", _ask, one, icon=":material/play_arrow:")
        else:
            button(session, "Try it", _take_own, icon=":material/play_arrow:")
            st.markdown(":small[with a series of your own]", width="content")
        hindered = _cannot_go_on(session)
        button(
            session,
            "Continue",
            _go_on,
            disabled=bool(hindered),
            help=hindered
            or f"{AHEAD} steps more, dashed: each of its answers is read as the next input.",
        )
    if session.settings.series == "own":
        _own_file(session)


def _take_own(session: Session) -> None:
    session.set(series="own")


def _cannot_go_on(session: Session) -> str:
    """Why the network cannot read its own answers, or ""."""
    if session.settings.series == "weather":
        return "It answers with one of the four numbers it reads, so it cannot read its answers."
    if session.settings.series == "own" and not _learns(session):
        return UNTAUGHT
    return ""


def _learns(session: Session) -> bool:
    """Whether a network has learned from the series on the table, or is about to."""
    one = input_sequence.read(session).sequence
    if one is None or own_forecast.of(session, one) is not None:
        return one is not None
    is_asked = session.options.get(_ASKED) == one.digest
    return is_asked and not session.cache.holds("forecast", one.digest)  # it will not do


def _go_on(session: Session) -> None:
    session.set(**{_ON: not session.options.get(_ON)})


def _own_file(session: Session) -> None:
    """Another file; until one comes, what Feed on Explore holds is on the table."""
    if session.settings.feed != "upload":
        button(session, "Upload a file", _bring, icon=":material/upload_file:")
        return
    from pages.panels.shared import uploaded_file  # the readers load with the first file

    uploaded_file.show(session, scaled=True)


def _bring(session: Session) -> None:
    session.set(feed="upload")


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
        return _reading(session, one.model(), sequence, (TARGET,), UNIT)
    return _reading(session, one.model(), sequence, sequence.feature_names)


def _reading(
    session: Session,
    model: Model,
    sequence: InputSequence,
    targets: tuple[str, ...],
    unit: str = "",
) -> Reading:
    """What the network makes of the sequence, and where it is asked to, how it goes on."""
    trace, ahead = tracing.trace(model, sequence), None
    assert model.head is not None
    if session.options.get(_ON) and len(targets) == sequence.input_size:
        with suppress(SeqvizError):  # its answers may leave all bounds
            ahead = traced_on(with_weights(model.spec, model.weights), trace, model.head, AHEAD)
    rows = _rows(sequence, trace, targets, ahead, unit)
    return Reading(sequence, trace, rows, ahead=AHEAD if ahead else 0)


def _last(sequence: InputSequence, steps: int) -> InputSequence:
    return replace(sequence, x=sequence.x[-steps:], labels=sequence.labels[-steps:])


def _own(session: Session) -> Reading:
    feed = input_sequence.read(session)
    sequence = feed.sequence
    if feed.problem is not None:  # the newest file will not do, and the one before is not meant
        raise SeqvizError(feed.problem)
    if sequence is None:
        raise SeqvizError("Feed on Explore is empty: draw, upload or generate a sequence there.")
    found = own_forecast.of(session, sequence)
    if found is None and session.options.get(_ASKED) == sequence.digest:
        found = _learned(session, sequence)
        own_forecast.keep(session, sequence, found)
    if found is None:
        return _untrained(sequence)
    note = f"It learned from the first {found.cut:,} steps and is judged on the rest."
    reading = _reading(session, found.trained.model, sequence, found.targets)
    return replace(reading, note=note, extra={"forecast": found})


def _untrained(sequence: InputSequence) -> Reading:
    trace = tracing.trace(OwnSeries(sequence, None).model(), sequence)
    rows = [tracks.input_track(sequence), *tracks.heat_tracks(trace, "h")]
    return Reading(sequence, trace, rows, note=PRESS)


def _learned(session: Session, sequence: InputSequence) -> Forecast:
    def work(tell: Tell) -> Forecast:
        while not _TURN.acquire(timeout=LOOK):
            tell(0.0)  # which ends this where nobody waits any more
        try:
            return forecast(sequence, tell=tell)
        finally:
            _TURN.release()

    return session.cache.measure("forecast", sequence.digest, "Training a network", work)


def _rows(
    sequence: InputSequence,
    trace: Trace,
    targets: tuple[str, ...],
    ahead: Trace | None,
    unit: str,
) -> list[Track]:
    """What it answers stands a step later, beside what came then."""
    columns = [sequence.feature_names.index(name) for name in targets]
    scales = ", each on a scale of its own" if len(targets) > 1 else ""
    return [
        tracks.input_track(sequence, ahead=ahead),
        *tracks.heat_tracks(trace, "h", ahead=ahead),
        *tracks.prediction_tracks(
            trace,
            shift=1,
            targets=_next(sequence.x[:, columns]),
            answers=f"one step ahead{scales}",
            own_scales=True,
            unit=unit,
        ),
    ]


def _next(x: FloatArray) -> FloatArray:
    return np.concatenate([x[1:], np.full_like(x[:1], np.nan)])


def _below(session: Session, reading: Reading) -> None:
    found = reading.extra.get("forecast")
    if isinstance(found, Forecast):
        scores_panel(found.scores)
        for sentence in _in_words(found, reading.sequence):
            st.markdown(plain(sentence))


def _in_words(found: Forecast, sequence: InputSequence) -> list[str]:
    """What the scores do not say: of values that never change, and where others are as good."""
    features = zip(sequence.feature_names, sequence.x.T, strict=True)
    constant = [name for name, x in features if not np.ptp(x)]
    said = []
    if constant:
        names = ", ".join(constant)
        said.append(f"No forecast is needed where the values never change: {names}.")
    if not all(
        score.beats_baselines
        for name, score in zip(found.targets, found.scores, strict=True)
        if name not in constant
    ):
        said.append("It does not beat the best of these everywhere: most series are like that.")
    return said


FORECAST = Part("Stock prices and weather", _application, _controls, _read, _below)
