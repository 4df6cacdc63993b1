"""What tests of the pages share."""

import pytest

from pages.ui import state


@pytest.fixture
def shown(monkeypatch):
    """The traces the pages were given, the latest last."""
    seen, original = [], state.trace

    def trace(setup):
        seen.append(original(setup))
        return seen[-1]

    monkeypatch.setattr(state, "trace", trace)
    return seen
