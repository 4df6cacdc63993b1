"""Start the app as a person does, on a free port, and stop that one process."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """The app on one port, through several processes of it. log: where they write to, if anywhere.
    prefix: of the app's path.

    Only a process that it has started is ever ended, by its own handle.
    """

    process: subprocess.Popen[bytes]

    def __init__(self, port: int | None = None, log: Path | None = None, prefix: str = "") -> None:
        self.port = port or free_port()
        self.prefix = prefix
        self.log = log

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}{self.prefix and '/'}{self.prefix}"

    def start(self) -> None:
        """A new process, once it answers."""
        command = [sys.executable, "-m", "streamlit", "run", "app.py",
                   "--server.port", str(self.port), "--server.headless", "true",
                   "--server.address", "127.0.0.1",
                   "--server.baseUrlPath", self.prefix]  # fmt: skip
        if self.log is None:
            output = subprocess.DEVNULL
            self.process = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=output)
        else:
            with self.log.open("ab") as file:
                self.process = subprocess.Popen(command, cwd=ROOT, stdout=file, stderr=file)
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
def serve(port: int | None = None) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The app's address and process. The process ends with the block."""
    with running(port) as server:
        yield server.url, server.process


@contextmanager
def running(port: int | None = None, log: Path | None = None, prefix: str = "") -> Iterator[Server]:
    """The app, to be killed and started again within the block."""
    server = Server(port, log, prefix)
    try:
        server.start()
        yield server
    finally:
        server.stop()


def wait_until_healthy(
    port: int, process: subprocess.Popen[bytes], seconds: float = 90, prefix: str = ""
) -> None:
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
