"""The ASGI app: `streamlit run app.py` serves pages/navigation.py, compressed and warmed up."""

import asyncio
import gc
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

# Before torch is loaded: set_num_threads holds in the thread that calls it, and each rerun has one
# of its own, where OpenMP would first raise a team: a fresh thread's trace took 18 ms instead of 3.
os.environ["OMP_NUM_THREADS"] = "1"

import streamlit as st
import torch
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware

import seqviz
from pages.components.player import channel
from pages.panels.shared import glossary
from pages.panels.shared.messages import unexpected
from pages.state.files import held_uploads
from pages.state.files.held_uploads import HeldUploads
from pages.state.rooms import served

torch.set_num_threads(1)  # a classroom shares the cores: one thread a student is fairest


def first_trace() -> None:
    """Run every kind of cell once, so that no visitor waits for torch to load its kernels.

    The figures' libraries are loaded here, too: a visitor whose figure is drawn while another's
    first use is still importing pandas would find half of it.
    """
    import pandas  # noqa: F401
    import plotly.graph_objects  # noqa: F401

    for mode in ("RNN_TANH", "RNN_RELU", "GRU", "LSTM"):
        seqviz.trace(seqviz.build(seqviz.RNNSpec(mode)), [[0.0], [1.0]])


@asynccontextmanager
async def warm_up(_: st.App) -> AsyncIterator[None]:
    await asyncio.to_thread(first_trace)
    gc.collect()
    gc.freeze()  # torch's modules never become garbage: stop looking at them
    looking = asyncio.create_task(held_uploads.look_after())
    yield
    looking.cancel()


app = st.App(
    "pages/navigation.py",
    middleware=[
        Middleware(GZipMiddleware, minimum_size=1000, compresslevel=6),
        Middleware(HeldUploads),
    ],
    routes=[*channel.ROUTES, *glossary.ROUTES, *served.ROUTES],
    lifespan=warm_up,
    on_script_error=unexpected,
)
