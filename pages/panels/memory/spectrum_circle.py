"""Spectrum: eigenvalues of W_hh against the unit circle, and growth along the sequence."""

from __future__ import annotations

import streamlit as st

from pages.panels.memory.charts import chart, layer_choice
from pages.panels.memory.measured_run import MeasuredRun
from pages.panels.memory.rho_slider import rho_slider
from pages.panels.shared.theme import theme
from pages.state.session import Session
from seqviz.analysis import lyapunov, spectrum
from seqviz.figures import dynamics


def spectrum_panel(session: Session, run: MeasuredRun) -> None:
    """Eigenvalues against the unit circle, and a change's growth beside bound and theory."""
    layer, direction = layer_choice(session, run.trace.spec)
    key = (*run.key, layer, direction)
    spectra = run.cache.get(
        "spectra", key, lambda: spectrum.spectra(run.trace, layer=layer, direction=direction)
    )
    grown = run.cache.get(
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
        chart("eigenvalues", dynamics.eigenvalues(spectra, theme()), words, 360)
    with right:
        st.markdown("**A change of h_0, step by step**")
        figure = dynamics.growth_lines(grown, bound, largest, theme())
        chart("growth", figure, words, 360)
    rho_slider(session, run)
    st.caption(words)
    if bound is not None:
        st.caption(
            f"No step can stretch a change by more than σ_max·γ = {bound:.3f}, γ = 1 being the "
            "steepest slope of tanh and of ReLU (Pascanu et al. 2013). ρ^k is exact for a linear "
            "orthogonal recurrence."
        )
