"""Other processes: whether they are there, and waiting until they are not."""

import os
import select
from contextlib import suppress
from pathlib import Path


def ends(pid, seconds=20):
    """True when a process of anybody's ends within so many seconds, or has ended."""
    with suppress(ProcessLookupError):
        there = os.pidfd_open(pid)
        try:
            return bool(select.select([there], [], [], seconds)[0])
        finally:
            os.close(there)
    return True


def children():
    """Every child of this process, zombies among them: its pid and its command."""
    pids = Path(f"/proc/self/task/{os.getpid()}/children")
    every = (task / "children" for task in pids.parent.parent.iterdir())
    return {
        int(pid): Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
        for task in every
        for pid in task.read_text().split()
    }
