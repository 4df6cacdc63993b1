"""A real redis-server for the tests of rooms that several replicas share.

`python tests/support/redis_server.py` installs one where apt can; without it they are skipped.
"""

import os
import shutil
import socket
import subprocess
from contextlib import contextmanager


def find() -> str | None:
    """The program's path; None without it."""
    return shutil.which("redis-server")


def install() -> str:
    """What came of it, in words. A machine where it cannot be installed is no failure."""
    if not find() and shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        quietly = ["apt-get", "install", "-y", "-qq", "--no-install-recommends"]
        subprocess.run([*quietly, "redis-server"], check=False)
    return find() or "none: the tests of rooms in Redis are skipped"


@contextmanager
def redis_server(folder):
    """(url, process) of one that keeps nothing on disk; it ends with the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [find(), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    try:
        _wait(process)
        yield f"redis://127.0.0.1:{port}/0", process
    finally:
        process.terminate()
        process.wait(timeout=20)
        process.stdout.close()


def _wait(process):
    """Read what it says until it answers."""
    if not any(b"Ready to accept connections" in line for line in process.stdout):
        raise RuntimeError("redis-server ended before it answered")


if __name__ == "__main__":
    print("redis-server:", install())
