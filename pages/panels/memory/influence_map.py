"""Influence: how much each earlier input still moves each state, or each answer."""

from __future__ import annotations

import math
from collections.abc import Hashable

import streamlit as st

from pages.panels.memory.charts import chart, shown_from_a_part
from pages.panels.memory.measured_run import MeasuredRun
from pages.panels.memory.rho_slider import rho_slider
from pages.panels.memory.state_or_answer import state_or_answer
from pages.panels.shared.messages import plain
from pages.panels.shared.theme import theme
from pages.state.session import Session
from seqviz.analysis import influence
from seqviz.analysis.answer_influence import answer_in_words
from seqviz.analysis.forgetting import influence_in_words
from seqviz.analysis.influence import Influence
from seqviz.figures import memory
from seqviz.labels import number, rounded
from seqviz.types import Trace


def influence_panel(session: Session, run: MeasuredRun) -> None:
    """The whole map, the slice of the player's step, and the characters coloured by it."""
    of = state_or_answer(session, run)
    found, tau = _influence(run, of), run.step_index
    told = (answer_in_words if found.answer else influence_in_words)(found, tau)
    words = _in_numbers(run, found, tau)
    st.markdown(told)
    shown_from_a_part(found.notice)
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown(f"**Influence of each input on each {of}**")
        chart(session, "map", memory.influence_map(found, tau, theme()), f"{told} {words}", 320)
    with right:
        st.markdown(f"**Influence on the {of} at step {tau + 1}** (move the player)")
        runs = {"W_hh as it is": _plain_influence(run, of), f"ρ = {run.rho:.2f}": found} if (
            run.rho is not None
        ) else {"": found}  # fmt: skip
        figure = memory.influence_at(runs, tau, theme())
        chart(session, "influence_at", figure, f"{told} {words}", 320)
    if run.setup.sequence and run.setup.sequence.kind == "text":
        labels = run.trace.labels
        figure = memory.coloured_text(found, tau, labels, theme())
        chart(session, "text", figure, f"{told} {words}", 70)
    st.caption(plain(words))
    rho_slider(session, run)


def _in_numbers(run: MeasuredRun, found: Influence, tau: int) -> str:
    at_tau = found.at(tau)
    known = found.inputs <= tau
    newest, latest, first = int(found.inputs[known][-1]), float(at_tau[known][-1]), float(at_tau[0])
    which = "its newest input" if newest == tau else f"the input at step {newest + 1}"
    exact = "estimated" if found.notice else "exact"
    of, norm = ("state", "∂h/∂x") if not found.answer else ("answer", _norm_of_sums(run))
    top = ", last layer" if run.trace.spec.num_layers > 1 and not found.answer else ""
    measured = f"Frobenius norm of {norm}{top}, {exact}"
    if not (math.isfinite(first) and math.isfinite(latest)):
        return f"{measured}; none where a state has left the range of float32."
    return (
        f"The {of} at step {tau + 1} changes {number(latest)} times as much as {which} and "
        f"{rounded(first, 3)} times as much as the first, “{run.trace.labels[0]}” ({measured})."
    )


def _norm_of_sums(run: MeasuredRun) -> str:
    assert run.trace.head is not None
    before = ", the sums before softmax" if run.trace.head.activation == "softmax" else ""
    return f"∂s/∂x, s = W h + b of the head{before}"


def _influence(run: MeasuredRun, of: str) -> Influence:
    if run.rho is None:
        return _plain_influence(run, of)
    return _measured(run, "influence", run.key, run.trace, of)


def _plain_influence(run: MeasuredRun, of: str) -> Influence:
    return _measured(run, "plain influence", run.setup.identity, run.plain, of)


def _measured(run: MeasuredRun, name: str, key: Hashable, trace: Trace, of: str) -> Influence:
    answer = of == "answer"
    planned = influence.plan(trace, answer=answer)
    return run.cache.measure(
        f"{name} on the {of}",  # each is kept: the switch between them is quick
        key,
        "Following every input forward",
        lambda progress: influence.influence(
            trace,
            t_stride=planned.stride,
            directions=planned.directions,
            answer=answer,
            progress=progress,
        ),
    )
