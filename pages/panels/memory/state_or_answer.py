"""Whether a measure is about the network's state or about what its head answers."""

from __future__ import annotations

from pages.panels.memory.measured_run import MeasuredRun
from pages.panels.shared.choices import one_of
from pages.state.session import Session

OF = {"state": "of the state", "answer": "of the answer"}


def state_or_answer(session: Session, run: MeasuredRun) -> str:
    """The choice, for a network that answers; "state" for all others."""
    if run.trace.head is None:
        return "state"
    if not session.settings.present:
        one_of(session, "Influence", OF, "influence_of")
    return str(session.settings.influence_of)
