"""What is on the page Train: the recipe, the run that follows it, and what the player shows."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pages.components.player import tracks
from pages.panels.shared.player import player
from pages.panels.shared.player.live_frames import live_frames
from pages.panels.shared.player.training_stage import Stage, stage
from pages.state import input_sequence
from pages.state import setup as setups
from pages.state.session import Session
from pages.state.setup import Setup
from pages.state.training import recipes, taught, training_run
from seqviz.errors import SeqvizError
from seqviz.training.datasets import Examples
from seqviz.training.example import Example
from seqviz.training.recipe import Recipe
from seqviz.training.run import Run, begin
from seqviz.training.scheduling.schedule import Follower
from seqviz.types import InputSequence, frozen


@dataclass(frozen=True)
class Staged:
    """setup: with what the player shows as its sequence. recipe: None where the settings ask for
    what cannot be trained, and problem says why. follower: None until it is trained. feed: what
    the other pages read.
    """

    setup: Setup
    recipe: Recipe | None
    follower: Follower | None
    problem: str | None
    feed: InputSequence | None
    frame: bytes


def staged(session: Session) -> Staged:
    """Everything the page shows; the run's frames come by themselves from here on."""
    recipe, problem = None, session.training.problem
    session.training.problem = None  # said once
    try:
        recipe = recipes.recipe(session)
    except SeqvizError as error:
        if recipes.has_data(session):  # else what is to be brought stands above the player
            problem = problem or str(error)
    setup = setups.current(session, wait=False)
    feed = input_sequence.read(session).sequence
    session.training.listened = player.channel_of(session).is_watched
    if recipe is None:
        live_frames(session).put_off()
        if not recipes.has_data(session):
            setup = _without_data(session, setup, feed)
        return Staged(setup, None, None, problem, feed, _untold(session, setup))
    follower = training_run.follower(session)
    session.training.awaited = False
    shown = _shown(session, feed, recipe)
    setup = _setup(session, setup, shown, recipe)
    on_stage = stage(session, setup, shown)
    if follower is None:
        live_frames(session).put_off()
        frame = player.numbered(session, on_stage.untrained(_untrained(session, recipe)))
    else:
        live_frames(session).put_on(on_stage, follower)
        frame = player.numbered(session, on_stage.frame(follower))
        _offer_film(session, on_stage, follower.run)
    return Staged(setup, recipe, follower, problem, feed, frame)


def _setup(session: Session, setup: Setup, shown: Example, recipe: Recipe) -> Setup:
    """The page's, whatever Feed holds."""
    trained = setup.trained
    return replace(
        setup,
        spec=recipe.spec if trained is None else trained.model.spec,
        sequence=shown.sequence,
        module=None if trained is None else trained.module,
        wave=None,
        note=None,
        problem=None,
        changes=(),
        live=session.pad.live and bool(session.options.get(taught.TEACHING)),
    )


def _shown(session: Session, feed: InputSequence | None, recipe: Recipe) -> Example:
    """An example of the task; while classes are taught the drawing, whose class is not known."""
    teaching = isinstance(recipe.data, Examples) and session.options.get(taught.TEACHING)
    if teaching and feed is not None and feed.input_size == recipe.spec.input_size:
        return Example(feed, frozen([float("nan")] * len(feed)))
    return training_run.shown_example(session, recipe)


def _untrained(session: Session, recipe: Recipe) -> Run:
    return session.cache.get("untrained run", recipe.path, lambda: begin(recipe))


def _without_data(session: Session, setup: Setup, feed: InputSequence | None) -> Setup:
    """What Feed gives is nothing to learn from, unless it is what is being drawn as an example."""
    if session.options.get(taught.TEACHING) and feed is not None and feed.kind == "gesture":
        return setup
    return replace(setup, sequence=None, wave=None, note=None, problem=None, changes=())


def _untold(session: Session, setup: Setup) -> bytes:
    """While there is no recipe: the network of Build with what Feed gives."""
    trace = setups.trace(session, setup)
    if trace is None or setup.sequence is None:
        spec = setup.spec
        rows = tracks.empty_tracks(spec.num_layers, spec.num_directions, spec.hidden_size)
    else:
        heat = tracks.heat_tracks(trace, setup.quantity)
        rows = [tracks.input_track(setup.sequence, setup.wave), *heat]
    return player.frame_of(
        session,
        rows,
        digest=setup.sequence.digest if setup.sequence else "",
        caption=tracks.caption(setup.sequence) if setup.sequence else "",
        quantity=setup.quantity,
        ends=player.common_scale(setup.quantity, [trace]),
        empty=_to_bring(session),
    )


def _to_bring(session: Session) -> str:
    if session.options.get(taught.TEACHING):
        return "Draw an example of a class on the pad above."
    return recipes.wanted(session)


def _offer_film(session: Session, on_stage: Stage, run: Run) -> None:
    """What the player fetches when somebody scrubs through the training."""
    player.channel_of(session).film = lambda: on_stage.film(run)
