"""Tomorrow's maximum temperature in Seattle, from today's weather and what came before."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np

from seqviz.applications import forecasting
from seqviz.applications.application import Application, Score, Trained
from seqviz.applications.forecasting import Plan
from seqviz.applications.mistakes import ErrorBars, Mistakes
from seqviz.rnn.tracing import trace
from seqviz.training.recipe import Recipe
from seqviz.types import FloatArray, InputSequence

TARGET = "temp_max"
UNIT = "°C"
MONTHS = tuple(["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"])
FIRST_JUDGED = "2015-01-01"


class Weather(Application):
    key = "weather"
    name = "Weather"
    about = (
        "It reads a day's precipitation, highest and lowest temperature and wind in Seattle, day "
        "after day. It answers with tomorrow's highest temperature."
    )
    cannot = (
        "It knows one place, four numbers a day and three years. It has no air pressure, no "
        "satellite and no map, so a front that comes in overnight surprises it: it is two degrees "
        "off on average, only a little better than saying that tomorrow is as warm as today. "
        "Further ahead than tomorrow it says nothing."
    )

    def sequence(self) -> InputSequence:
        """1,461 days of four numbers: mm, °C, °C, m/s; the labels are the dates."""
        return _days()

    example = sequence

    def cut(self) -> int:
        """Days it learned from: those before 2015."""
        return self.sequence().labels.index(FIRST_JUDGED)

    def nearby_recipe(self) -> Recipe:
        """Of the page Train: Next value of all four numbers, from the same days. After more
        iterations than these it has learned three years by heart and 2015 suffers."""
        usual = Recipe.default("next_value", self.sequence(), mode="GRU")
        spec = replace(usual.spec, hidden_size=24)
        return replace(usual, spec=spec, iterations=200, lr=2e-3)

    def train(self, iterations: int | None = None) -> Trained:
        """As forecasting.fit does it, by the plan with which 2014 was answered best without having
        been learned from."""
        sequence, cut = self.sequence(), self.cut()
        if iterations is None:
            plan = forecasting.choose_plan(sequence, (TARGET,), cut)
        else:
            plan = Plan(iterations, self.stored().notes["repeating"])
        return forecasting.fit(sequence, (TARGET,), cut, plan)

    def evaluate(self) -> tuple[Score, ...]:
        return forecasting.judge(
            self.model(),
            self.sequence(),
            (TARGET,),
            self.cut(),
            unit=f", {UNIT}",
            on="2015, learned from 2012 to 2014",
        )

    def mistakes(self) -> Mistakes:
        """Month by month."""
        sequence, cut = self.sequence(), self.cut()
        column = sequence.feature_names.index(TARGET)
        answers = trace(self.model(), sequence).prediction
        assert answers is not None
        asked = sequence.x[cut:, column]
        months = np.array([int(label[5:7]) for label in sequence.labels[cut:]])

        def by_month(answered: FloatArray) -> tuple[float, ...]:
            errors = np.abs(answered.astype(np.float64) - asked)
            return tuple(float(errors[months == month].mean()) for month in range(1, 13))

        return ErrorBars(
            f"MAE, {UNIT}",
            "month of 2015",
            MONTHS,
            {
                "This network": by_month(answers[cut - 1 : -1, 0]),
                "repeating the last value": by_month(sequence.x[cut - 1 : -1, column]),
            },
            "2015, learned from 2012 to 2014",
        )


@cache
def _days() -> InputSequence:
    """Source: NOAA, public domain, in the package vega_datasets."""
    from vega_datasets import data  # here: importing seqviz stays cheap

    table = data.seattle_weather()
    columns = ("precipitation", "temp_max", "temp_min", "wind")
    return InputSequence(
        table[list(columns)].to_numpy(),
        labels=tuple(str(date)[:10] for date in table["date"]),
        feature_names=columns,
        name="Seattle's weather",
    )
