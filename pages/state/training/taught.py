"""Classes taught by drawing: the examples so far, and the data once there are enough."""

from __future__ import annotations

from collections import Counter

from pages.state import input_sequence
from pages.state.session import Session
from pages.state.training import recipes
from seqviz.errors import SeqvizError
from seqviz.training import data_payload
from seqviz.training.datasets import Examples
from seqviz.types import FloatArray

TEACHING = "teaching"
"""The option that says whether the pad is open, to teach by drawing."""
NAME = "class_name"
"""The option with the class that the drawing on the pad is an example of."""
PROBLEM = "teaching problem"
"""The option that says why the newest example will not do."""
ENOUGH = 2  # examples of each of two classes
_SO_FAR = "taught"

Taught = tuple[tuple[str, FloatArray], ...]


def so_far(session: Session) -> Taught:
    """Every example drawn or read, class and (T, I), in its order."""
    known: Taught | None = session.options.get(_SO_FAR)
    if known is not None:
        return known
    try:
        data = recipes.data(session)
    except SeqvizError:
        data = None
    if not isinstance(data, Examples):
        return ()
    return tuple(zip(data.labels, data.sequences, strict=True))


def counts(session: Session) -> dict[str, int]:
    """How many examples each class has, in the order in which they came."""
    return dict(Counter(label for label, _ in so_far(session)))


def open_pad(session: Session) -> None:
    """Let the pad be where examples and questions are drawn. Steps go by the way the pen made: in
    time, a hand that rested for three seconds would have spent nearly all of them resting.
    """
    session.set(feed="draw", drawing="pen", resample="arc length", **{TEACHING: True})


def close_pad(session: Session) -> None:
    """Back to looking at the examples one by one."""
    session.set(**{TEACHING: False})


def keep(session: Session) -> None:
    """Take what is on the pad as an example of the class that is written beside it."""
    sequence = input_sequence.read(session).sequence  # now: the pad may have said more since
    label, taught = class_name(session), so_far(session)
    if sequence is None or not label:
        return
    if taught and taught[0][1].shape[1] != sequence.input_size:
        session.set(
            **{
                PROBLEM: f"Your examples have {taught[0][1].shape[1]} features a step and a "
                f"drawing has {sequence.input_size}: press Forget all first."
            }
        )
    elif _teach(session, (*taught, (label, sequence.x))):
        session.set(strokes="")


def class_name(session: Session) -> str:
    """What is written beside the pad."""
    return str(session.options.get(NAME) or "").strip()[:40]


def take_back(session: Session) -> None:
    """The newest example is none."""
    _teach(session, so_far(session)[:-1])


def forget(session: Session) -> None:
    """All of them."""
    _teach(session, ())


def use(session: Session, data: Examples) -> None:
    """Examples that a file brought, in place of those so far."""
    _teach(session, tuple(zip(data.labels, data.sequences, strict=True)))


def enough(taught: Taught) -> bool:
    """Whether there are two classes, and of each as many examples as it takes."""
    return ready(taught) == taught and len(taught) > 0


def ready(taught: Taught) -> Taught:
    """The examples that can be learned from: of classes with as many as it takes, if there are two
    of these."""
    counted = Counter(label for label, _ in taught)
    known = {label for label, count in counted.items() if count >= ENOUGH}
    return tuple(one for one in taught if one[0] in known) if len(known) > 1 else ()


def _teach(session: Session, taught: Taught) -> bool:
    """Learn from these, once they are enough; False, and a sentence, where they will not do."""
    before = session.settings.learned_from
    packed = ""
    if learned := ready(taught):
        labels, drawn = zip(*learned, strict=True)
        try:
            packed = data_payload.pack(Examples(tuple(drawn), tuple(labels)))
        except SeqvizError as error:
            session.set(**{PROBLEM: str(error)})
            return False
    session.set(learned_from=packed, **{_SO_FAR: taught, PROBLEM: None})
    if packed and not before:
        recipes.choose_task(session, "classify")
    return True
