"""Code: the PyTorch script that repeats what is on screen."""

from __future__ import annotations

import streamlit as st

from pages.state.input_sequence import generator_parameters
from pages.state.setup import Setup
from seqviz.data import generators
from seqviz.export import pytorch_script

NO_SEQUENCE = "Give the network a sequence above."


def script(setup: Setup) -> str:
    """The program of setup; its numbers equal the ones on screen, changes of Hands on aside."""
    assert setup.sequence is not None
    settings = setup.settings
    generated = settings.feed == "generate" and setup.problem is None and setup.module is None
    source = generators.SOURCES[settings.source] if generated else None
    return pytorch_script.script(
        setup.spec,
        setup.sequence,
        source_code=source.code(generator_parameters(settings)) if source else None,
        h_0=setup.h_0,
        c_0=setup.c_0,
        head=setup.head,
    )


def script_panel(setup: Setup) -> None:
    """The expander `Code`, which follows every control."""
    with st.expander("Code", on_change="rerun", icon=":material/code:", key="_code") as more:
        if more.open and setup.sequence is None:
            st.caption(NO_SEQUENCE)
        elif more.open:
            st.code(script(setup), language="python", height=320)
