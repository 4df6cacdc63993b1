"""On other pages than Train: that the network on stage is still learning."""

from __future__ import annotations

from pages.panels.shared.messages import note
from pages.state.session import Session
from pages.state.setup import Setup


def training_notice(session: Session, setup: Setup) -> None:
    """Which iteration is shown, while its training goes on; nothing for a network at rest."""
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
