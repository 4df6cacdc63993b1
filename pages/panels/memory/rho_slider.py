"""The slider that rescales W_hh; every measure then uses that network."""

from __future__ import annotations

import math

import streamlit as st

from pages.panels.memory.measured_run import MeasuredRun
from pages.panels.shared.button import button
from pages.state.schema import LARGEST_RHO
from pages.state.session import Session
from seqviz.analysis import spectrum


def rho_slider(session: Session, run: MeasuredRun) -> None:
    """Rescale W_hh to a chosen spectral radius, or leave it as it is."""
    spectra = run.cache.get(
        "plain spectra", run.setup.identity, lambda: spectrum.spectra(run.plain)
    )
    actual = max(one.rho for one in spectra)
    largest = min(LARGEST_RHO, max(2.0, float(math.ceil(actual))))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.slider(
            "spectral radius",
            0.0,
            largest,
            **session.tie("rho", min(largest, actual)),
            step=0.01,
            help="Scales each gate's H×H block of weight_hh to this ρ, in all layers.",
        )
        if run.rho is not None:
            button(session, "As it is", _as_it_is)


def _as_it_is(session: Session) -> None:
    session.set(rho=None)
