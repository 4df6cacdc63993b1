"""A hundred people at once: websocket clients that speak Streamlit's protocol to one server.

Each moves a control of Build every 5 seconds on average, at random moments. A rerun lasts from
sending the new value until the server says that the script has finished. Like a browser, a client
sends all values it has set so far, and its player listens to frames on a socket of its own;
unlike one, it paints nothing.
"""

from __future__ import annotations

import asyncio
import os
import random
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from player_bytes import decode
from report import Row
from stage import megabytes, serve
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

CLIENTS = 100
SECONDS = float(os.environ.get("SECONDS", "60"))
PAUSE = 5.0  # seconds between two moves of one client, on average
FINISHED = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)


@dataclass
class Tally:
    """What all clients saw."""

    reruns: list[float] = field(default_factory=list)
    first: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    frames: int = 0  # that came ahead of the page


@dataclass
class Client:
    """One browser's worth of protocol."""

    socket: ClientConnection
    tally: Tally
    widgets: dict[str, str] = field(default_factory=dict)  # label -> id
    fragments: dict[str, str] = field(default_factory=dict)  # label -> the fragment it stands in
    values: dict[str, WidgetState] = field(default_factory=dict)
    page: str = ""
    channel: str = ""  # the token by which its player listens

    query: str = ""
    page_name: str = ""  # of the first run: "" is Explore

    async def rerun(self, moved: str = "") -> float:
        """Send everything set so far and wait until the script has finished: seconds.

        moved: the label of the control that was.
        """
        message = BackMsg()
        message.rerun_script.query_string = self.query
        message.rerun_script.page_name = self.page_name
        message.rerun_script.fragment_id = self.fragments.get(moved, "")
        message.rerun_script.page_script_hash = self.page
        message.rerun_script.widget_states.widgets.extend(self.values.values())
        start = time.perf_counter()
        await self.socket.send(message.SerializeToString())
        while not self.finished(await asyncio.wait_for(self.socket.recv(), 60)):
            pass
        return time.perf_counter() - start

    def finished(self, data: str | bytes) -> bool:
        assert isinstance(data, bytes)
        message = ForwardMsg.FromString(data)
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.page = message.new_session.page_script_hash
        elif kind == "delta":
            self.learn(message.delta)
        elif kind == "script_finished":
            if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                self.tally.errors.append("the script did not compile")
                return True
            return message.script_finished in FINISHED
        return False

    def learn(self, delta: Delta) -> None:
        element = delta.new_element
        kind = element.WhichOneof("type")
        if kind in ("slider", "number_input"):
            widget = getattr(element, kind)
            self.widgets[widget.label] = widget.id
            self.fragments[widget.label] = delta.fragment_id
        elif kind == "exception":
            self.tally.errors.append(element.exception.message)
        elif kind == "bidi_component" and element.bidi_component.component_name.endswith("player"):
            self.channel = self.channel or decode(element.bidi_component.bytes)["channel"]

    def move(self) -> str:
        """Set one of Build's controls to a random value: its label."""
        label, value = random.choice(MOVES)()
        state = WidgetState(id=self.widgets[label])
        if label == "seed":
            state.double_value = value
        else:
            state.double_array_value.data.append(value)
        self.values[label] = state
        return label


MOVES: Sequence[Callable[[], tuple[str, int]]] = (
    lambda: ("hidden_size", random.randint(1, 128)),
    lambda: ("num_layers", random.randint(1, 4)),
    lambda: ("seed", random.randint(0, 1000)),
)


async def person(address: str, tally: Tally, arrive: float, leave: float) -> None:
    """Come at a random moment before arrive, move controls until leave (both perf_counter)."""
    try:
        await asyncio.sleep(random.uniform(0, arrive - time.perf_counter()))
        async with connect(address, subprotocols=["streamlit"], max_size=None) as socket:
            client = Client(socket, tally)
            tally.first.append(await client.rerun())
            channel = address.replace("_stcore/stream", f"frames/{client.channel}")
            async with connect(channel, max_size=None) as player:
                listening = asyncio.create_task(listen(player, tally))
                await asyncio.sleep(arrive - time.perf_counter())
                while (pause := random.uniform(0, 2 * PAUSE)) + time.perf_counter() < leave:
                    await asyncio.sleep(pause)
                    tally.reruns.append(await client.rerun(client.move()))
                await asyncio.sleep(max(0, leave - time.perf_counter()))
                listening.cancel()
    except Exception as error:  # one lost client is a figure, not the end of the benchmark
        tally.errors.append(f"{type(error).__name__}: {error}")


async def listen(player: ClientConnection, tally: Tally) -> None:
    """Take the frames that come ahead of the page."""
    async for _ in player:
        tally.frames += 1


async def crowd(address: str, clients: int, tally: Tally, during: Callable[[], None]) -> None:
    arrive = time.perf_counter() + clients / 5  # five a second
    leave = arrive + SECONDS
    people = [person(address, tally, arrive, leave) for _ in range(clients)]

    async def look() -> None:
        await asyncio.sleep(leave - 1 - time.perf_counter())
        during()

    await asyncio.gather(look(), *people)


def measure() -> list[Row]:
    tally, memory = Tally(), []
    with serve() as (url, process):
        address = url.replace("http", "ws") + "/_stcore/stream"
        asyncio.run(one_visit(address))
        memory.append(megabytes(process))
        asyncio.run(crowd(address, CLIENTS, tally, lambda: memory.append(megabytes(process))))
        time.sleep(2)  # let the server see them leave
        memory.append(megabytes(process))
    for error in sorted(set(tally.errors)):
        print("error:", error)
    before, during, after = memory
    p50, p95 = (quantile(tally.reruns, share) for share in (0.5, 0.95))
    return [
        Row(f"{CLIENTS} clients: {len(tally.reruns)} reruns, half within", p50 * 1e3, "ms"),
        Row("  95 % of reruns within", p95 * 1e3, "ms", 100),
        Row("  slowest", max(tally.reruns) * 1e3, "ms"),
        Row("  first run of a visit, 95 % within", quantile(tally.first, 0.95) * 1e3, "ms"),
        Row("  frames that came ahead of the page", tally.frames, ""),
        Row("  errors", len(tally.errors), "", 0),
        Row("  memory before", before, "MB"),
        Row("  memory gained while connected", during - before, "MB"),
        Row("  memory gained once all have left", after - before, "MB", 100),
    ]


async def one_visit(address: str) -> None:
    """What a server that has been up for a while has already done."""
    async with connect(address, subprotocols=["streamlit"], max_size=None) as socket:
        tally = Tally()
        client = Client(socket, tally)
        await client.rerun()
        for _ in range(10):
            await client.rerun(client.move())


def quantile(times: Sequence[float], share: float) -> float:
    return statistics.quantiles(times, n=100, method="inclusive")[round(share * 100) - 1]
