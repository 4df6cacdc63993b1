"""Other processes: whether they are there, and waiting until they are not."""

import os
import select
from contextlib import suppress

import psutil


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
    found = {}
    for child in psutil.Process().children():
        with suppress(psutil.NoSuchProcess):  # ended while the others were asked
            found[child.pid] = " ".join(child.as_dict(["cmdline"])["cmdline"] or ())
    return found
