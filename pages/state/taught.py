"""Classes taught by drawing: the examples so far, and the data once there are enough."""

from __future__ import annotations

from collections import Counter

from pages.state import training
from pages.state.session import Session
from seqviz.errors import SeqvizError
from seqviz.training import data_payload
from seqviz.training.datasets import Examples
from seqviz.types import FloatArray, InputSequence

TEACHING = "teaching"
"""The option that says whether the pad is open, to teach by drawing."""
NAME = "class_name"
"""The option with the class that the drawing on the pad is an example of."""
ENOUGH = 2  # examples of each of two classes
_SO_FAR = "taught"

Taught = tuple[tuple[str, FloatArray], ...]


def so_far(session: Session) -> Taught:
    """Every example drawn or read, class and (T, I), in its order."""
    known: Taught | None = session.options.get(_SO_FAR)
    if known is not None:
        return known
    try:
        data = training.data(session)
    except SeqvizError:
        data = None
    if not isinstance(data, Examples):
        return ()
    return tuple(zip(data.labels, data.sequences, strict=True))


def counts(session: Session) -> dict[str, int]:
    """How many examples each class has, in the order in which they came."""
    return dict(Counter(label for label, _ in so_far(session)))


def open_pad(session: Session) -> None:
    """Let the pad be where examples and questions are drawn."""
    session.set(feed="draw", drawing="pen", **{TEACHING: True})


def close_pad(session: Session) -> None:
    """Back to looking at the examples one by one."""
    session.set(**{TEACHING: False})


def keep(session: Session, sequence: InputSequence | None) -> None:
    """Take what is on the pad as an example of the class that is written beside it."""
    label = str(session.options.get(NAME) or "").strip()[:40]
    if sequence is None or not label:
        return
    _teach(session, (*so_far(session), (label, sequence.x)))
    session.set(strokes="")


def take_back(session: Session) -> None:
    """The newest example is none."""
    _teach(session, so_far(session)[:-1])


def forget(session: Session) -> None:
    """All of them."""
    _teach(session, ())


def use(session: Session, data: Examples) -> None:
    """Examples that a file brought, in place of those so far."""
    _teach(session, tuple(zip(data.labels, data.sequences, strict=True)))


def _teach(session: Session, taught: Taught) -> None:
    session.set(**{_SO_FAR: taught})
    before = session.settings.learned_from
    try:
        labels, drawn = zip(*taught, strict=True) if taught else ((), ())
        packed = data_payload.pack(Examples(tuple(drawn), tuple(labels)))
    except SeqvizError:  # not enough yet: the panel says how many there are
        session.set(learned_from="")
        return
    session.set(learned_from=packed)
    if not before:
        training.choose_task(session, "classify")
