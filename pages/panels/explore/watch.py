"""Watch: the player, which quantity it shows, and the same in words and numbers."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.components.player import tracks
from pages.components.player.frame import named_cell
from pages.components.player.tracks import Track
from pages.panels.explore.export import export_panel
from pages.panels.explore.pytorch_code import NO_SEQUENCE, script_panel
from pages.panels.shared.answers import answer_tracks, over_input, recipe_of
from pages.panels.shared.button import button
from pages.panels.shared.choices import places, quantity_pills
from pages.panels.shared.messages import note, plain, problem, writable
from pages.panels.shared.player import player
from pages.panels.shared.player.training_notice import training_notice
from pages.panels.shared.sharing.share import share_panel
from pages.state.browser.selected_cell import CHANGED, DIFFERENCE, selected
from pages.state.classroom.folded import shows
from pages.state.continuation import Continuation, steps_ahead
from pages.state.schema import MOST_AHEAD
from pages.state.session import Session
from pages.state.setup import Setup
from pages.state.training import first_network
from seqviz.analysis import unit_step
from seqviz.analysis.prediction_step import prediction_step
from seqviz.figures import summary
from seqviz.figures.step import equations, prediction_equations
from seqviz.types import Trace

STEPS_MORE = 30  # that one press of Continue adds
MOST_CELLS = 600_000  # of a table: what the largest layer of Build fills, 2,000 steps of 256 units


def player_frame(
    session: Session,
    setup: Setup,
    trace: Trace | None,
    ahead: Continuation | None,
    changed: Trace | None = None,
) -> bytes:
    """What the player shows. ahead: how the network goes on by itself. changed: the trace with
    Hands on in force, or None without any.
    """
    sequence = setup.sequence
    return player.frame_of(
        session,
        _tracks(setup, trace, ahead, changed),
        digest=sequence.digest if sequence else "",
        caption=tracks.caption(sequence) if sequence else "",
        quantity=setup.quantity,
        ends=player.common_scale(setup.quantity, (trace, changed)),
        capacity=setup.capacity,
        ahead=steps_ahead(setup),
        live=setup.live,
        readout=False,  # Inspect announces the open cell
        opened=_opened(setup, trace, changed),
        details="Inspect",
        empty=f"Nothing to watch yet. {NO_SEQUENCE}",
    )


def _opened(setup: Setup, trace: Trace | None, changed: Trace | None) -> dict[str, Any] | None:
    """How the open cell's value came about, to be said right below the player."""
    place = None if trace is None else selected(setup.settings, trace)
    if place is None or place.t is None or place.run == DIFFERENCE:
        return None
    run = changed if place.run == CHANGED else trace
    if run is None:
        return None
    if place.is_prediction:
        text = prediction_equations.in_one_line(prediction_step(run, place.unit, place.t))
    else:
        opened = unit_step.step(run, place.layer, place.direction, place.unit, place.t)
        text = equations.in_one_line(opened, setup.quantity)
    cell = named_cell((place.run, place.layer, place.direction, place.unit))
    return {"cell": cell, "step": place.t + 1, "text": text}


def what_is_seen(setup: Setup, ahead: Continuation | None) -> None:
    """One line: what the heatmap's rows and columns are, and whether the network knows anything."""
    if setup.sequence is None:
        return
    settings = setup.settings
    if setup.trained is not None:
        weights = setup.trained.sentence
    elif setup.own is not None:
        weights = "The network has the weights of the file in Build."
    else:
        kind = "random" if settings.init == "default" else f"random, {settings.init}"
        weights = f"This network is untrained ({kind} weights, seed {settings.seed})."
    further = len(ahead.trace.x) if ahead and ahead.trace is not None else 0
    misses = ahead.misses(setup.sequence.x) if ahead else None
    if misses is not None:
        learned = ahead.learned if ahead else 0
        fades = settings.ahead > STEPS_MORE and first_network.is_asked_for(settings)
        weights = weights.removesuffix(".") + summary.prediction_misses(
            *misses, learned, further > 0, fades
        )
    said = summary.what_is_seen(setup.spec, len(setup.sequence), weights, further)
    # a caption's grey is too faint for the last row
    st.markdown(said if settings.present else f":small[{said}]")


def _tracks(
    setup: Setup, trace: Trace | None, ahead: Continuation | None, changed: Trace | None
) -> list[Track]:
    """The input, then each layer; beside it the changed run and the difference, when there are."""
    spec = setup.spec
    if trace is None or setup.sequence is None:
        return tracks.empty_tracks(spec.num_layers, spec.num_directions, spec.hidden_size)
    recipe = recipe_of(setup.trained)
    own = ahead.trace if ahead and changed is None else None
    original = tracks.heat_tracks(trace, setup.quantity, ahead=own)
    answers = answer_tracks(trace, recipe, target=setup.target)
    predicted = over_input(trace, recipe)
    if changed is None:
        predicted = ahead.predicted if ahead else predicted
        top = tracks.input_track(setup.sequence, setup.wave, predicted=predicted, ahead=own)
        return [top, *original, *answers]
    top = tracks.input_track(
        setup.sequence,
        setup.wave,
        changed=changed.x,
        predicted=over_input(changed, recipe),
        predicted_before=predicted,
    )
    other = tracks.heat_tracks(changed, setup.quantity, CHANGED, "changed")
    apart = tracks.difference_tracks(changed, trace, setup.quantity, DIFFERENCE)
    beside = zip(original, other, apart, strict=True)
    answers += answer_tracks(changed, recipe, run=CHANGED, title="changed", target=setup.target)
    return [top, *(track for three in beside for track in three), *answers]


def watch_bar(session: Session, setup: Setup, trace: Trace | None) -> None:
    """The row above the player: which quantity it shows, Share and Export."""
    with st.container(key="watch_bar", horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown("**Watch**", width="content")
        quantity_pills(session, setup.spec.quantities)
        with st.container(horizontal=True, horizontal_alignment="right", gap="small"):
            if steps_ahead(setup):
                _continue(session)
            share_panel(session, setup)
            if shows(session, "export"):
                export_panel(session, setup, trace)


def _continue(session: Session) -> None:
    button(
        session,
        "Continue",
        _further,
        help="The network draws on by itself: each of its answers is read as the next input. "
        f"{STEPS_MORE} steps more with each press, up to {MOST_AHEAD}, then {STEPS_MORE} again. "
        "Waves of the first network often grow flat after some 60 steps: it has learned to look "
        "one step ahead.",
    )


def _further(session: Session) -> None:
    more = session.settings.ahead + STEPS_MORE
    session.set(ahead=more if more <= MOST_AHEAD else STEPS_MORE)


def what_is_wrong(session: Session, setup: Setup) -> None:
    """What is wrong with the newest input, and what was done about it."""
    problem(setup.problem)
    note(setup.note)
    training_notice(session, setup)


def lesson_lines(trace: Trace | None) -> None:
    """What the lesson prints at its end."""
    if trace is not None:
        # inline code: st.code would fetch half a megabyte of highlighter on a first visit
        st.markdown("  \n".join(f"`{line}`" for line in summary.last_lines(trace)))


def more_panel(setup: Setup, trace: Trace | None) -> None:
    """Behind expanders: the code that repeats the lesson, and the values as a table.

    They stay when the pad is cleared: one that is open would come back closed.
    """
    script_panel(setup)
    with st.expander(
        "In words and numbers", on_change="rerun", icon=":material/table:", key="_words"
    ) as more:
        if more.open and trace is None:
            st.caption(NO_SEQUENCE)
        elif more.open and trace is not None:
            _in_words_and_numbers(trace, setup.quantity)


def _in_words_and_numbers(trace: Trace, quantity: str) -> None:
    import pandas as pd

    st.markdown(plain(summary.in_words(trace, quantity)))
    names = places(trace.spec)
    place = names.index(st.selectbox("Values of", names, width=200))
    values = trace.quantity(quantity).reshape(-1, *trace.h.shape[2:])[place]  # (T, H)
    stride = -(-values.size // MOST_CELLS)
    if stride > 1:
        st.caption(f"1 in {stride} units is listed: Export has all of them.")
    units = range(0, values.shape[1], stride)
    rows = pd.DataFrame(values[:, units], columns=[f"unit {k}" for k in units])
    rows.insert(0, "label", [writable(label) for label in trace.labels])
    rows.index = pd.RangeIndex(1, len(rows) + 1, name="step")
    st.dataframe(rows, height=280, alt=f"{quantity} of {names[place]}, a row for each step")
