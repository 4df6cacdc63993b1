"""How good the network is on what it has not seen, beside what can be had without learning."""

from __future__ import annotations

import streamlit as st

from pages.panels.shared.messages import plain
from pages.panels.shared.player.training_stage import baselines
from pages.state.session import Session
from seqviz.labels import number
from seqviz.training.judgement import Judgement, judge
from seqviz.training.run import Run
from seqviz.training.task import Baseline
from seqviz.training.tasks import TASKS

RECENT = 50  # iterations whose mean is the loss in training
BY_HEART = 3  # times the loss in training


def score(session: Session, run: Run) -> None:
    """One line for a run at rest. It may be seconds of work for long sequences."""
    if not run.iteration:
        return
    key = (run.recipe.path, run.iteration)
    found: Judgement | None = session.cache.get("judgement", key, lambda: judge(run))
    st.markdown(f":small[{plain(sentence(run, found))}]")


def sentence(run: Run, found: Judgement | None) -> str:
    """ "On sequences it has not seen its loss is 0.0004; always answering 1 has 0.167." """
    task = TASKS[run.recipe.task]
    if found is None:
        return (
            "All of your data were learned from, so there is nothing left to judge it on: its loss "
            f"was {number(float(run.loss[-1]))}, beside {_of(baselines(run)[0])}. Bring more to "
            "see how it does on what it has not seen."
        )
    unseen = f"After {run.iteration:,} iteration{'s' * (run.iteration != 1)}, on {task.judged_on}"
    right = "" if found.accuracy is None else f" and it is right in {found.accuracy:.1%}"
    line = f"{unseen} its loss is {number(found.loss)}{right}, beside {_of(found.baselines[0])}."
    if found.further:
        line += f" {found.further}"
    if not found.learned:
        return f"{line} So it has learned nothing beyond that."
    in_training = float(run.loss[-RECENT:].mean())
    if found.loss > BY_HEART * in_training:
        return f"{line} In training it was {number(in_training)}: much was learned by heart."
    return line


def _of(one: Baseline) -> str:
    parts = [] if one.loss is None else [number(one.loss)]
    parts += [] if one.accuracy is None else [f"{one.accuracy:.1%} right"]
    return f"{' and '.join(parts)} for {one.answers}"
