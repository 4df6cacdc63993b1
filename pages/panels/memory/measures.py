"""Memory: what each measure shows. Every picture says its main figure in words as well."""

from __future__ import annotations

from functools import partial

import streamlit as st

from pages.panels.explore.inspect_cell import PLAIN, theme
from pages.panels.memory.measured_run import Run
from pages.panels.shared.build import KEEP
from pages.panels.shared.messages import plain
from pages.state import fields
from pages.state.cache import remembered, with_progress
from pages.state.callbacks import whole
from pages.state.fields import bound
from seqviz.analysis import gate_timescales, horizon, influence, lyapunov, perturbation, spectrum
from seqviz.analysis.influence import Influence
from seqviz.analysis.overflow import overflow_text
from seqviz.figures import memory
from seqviz.labels import number
from seqviz.types import Trace

HORIZON_STEPS = 100


def step_index(run: Run) -> int:
    """The input index the player stands at, the last one when it stands at the end or at h_0."""
    step = fields.get("step")
    steps = len(run.trace)
    return steps - 1 if not step else min(int(step), steps) - 1


# ---- Influence -----------------------------------------------------------------------------------


def influence_panel(run: Run) -> None:
    """The whole map, the slice of the player's step, and the characters coloured by it."""
    found, tau = _influence(run), step_index(run)
    if found.notice:
        st.info(f"Shown from a part: {found.notice}.", icon=":material/filter_alt:")
    words = _influence_words(run, found, tau)
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown("**How much each state owes to each input**")
        _chart("map", memory.influence_map(found, tau, theme()), words, 320)
    with right:
        st.markdown(f"**What the state at step {tau + 1} still owes** (move the player)")
        runs = {"W_hh as it is": _plain_influence(run), f"ρ = {run.rho:.2f}": found} if (
            run.rho is not None
        ) else {"": found}  # fmt: skip
        _chart("owed", memory.owed(runs, tau, theme()), words, 320)
    if run.setup.sequence and run.setup.sequence.kind == "text":
        labels = run.trace.labels
        _chart("text", memory.coloured_text(found, tau, labels, theme()), words, 70)
    st.caption(plain(words))
    rho_slider(run)


def _influence_words(run: Run, found: Influence, tau: int) -> str:
    owed = found.owed(tau)
    known = found.inputs <= tau
    newest, first = int(found.inputs[known][-1]), float(owed[0])
    which = "its newest input" if newest == tau else f"the input at step {newest + 1}"
    exact = "estimated" if found.notice else "exact"
    return (
        f"The state at step {tau + 1} changes by {number(float(owed[known][-1]))} for a small "
        f"change of {which} and by {first:.3g} for one of the first, “{run.trace.labels[0]}” "
        f"(Frobenius norm of ∂h/∂x, all layers, {exact})."
    )


def _influence(run: Run) -> Influence:
    return remembered("influence", run.key, partial(_measure, run.trace))


def _plain_influence(run: Run) -> Influence:
    return remembered("plain influence", (*run.key, "plain"), partial(_measure, run.plain))


def _measure(trace: Trace) -> Influence:
    planned = influence.plan(trace)
    return with_progress(
        "Following every input forward",
        lambda progress: influence.influence(
            trace, t_stride=planned.stride, directions=planned.directions, progress=progress
        ),
    )


# ---- Nudge ---------------------------------------------------------------------------------------


def nudge_panel(run: Run) -> None:
    """Add a little to one input, run again, and see the change fade beside the gradient."""
    step = fields.get("step")
    t = int(step) - 1 if step and step < len(run.trace) else 0
    st.slider("Nudge", 0.001, 10.0, **bound("nudge"), step=0.001,
              help="Added to every feature of x at the player's step.")  # fmt: skip
    amount = fields.get("nudge")
    found = remembered(
        "nudge", (*run.key, t, amount), lambda: perturbation.nudge(run.trace, t, amount)
    )
    _chart("nudge", memory.nudge_curves(found, theme()), found.sentence(), 320)
    st.caption(plain(found.sentence()))
    if not found.agrees and not overflow_text(run.trace):
        st.info("The nudge is too large for the gradient to foretell: make it smaller and the "
                "two curves meet.", icon=":material/straighten:")  # fmt: skip


# ---- Horizon -------------------------------------------------------------------------------------


def horizon_panel(run: Run) -> None:
    """How many steps the network remembers, over several random inputs."""
    st.caption(
        "For the network as it is, trained or not: eight random inputs of "
        f"{HORIZON_STEPS} steps, influence after k steps relative to at once."
    )
    found = remembered(
        "horizon",
        run.key,
        lambda: with_progress(
            "Reading random inputs",
            lambda progress: horizon.horizon(run.rnn, steps=HORIZON_STEPS, progress=progress),
        ),
    )
    _chart("horizon", memory.horizon_band(found, theme()), found.sentence(), 320)
    st.markdown(found.sentence())
    st.caption(_verdict(run))


def _verdict(run: Run) -> str:
    """What is true of untrained networks, in place of "LSTMs remember"."""
    if run.setup.module is not None:
        return "These are uploaded weights, as they came."
    if run.setup.spec.mode == "LSTM" and run.setup.spec.forget_bias is None:
        return (
            "Untrained, an LSTM with PyTorch's default weights remembers barely longer than tanh: "
            "its forget gates sit near a half. Set the forget-gate bias to 1 or 3 and look again."
        )
    return "Untrained: what is seen here is the initialisation, not what training could make of it."


# ---- Spectrum ------------------------------------------------------------------------------------


def spectrum_panel(run: Run) -> None:
    """Eigenvalues against the unit circle, and a change's growth beside bound and theory."""
    layer, direction = _layer(run)
    key = (*run.key, layer, direction)
    spectra = remembered(
        "spectra", key, lambda: spectrum.spectra(run.trace, layer=layer, direction=direction)
    )
    grown = remembered(
        "growth", key, lambda: lyapunov.growth(run.trace, layer=layer, direction=direction)
    )
    bound = spectrum.step_bound(run.trace, layer=layer, direction=direction)
    largest = max(s.rho for s in spectra)
    parts = [f"{s.name}: ρ = {s.rho:.4f}, σ_max = {s.sigma_max:.4f}" for s in spectra]
    words = (
        f"{'; '.join(parts)}. Largest Lyapunov exponent along this sequence: {grown.exponent:.4f} "
        f"a step, a factor of {grown.factor:.3f}."
    )
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown("**Eigenvalues of W_hh and the unit circle**")
        _chart("eigenvalues", memory.eigenvalues(spectra, theme()), words, 360)
    with right:
        st.markdown("**A change of h_0, step by step**")
        figure = memory.growth_lines(grown, bound, largest, theme())
        _chart("growth", figure, words, 360)
    rho_slider(run)
    st.caption(words)
    if bound is not None:
        st.caption(
            f"No step can stretch a change by more than σ_max·γ = {bound:.3f}, γ = 1 being the "
            "steepest slope of tanh and of ReLU (Pascanu et al. 2013). ρ^k is exact for a linear "
            "orthogonal recurrence."
        )


def rho_slider(run: Run) -> None:
    """Rescale W_hh to a chosen spectral radius; every measure here then uses that network."""
    session = st.session_state
    actual = max(s.rho for s in spectrum.spectra(run.plain))
    session["_rho_slider"] = min(2.0, actual if run.rho is None else run.rho)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.slider(
            "spectral radius",
            0.0,
            2.0,
            step=0.01,
            key="_rho_slider",
            on_change=_take_rho,
            help="Scales each gate's H×H block of weight_hh to this ρ, in all layers.",
        )
        if run.rho is not None:
            st.button("As it is", on_click=_as_it_is)


@whole
def _take_rho() -> None:
    fields.put(rho=float(st.session_state["_rho_slider"]))


@whole
def _as_it_is() -> None:
    fields.put(rho=None)


# ---- Gates ---------------------------------------------------------------------------------------


def gates_panel(run: Run) -> None:
    """What the forget or update gate alone keeps, and the full gradient beside it."""
    if not run.trace.spec.gates:
        st.info(
            "A plain RNN has no gates: choose GRU or LSTM in Build to see them as memory.",
            icon=":material/info:",
        )
        return
    layer, direction = _layer(run)
    found = remembered(
        "gates",
        (*run.key, layer, direction),
        lambda: gate_timescales.gate_memory(run.trace, layer=layer, direction=direction),
    )
    _chart("gates", memory.gate_bars(found, theme()), found.sentence(), 300)
    st.markdown(found.sentence())
    st.caption(
        "The half-life ln ½ / ln f follows the direct path through the gate only; the full "
        "gradient also goes through W_hh, so the two need not agree."
    )


def _layer(run: Run) -> tuple[int, int]:
    """Which layer and direction a measure is about."""
    spec = run.trace.spec
    names = [
        f"layer {layer + 1}{' reverse' if d else ''}"
        for layer in range(spec.num_layers)
        for d in range(spec.num_directions)
    ]
    if len(names) == 1:
        return 0, 0
    chosen = st.segmented_control(
        "Layer",
        names,
        default=names[0],
        required=True,
        key=f"_memory_layer_{len(names)}",
        persist_state=KEEP,
        label_visibility="collapsed",
    )
    return divmod(names.index(chosen), spec.num_directions)


def _chart(key: str, figure: object, words: str, height: int) -> None:
    st.plotly_chart(figure, key=f"_memory_{key}", height=height, alt=words, config=PLAIN)
