"""A page's player: what the session adds to its tracks, and the frame's two ways to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pages.components.player import channel
from pages.components.player.channel import PlayerChannel
from pages.components.player.component import player
from pages.components.player.frame import frame
from pages.components.player.tracks import Track
from pages.state.browser import runs
from pages.state.browser.player_view import KEY, LOOK
from pages.state.browser.selected_cell import cell
from pages.state.classroom import folded
from pages.state.session import Session
from seqviz.figures import palette
from seqviz.types import Trace


def frame_of(
    session: Session, tracks: Sequence[Track], *, presented_below: int = 0, **shown: Any
) -> bytes:
    """The frame with its number. presented_below: pixels that a projector has to show under the
    player, besides what `below` asks for anyway. shown: what else `frame` takes of this page.
    """
    if session.settings.present:
        shown["below"] = shown.get("below", 0) + presented_below
    return numbered(session, frame(tracks, **orders_of(session), **shown))


def numbered(session: Session, made: bytes) -> bytes:
    """A frame with its number, for this run of the page."""
    return channel_of(session).numbered(made, runs.number())


def orders_of(session: Session) -> dict[str, Any]:
    """What `frame` takes of a session: where its player stands, and its channel."""
    orders = session.orders
    first, last = orders.values["range_from"], orders.values["range_to"]
    return {
        "command": orders.command,
        "moves": orders.moves,
        "step": orders.values["step"],
        "cell": cell(orders.values["selected"]),
        "look": {name: orders.values[name] for name in LOOK},
        "chosen": (first, last) if first and last else None,
        "present": session.settings.present,
        "limit": folded.last_seen(session),
        "channel": channel_of(session).token,
    }


def send_ahead(session: Session, shown: bytes) -> None:
    """Let the player have its frame before the page is drawn."""
    channel_of(session).send(shown)


def show(session: Session, shown: bytes) -> None:
    """The player on the page; what is trained goes on as long as it listens."""
    session.training.listened = channel_of(session).is_watched
    send_ahead(session, shown)
    player(shown, key=KEY)


def common_scale(quantity: str, traces: Sequence[Trace | None]) -> tuple[float, float]:
    """One scale for all runs, so that a colour means the same in each."""
    return palette.common_scale(
        quantity, [run.quantity(quantity) for run in traces if run is not None]
    )


def channel_of(session: Session) -> PlayerChannel:
    """The session's own, opened with its first frame."""
    return session.cache.get("channel", None, channel.opened)
