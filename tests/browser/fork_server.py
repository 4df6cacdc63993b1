"""A process that has imported what a server imports, and starts servers by forking itself.

Most of what a server takes to start is importing torch, pandas, plotly and Streamlit. Where tests
kill and start servers again and again, only the first import is waited for: each server begins with
these packages loaded, and loads the app's own modules as any other does.

It reads orders from its standard input, a line of JSON each: {"arguments": of streamlit, "log": the
path of a file or null}, and answers with the new process's id. It ends with its input.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from typing import Any


def fork(order: dict[str, Any]) -> int:
    if pid := os.fork():
        return pid
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)  # a server waits for its workers
    written = os.open(order["log"] or os.devnull, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    for stream, file in ((0, os.open(os.devnull, os.O_RDONLY)), (1, written), (2, written)):
        os.dup2(file, stream)
    sys.argv = ["streamlit", *order["arguments"]]
    streamlit.web.cli.main()
    raise SystemExit


if __name__ == "__main__":
    os.environ["OMP_NUM_THREADS"] = "1"  # as app.py does before it loads torch
    import pandas  # noqa: F401
    import plotly.graph_objects  # noqa: F401
    import streamlit.web.cli
    import torch  # noqa: F401

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # killed servers are forgotten at once
    for line in sys.stdin:
        print(fork(json.loads(line)), flush=True)
