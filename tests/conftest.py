"""What the tests share: one thread for torch, as in app.py, and the traces the pages were given."""

import os

os.environ["OMP_NUM_THREADS"] = "1"  # before torch is loaded: pages rerun in threads of their own

import pytest
import torch

from pages.state import setup as state

torch.set_num_threads(1)  # tiny networks wait longer for threads than they compute


@pytest.fixture
def shown(monkeypatch):
    """The traces the pages were given, the latest last."""
    seen, original = [], state.trace

    def trace(setup):
        seen.append(original(setup))
        return seen[-1]

    monkeypatch.setattr(state, "trace", trace)
    return seen
