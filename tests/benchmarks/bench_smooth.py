"""Another visitor's reruns while two trainings run: how much slower than on an idle server."""

from __future__ import annotations

import asyncio
import os
import random
import time
from contextlib import AsyncExitStack

from bench_load import Client, Tally, quantile
from player_bytes import decode
from report import Row
from stage import serve
from websockets.asyncio.client import connect

import seqviz
from seqviz.training.recipe import Recipe

SECONDS = float(os.environ.get("SECONDS", "20"))
PAUSE = 0.15  # seconds between two moves
ITERATIONS = 100_000  # more than can be done meanwhile


def link(seed: int) -> str:
    """The query that lets the page Train train the adding problem."""
    spec = seqviz.RNNSpec("LSTM", 2, 32, seed=seed, forget_bias=1.0)
    recipe = Recipe("adding", spec, iterations=ITERATIONS, lr=5e-3)
    return (
        f"task=adding&cell=LSTM&hidden_size=32&num_layers=1&forget_bias=1.0&seed={seed}"
        f"&iterations={ITERATIONS}&trained={recipe.path[:10]}.{ITERATIONS}"
    )


class Trainer(Client):
    """A visitor of Train, whose player listens."""

    seen: list[int]

    async def follow(self, address: str, stack: AsyncExitStack) -> asyncio.Task[None]:
        self.seen = []
        channel = address.replace("_stcore/stream", f"frames/{self.channel}")
        player = await stack.enter_async_context(connect(channel, max_size=None))

        async def listen() -> None:
            async for data in player:
                self.seen.append(decode(data)["training"]["iteration"])

        return asyncio.create_task(listen())


async def moves(client: Client, seconds: float) -> list[float]:
    """Reruns of one visitor who keeps moving controls."""
    times, end = [], time.perf_counter() + seconds
    while time.perf_counter() < end:
        await asyncio.sleep(random.uniform(0, 2 * PAUSE))
        times.append(await client.rerun(client.move()))
    return times


async def visits(address: str) -> tuple[list[float], list[float], float, int]:
    tally = Tally()
    async with AsyncExitStack() as stack:
        open_line = connect(address, subprotocols=["streamlit"], max_size=None)
        visitor = Client(await stack.enter_async_context(open_line), tally)
        await visitor.rerun()
        await moves(visitor, 3)
        idle = await moves(visitor, SECONDS)
        trainers, listening = [], []
        for seed in (1, 2):
            line = connect(address, subprotocols=["streamlit"], max_size=None)
            socket = await stack.enter_async_context(line)
            trainer = Trainer(socket, tally, query=link(seed), page_name="train")
            await trainer.rerun()
            listening.append(await trainer.follow(address, stack))
            trainers.append(trainer)
        while not all(trainer.seen and trainer.seen[-1] > 50 for trainer in trainers):
            await asyncio.sleep(0.1)  # until both are well under way
        before = [len(trainer.seen) for trainer in trainers]
        busy = await moves(visitor, SECONDS)
        frames = [len(t.seen) - n for t, n in zip(trainers, before, strict=True)]
        for task in listening:
            task.cancel()
    return idle, busy, min(frames) / SECONDS, len(tally.errors)


def measure() -> list[Row]:
    with serve() as (url, _):
        address = url.replace("http", "ws") + "/_stcore/stream"
        idle, busy, frames, errors = asyncio.run(visits(address))
    alone, beside = quantile(idle, 0.95), quantile(busy, 0.95)
    return [
        Row("a visitor's reruns on an idle server, 95 % within", alone * 1e3, "ms"),
        Row("  while two trainings run, 95 % within", beside * 1e3, "ms"),
        Row("  so many times slower", beside / alone, "x", 2),
        Row("  frames of each training meanwhile", frames, "a second", 4, at_least=True),
        Row("  errors", errors, "", 0),
    ]
