"""Next week's price of six companies: what cannot be done, shown as honestly as what can."""

from __future__ import annotations

import numpy as np

from seqviz.applications import forecasting
from seqviz.applications.application import Application, Line, Score, Trained
from seqviz.applications.forecasting import Plan
from seqviz.applications.mistakes import ErrorBars, Mistakes
from seqviz.data.generators import COMPANIES, generate
from seqviz.training.recipe import Recipe
from seqviz.types import InputSequence

JUDGED = 21  # weeks, the last ones


class Stocks(Application):
    key = "stocks"
    name = "Stock prices"
    about = (
        "It reads the closing prices of six companies, week after week, each 1 in the first week. "
        "It answers with the prices of the next week."
    )
    cannot = (
        "It does not beat saying that next week's price is this week's: on the weeks it has not "
        "seen it is worse, for each of the six companies. Prices of the past say next to nothing "
        "about the week to come, and a curve that seems to follow the price only follows it one "
        "week late. Nobody should buy or sell by it."
    )

    def sequence(self) -> InputSequence:
        """105 weeks of six prices, as a share of the first week's; the labels are the dates."""
        return generate("stocks", standardise=0)

    example = sequence

    def cut(self) -> int:
        """Weeks it learned from: all but the last 21."""
        return len(self.sequence()) - JUDGED

    def nearby_recipe(self) -> Recipe:
        """Of the page Train: Next value, from the same prices."""
        return Recipe.default("next_value", self.sequence(), mode="GRU")

    def train(self, iterations: int | None = None) -> Trained:
        """As forecasting.fit does it, by the plan with which the last third of the learned weeks
        was answered best without having been learned from."""
        sequence, cut = self.sequence(), self.cut()
        if iterations is None:
            plan = forecasting.choose_plan(sequence, COMPANIES, cut)
        else:
            plan = Plan(iterations, self.stored().notes["repeating"])
        return forecasting.fit(sequence, COMPANIES, cut, plan)

    def evaluate(self) -> tuple[Score, ...]:
        """All six together, then each company."""
        each = forecasting.judge(
            self.model(),
            self.sequence(),
            COMPANIES,
            self.cut(),
            measure="RMSE",
            unit=", first week's prices",
            on=f"the last {JUDGED} weeks",
        )
        return (_together(each), *each)

    def mistakes(self) -> Mistakes:
        """Company by company, as `evaluate` finds it."""
        _, *each = self.evaluate()
        methods = {"This network": tuple(score.value for score in each)} | {
            line.name: tuple(score.baselines[k].value for score in each)
            for k, line in enumerate(each[0].baselines)
        }
        on = f"the last {JUDGED} weeks"
        return ErrorBars(each[0].measure, "company", COMPANIES, methods, on)


def _together(each: tuple[Score, ...]) -> Score:
    """The root of the mean of the squares of all errors."""

    def mean(values: list[float]) -> float:
        return float(np.sqrt(np.square(values).mean()))

    lines = tuple(
        Line(line.name, mean([score.baselines[k].value for score in each]))
        for k, line in enumerate(each[0].baselines)
    )
    value = mean([score.value for score in each])
    return Score(each[0].measure, value, lines, f"all six, the last {JUDGED} weeks", digits=4)
