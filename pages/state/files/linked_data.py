"""What a network learned from, in links: in the link itself or, where it is too long for one, kept
by this server under its digest, as files are.
"""

from __future__ import annotations

from pages.state.files.file_store import KEPT
from pages.state.files.upload import Upload
from pages.state.schema import FORMS, LONGEST_LINKED_LEARNED
from pages.state.session import Session
from seqviz.errors import SeqvizError
from seqviz.training.tasks import TASKS

_GONE = (
    "what its network learned from, which this server does not have: the network is untrained "
    "until you bring that again on Train."
)


def take(session: Session) -> None:
    """Bring what the settings name by its digest; a sentence where it is not here."""
    settings = session.settings
    if not settings.learned_digest:
        return
    if found := settings.learned_from or _kept(settings.learned_digest):
        session.settings = settings.having(learned_from=found, learned_digest="")
    else:
        asks = "The server was restarted, and this page" if session.resumed else "This link"
        session.notices.append(f"{asks} asks for {_GONE}")


def _kept(digest: str) -> str:
    """Nothing where it is not here, or is a file of another kind."""
    try:
        text = (KEPT.find(digest) or b"").decode("ascii")
        return str(FORMS["learned_from"].checked(text))
    except (ValueError, SeqvizError):
        return ""


def digest(session: Session) -> str:
    """What a link names it by, nothing where the link holds it. It is kept for who opens the link;
    one that is not here is still asked for while the task needs it.
    """
    settings = session.settings
    text, task = settings.learned_from, TASKS.get(settings.task)
    if not text and settings.trained and task is not None and task.data is not None:
        return settings.learned_digest
    if len(text) <= LONGEST_LINKED_LEARNED:
        return ""
    name = session.cache.get("learned digest", text, lambda: digest_of(text))
    KEPT.keep(name, text.encode("ascii"))
    return name


def digest_of(text: str) -> str:
    """The name of packed data."""
    return Upload.of("", text.encode("ascii")).content
