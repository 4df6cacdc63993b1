"""Spectrum: eigenvalues of W_hh against the unit circle, and growth along the sequence."""

from __future__ import annotations

import math

import streamlit as st

from pages.panels.memory.charts import chart, layer_choice
from pages.panels.memory.measured_run import MeasuredRun
from pages.panels.memory.rho_slider import rho_slider
from pages.panels.shared.theme import theme
from pages.state.session import Session
from seqviz.analysis import lyapunov, spectrum
from seqviz.analysis.lyapunov import Growth
from seqviz.analysis.spectrum import Spectrum
from seqviz.figures import dynamics
from seqviz.labels import number
from seqviz.types import Trace


def spectrum_panel(session: Session, run: MeasuredRun) -> None:
    """Eigenvalues against the unit circle, and a change's growth beside bound and theory."""
    layer, direction = layer_choice(session, run.trace.spec)
    key = (*run.key, layer, direction)
    with st.container(), st.spinner("Following a change of h_0"):
        spectra, grown, bound = run.cache.get(
            "spectrum", key, lambda: _measured(run.trace, layer, direction)
        )
    largest = max(s.rho for s in spectra)
    told = grown.sentence()
    st.markdown(told)
    parts = [f"{s.name}: ρ = {s.rho:.4f}, σ_max = {s.sigma_max:.4f}" for s in spectra]
    words = (
        f"{'; '.join(parts)} (ρ, the size of the largest eigenvalue: what a step makes of a state "
        "in the long run, were the network linear; σ_max: the most that one step can stretch it)."
    )
    if math.isfinite(grown.exponent):
        words += (
            f" Largest Lyapunov exponent along this sequence: {number(grown.exponent)} "
            f"a step, a factor of {grown.factor:.3f}."
        )
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown("**Eigenvalues of W_hh and the unit circle**")
        chart(
            session, "eigenvalues", dynamics.eigenvalues(spectra, theme()), f"{told} {words}", 360
        )
    with right:
        st.markdown("**A change of h_0, step by step**")
        figure = dynamics.growth_lines(grown, bound, largest, theme())
        chart(session, "growth", figure, f"{told} {words}", 360)
    rho_slider(session, run)
    st.caption(words)
    if bound is not None:
        st.caption(
            f"No step can stretch a change by more than σ_max·γ = {bound:.3f}, γ = 1 being the "
            "steepest slope of tanh and of ReLU (Pascanu et al. 2013). ρ^k is exact for a linear "
            "orthogonal recurrence."
        )


def _measured(
    trace: Trace, layer: int, direction: int
) -> tuple[tuple[Spectrum, ...], Growth, float | None]:
    """Eigenvalues, a change's growth and its bound: of the largest layers a second's work."""
    where = {"layer": layer, "direction": direction}
    return (
        spectrum.spectra(trace, **where),
        lyapunov.growth(trace, **where),
        spectrum.step_bound(trace, **where),
    )
