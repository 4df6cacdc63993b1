"""What several tests of the pages begin with."""

import pytest
from thread_workers import thread_schedule

from pages.state.training import training_run
from seqviz.applications import forecasting


@pytest.fixture
def quick_forecasts(monkeypatch):
    """Visitors' own networks learn for a moment; how well they do is judged elsewhere."""
    monkeypatch.setattr(forecasting, "MOST_ITERATIONS", 20)


@pytest.fixture
def schedule(monkeypatch):
    """Trainings of the pages, in a thread of this process and no worker's."""
    one = thread_schedule()
    monkeypatch.setattr(training_run, "default_schedule", lambda: one)
    yield one
    one.close()
