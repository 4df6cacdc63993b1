"""States that are no numbers any more, named in words: grey cells alone say little."""

from __future__ import annotations

import streamlit as st

from seqviz.analysis.overflow import overflow_text
from seqviz.types import Trace


def overflow_notice(name: str, trace: Trace | None) -> None:
    """Says where the states of a network, called name, became infinite; nothing if none did."""
    if trace is not None and (left := overflow_text(trace)):
        said = f"{name} {left}: its states grew beyond 3.4 · 10³⁸ and are shown as overflow."
        st.warning(said, icon=":material/all_out:")
