"""What the tests share: one thread for torch, as in app.py, and the traces the pages were given."""

import os

os.environ["OMP_NUM_THREADS"] = "1"  # before torch is loaded: pages rerun in threads of their own

import pytest
import torch
from hypothesis import settings

settings.register_profile("untimed", deadline=None)  # how long an example takes is no test
settings.load_profile("untimed")
torch.set_num_threads(1)  # tiny networks wait longer for threads than they compute


@pytest.fixture
def shown(monkeypatch):
    """The traces the pages were given, the latest last."""
    from pages.state import setup as setups  # here: the tests of seqviz need no pages

    seen, original = [], setups.trace

    def trace(session, setup):
        seen.append(original(session, setup))
        return seen[-1]

    monkeypatch.setattr(setups, "trace", trace)
    return seen
