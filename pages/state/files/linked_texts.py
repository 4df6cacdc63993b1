"""Settings whose text is too long for a link: it names them by digest, and this server keeps them,
as it keeps files.
"""

from __future__ import annotations

from collections.abc import Mapping

from pages.state import url
from pages.state.files.file_store import KEPT
from pages.state.files.upload import Upload
from pages.state.schema import FORMS, Settings, kept_texts, named_texts
from pages.state.session import Session
from seqviz.errors import SeqvizError
from seqviz.training.tasks import TASKS

TEXTS: Mapping[str, tuple[str, str]] = {
    "learned_from": (
        "what its network learned from",
        "the network is untrained until you bring that again on Train",
    ),
    "text": ("its text", "type it again"),
    "alphabet": ("its alphabet", "bring it again under Alphabet"),
    "other_text": ("its second text", "type it again on Compare"),
    "story": ("its story", "type it again on Uses"),
    "notes": ("its notes", "write them again in Present"),
}
"""What each of them is in a sentence, and what to do where it is gone."""


def take(session: Session) -> None:
    """Bring the texts that the settings name by digest; a sentence for each that is not here."""
    settings, missing = session.settings, {}
    for name, digest in kept_texts(settings.kept).items():
        if name not in TEXTS or settings.get(name) != FORMS[name].default:
            continue  # the link holds it, too
        text = _found(name, digest)
        if text is None:
            missing[name] = digest
        else:
            settings = settings.having(**{name: text})
    session.settings = settings.having(kept=named_texts(missing))
    asks = "The server was restarted, and this page" if session.resumed else "This link"
    for name in missing:
        what, instead = TEXTS[name]
        session.notices.append(
            f"{asks} asks for {what}, which this server does not have: {instead}."
        )


def _found(name: str, digest: str) -> str | None:
    """None where it is not here, or is no text that this setting may have."""
    data = KEPT.find(digest)
    if data is None:
        return None
    try:
        return str(FORMS[name].checked(data.decode("utf-8", "surrogatepass")))
    except (ValueError, SeqvizError):
        return None


def kept(session: Session, settings: Settings) -> str:
    """How a link to settings names what it has no room for, which is kept for who opens it. What
    the session's own link asks for in vain is still asked for while it would be of use.
    """
    wanted, names = kept_texts(session.settings.kept), {}
    for name in TEXTS:
        if url.is_too_long(name, settings.get(name)):
            names[name] = _keep(session, name, settings.get(name))
        elif name in wanted and is_of_use(name, settings):
            names[name] = wanted[name]
    return named_texts(names)


def _keep(session: Session, name: str, text: str) -> str:
    file = session.cache.get(f"kept {name}", text, lambda: _file(text))
    KEPT.keep(file.content, file.data)
    return file.content


def _file(text: str) -> Upload:
    return Upload.of("", text.encode("utf-8", "surrogatepass"))


def is_of_use(name: str, settings: Settings) -> bool:
    """Whether a text that is not here would be read if it were."""
    task, typed = TASKS.get(settings.task), settings.feed == "type"
    learns = task is not None and task.data is not None and bool(settings.trained)
    used = {"learned_from": learns, "text": typed, "alphabet": typed}.get(name, True)
    return used and settings.get(name) == FORMS[name].default


def is_wanted(session: Session, name: str) -> bool:
    """Whether a link asks for this text in vain."""
    return name in kept_texts(session.settings.kept)


def bring(session: Session, name: str, text: str) -> bool:
    """Set a text that may be wanted. Whether it is the very one."""
    wanted = kept_texts(session.settings.kept)
    digest = wanted.pop(name, None)
    session.set(**{name: text}, kept=named_texts(wanted))
    return digest is not None and digest == _file(text).content
