"""A class of a hundred answers within ten seconds, while others move controls.

The teacher is a Chromium with the projector's page; students open their page as a browser does,
ask for news as the poll does and answer once, at a random moment. A share of them answers twice.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import threading
import time
import urllib.request
from dataclasses import dataclass, field
from typing import Any

from bench_load import Client, Tally, quantile
from report import Row
from stage import stage, visit
from streamlit.proto.Delta_pb2 import Delta
from websockets.asyncio.client import connect

STUDENTS, OTHERS = 100, 10
SECONDS = 10.0  # within which all answer
LOOKS = 2.5  # seconds between two looks of a student's page
PAUSE = 1.0  # seconds between two moves of who does something else, on average


@dataclass
class Class:
    """What came of it. ready: students with their page open."""

    code: str
    ready: int = 0
    answers: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


class Student(Client):
    """A visitor whose page has the poll."""

    ticket = ""

    def learn(self, delta: Delta) -> None:
        super().learn(delta)
        element = delta.new_element
        if element.WhichOneof("type") == "bidi_component":
            component = element.bidi_component
            if component.component_name.endswith("poll"):
                self.ticket = json.loads(component.json)["ticket"]


def request(url: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(url, data), timeout=30) as answer:
        said: dict[str, Any] = json.load(answer)
        return said


async def student(url: str, stream: str, group: Class, begin: asyncio.Event) -> None:
    room = f"{url}/rooms/{group.code}"
    try:
        async with connect(stream, subprotocols=["streamlit"], max_size=None) as socket:
            one = Student(socket, Tally(), query=f"room={group.code}")
            await one.rerun()
            group.ready += 1
            await begin.wait()
            until = time.perf_counter() + SECONDS
            moments = sorted(random.uniform(0, SECONDS - 1) for _ in range(random.choice((1, 2))))
            start = time.perf_counter()
            for moment in moments:
                while (wait := start + moment - time.perf_counter()) > 0:
                    await asyncio.sleep(min(wait, LOOKS))
                    await asyncio.to_thread(request, room)
                began = time.perf_counter()
                answer = {"ticket": one.ticket, "round": 1, "choice": random.randint(0, 1)}
                await asyncio.to_thread(request, f"{room}/answers", answer)
                group.answers.append(time.perf_counter() - began)
            await asyncio.sleep(max(0, until - time.perf_counter()))
    except Exception as error:  # one lost student is a figure, not the end of the benchmark
        group.errors.append(f"{type(error).__name__}: {error}")


async def other(stream: str, before: Tally, tally: Tally, begin: asyncio.Event) -> None:
    """Somebody who moves controls on a page of their own, before the class answers and after."""
    async with connect(stream, subprotocols=["streamlit"], max_size=None) as socket:
        client = Client(socket, tally)
        await client.rerun()
        while not begin.is_set():
            await asyncio.sleep(random.uniform(0, 2 * PAUSE))
            before.reruns.append(await client.rerun(client.move()))
        until = time.perf_counter() + SECONDS
        while time.perf_counter() < until:
            await asyncio.sleep(random.uniform(0, 2 * PAUSE))
            tally.reruns.append(await client.rerun(client.move()))


async def lesson(url: str, group: Class, before: Tally, tally: Tally) -> None:
    stream = url.replace("http", "ws") + "/_stcore/stream"
    begin = asyncio.Event()
    people: list[asyncio.Task[None]] = []
    for _ in range(STUDENTS):
        people.append(asyncio.create_task(student(url, stream, group, begin)))
        await asyncio.sleep(0.1)
    while group.ready + len(group.errors) < STUDENTS:
        await asyncio.sleep(0.1)
    people += [asyncio.create_task(other(stream, before, tally, begin)) for _ in range(OTHERS)]
    await asyncio.sleep(SECONDS)
    begin.set()
    await asyncio.gather(*people)


def measure() -> list[Row]:
    before, tally = Tally(), Tally()
    with stage() as (page, url):
        visit(page, f"{url}/?step=20")
        page.get_by_role("button", name="Class poll", exact=True).click()
        page.get_by_role("button", name="Ask", exact=True).click()
        poll = page.get_by_role("region", name="Poll", exact=True)
        reveal = poll.get_by_role("button", name="Reveal")
        reveal.wait_for()
        found = re.search("room=([A-Z0-9]{6})", page.url)
        assert found
        group = Class(found[1])
        crowd = threading.Thread(target=lambda: asyncio.run(lesson(url, group, before, tally)))
        crowd.start()
        crowd.join()  # meanwhile the projector's page goes on counting
        counted = request(f"{url}/rooms/{group.code}")["answered"]
        began = time.perf_counter()
        reveal.click()
        poll.get_by_role("table", name="Answers").wait_for()
        shown = time.perf_counter() - began
    for error in sorted(set(group.errors)):
        print("error:", error)
    return [
        Row(
            f"{STUDENTS} students, {len(group.answers)} answers: counted",
            counted,
            "",
            STUDENTS,
            at_least=True,
        ),
        Row("  errors", len(group.errors), "", 0),
        Row("  95 % of answers taken within", quantile(group.answers, 0.95) * 1e3, "ms"),
        Row("  histogram after Reveal", shown, "s", 2),
        Row("  other pages' reruns before, 95 %", quantile(before.reruns, 0.95) * 1e3, "ms"),
        Row("  other pages' reruns meanwhile, 95 %", quantile(tally.reruns, 0.95) * 1e3, "ms", 100),
    ]
