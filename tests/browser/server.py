"""Start the app as a person does, on a free port, and stop that one process."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

import psutil

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Process(Protocol):
    """A server's, as subprocess.Popen has it."""

    pid: int

    def poll(self) -> int | None: ...

    def kill(self) -> None: ...

    def terminate(self) -> None: ...

    def wait(self, timeout: float | None = None) -> int | None: ...


Launch = Callable[[list[str], Path | None], Process]
"""launch(arguments of streamlit, where to write to) -> the process."""


def launch(arguments: list[str], log: Path | None) -> Process:
    """As a person does."""
    command = [sys.executable, "-m", "streamlit", *arguments]
    with (log or Path(os.devnull)).open("ab") as output:
        return subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=output)


class Forked(psutil.Process):
    """A process that fork_server.py has started."""

    def poll(self) -> int | None:
        return None if self.is_running() else 0

    def terminate(self) -> None:
        with suppress(psutil.NoSuchProcess):
            super().terminate()


@contextmanager
def forking() -> Iterator[Launch]:
    """The same in a fifth of the time, where there is os.fork; see fork_server.py."""
    if not hasattr(os, "fork"):
        yield launch
        return
    command = [sys.executable, str(Path(__file__).with_name("fork_server.py"))]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdin is not None and server.stdout is not None
        orders, answers = server.stdin, server.stdout

        def fork(arguments: list[str], log: Path | None) -> Process:
            print(json.dumps({"arguments": arguments, "log": log and str(log)}), file=orders)
            orders.flush()
            return Forked(int(answers.readline()))

        yield fork


class Server:
    """The app on one port, through several processes of it. log: where they write to, if anywhere.
    prefix: of the app's path. launch: how they are started.

    Only a process that it has started is ever ended, by its own handle.
    """

    process: Process

    def __init__(
        self,
        port: int | None = None,
        log: Path | None = None,
        prefix: str = "",
        launch: Launch = launch,
    ) -> None:
        self.port = port or free_port()
        self.prefix = prefix
        self.log = log
        self.launch = launch

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}{self.prefix and '/'}{self.prefix}"

    def start(self) -> None:
        """A new process, once it answers."""
        arguments = ["run", "app.py",
                     "--server.port", str(self.port), "--server.headless", "true",
                     "--server.address", "127.0.0.1",
                     "--server.baseUrlPath", self.prefix]  # fmt: skip
        self.process = self.launch(arguments, self.log)
        wait_until_healthy(self.port, self.process, prefix=self.prefix)

    def kill(self) -> None:
        """At once, as if the machine had lost its power."""
        self.process.kill()
        self.process.wait(timeout=20)

    def stop(self) -> None:
        """As Ctrl+C does; one that has ended already may be stopped again."""
        self.process.terminate()
        self.process.wait(timeout=20)

    def said(self) -> str:
        """All that it has logged."""
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log else ""


@contextmanager
def serve() -> Iterator[tuple[str, Process]]:
    """The app's address and process. The process ends with the block."""
    with running() as server:
        yield server.url, server.process


@contextmanager
def running(
    port: int | None = None,
    log: Path | None = None,
    prefix: str = "",
    launch: Launch = launch,
) -> Iterator[Server]:
    """The app, to be killed and started again within the block."""
    server = Server(port, log, prefix, launch)
    try:
        server.start()
        yield server
    finally:
        server.stop()


def wait_until_healthy(port: int, process: Process, seconds: float = 90, prefix: str = "") -> None:
    address = f"http://127.0.0.1:{port}/{prefix}{prefix and '/'}_stcore/health"
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the app ended with code {process.returncode}")
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            threading.Event().wait(0.1)
    raise RuntimeError("the app did not answer in time")
