"""The ASGI app: `streamlit run app.py` serves pages/navigation.py, compressed and warmed up."""

import asyncio
import gc
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

# Before torch is loaded: set_num_threads holds in the thread that calls it, and each rerun has one
# of its own, where OpenMP would first raise a team: a fresh thread's trace took 18 ms instead of 3.
os.environ["OMP_NUM_THREADS"] = "1"
# oneDNN keeps compiled code for each shape of an LSTM, 1,024 of them if nobody says otherwise: a
# class that tries hidden sizes cost 150 MB for good. Another 2 ms for a shape that is met again.
os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "16")

import streamlit as st
import torch
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import BaseRoute, Route, WebSocketRoute

import seqviz
from pages.components import scripts
from pages.components.player import channel
from pages.panels.shared import glossary
from pages.panels.shared.messages import unexpected
from pages.state.classroom.rooms import served
from pages.state.files import held_uploads
from pages.state.files.held_uploads import HeldUploads

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
    # By default a collection looks at what one run of a page is still using, and so has to look at
    # it again and again: with 100 visitors that held all of them up for 0.1 s every 6 seconds.
    gc.set_threshold(10_000, 10, 10)
    looking = asyncio.create_task(held_uploads.look_after())
    yield
    looking.cancel()


def with_prefix(own: Sequence[Route | WebSocketRoute]) -> list[BaseRoute]:
    """Routes of our own, and the same below server.baseUrlPath, where Streamlit puts only its own.

    Without the prefix they stay for a proxy that takes it away.
    """
    prefix = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return [*own, *(below(f"/{prefix}", route) for route in own if prefix)]


def below(prefix: str, route: Route | WebSocketRoute) -> BaseRoute:
    path = prefix + route.path
    if isinstance(route, WebSocketRoute):
        return WebSocketRoute(path, route.endpoint)
    return Route(path, route.endpoint, methods=list(route.methods or ()))


app = st.App(
    "pages/navigation.py",
    middleware=[
        Middleware(GZipMiddleware, minimum_size=1000, compresslevel=6),
        Middleware(HeldUploads),
    ],
    routes=with_prefix([*channel.ROUTES, *scripts.ROUTES, *glossary.ROUTES, *served.ROUTES]),
    lifespan=warm_up,
    on_script_error=unexpected,
)
