"""On other pages than Train: that the network on stage is still learning, or failed to."""

from __future__ import annotations

from pages.panels.shared.messages import note, problem
from pages.state.session import Session
from pages.state.setup import Setup
from pages.state.training import training_run


def training_notice(session: Session, setup: Setup) -> None:
    """Which iteration is shown, while its training goes on, or why there is none; nothing for a
    network at rest."""
    problem(training_run.failure(session))
    follower = session.training.follower
    trained = setup.trained
    if trained is None or follower is None or follower.state not in ("waiting", "running"):
        return
    if trained.recipe.path != follower.run.recipe.path:
        return
    shown = f"{trained.iteration:,} of {follower.run.recipe.iterations:,}"
    newer = (
        "" if session.settings.checkpoint is not None else " Each change here takes a newer one."
    )
    note(f"Its training still goes on: this is the network of iteration {shown}.{newer}")
