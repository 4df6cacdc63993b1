"""Files in links: what the session has of them -> parameters, and back from what is kept here.

A link holds a file's digest and name (`file` for the sequence, `weights` for somebody's own
network, `sound` for what Uses hears, `own_forecast` for the network that has learned there) and
what was chosen of it (`choices`). Whoever opens it, or reloads, gets the file from this server's
store while it is there; elsewhere the session knows which file is wanted. Long texts are kept in
the same way, see linked_texts.
"""

from __future__ import annotations

from pages.state import own_forecast, own_weights
from pages.state.files import file_choices, linked_texts
from pages.state.files.file_choices import Choices
from pages.state.files.file_store import KEPT
from pages.state.files.upload import Upload
from pages.state.schema import FILE_FEEDS
from pages.state.session import SOUNDS, Session


def take(session: Session) -> None:
    """Bring what the settings name into the session: files, with what was chosen of them, and long
    texts.

    Each that this server does not have gets a sentence.
    """
    linked_texts.take(session)
    settings = session.settings
    session.settings = settings.having(file="", choices="", weights="", sound="", own_forecast="")
    choices = file_choices.unpack(settings.choices)
    if settings.feed in FILE_FEEDS:
        upload = _found(session, settings.feed, settings.file)
        if upload is not None:
            session.set(**file_choices.options_of(upload, choices, settings.header))
        if settings.feed in session.wanted and not settings.data:
            again = "upload it" if settings.feed == "upload" else "record it again"
            session.notices.append(
                f"{_missing(session, settings.feed)}: {again} below, and until then the network "
                "reads the drawn curve."
            )
    _take_weights(session, settings.weights, choices)
    _take_sound(session, settings.sound)
    _take_own_forecast(session, settings.own_forecast)


def _found(session: Session, slot: str, text: str) -> Upload | None:
    """The file of which text is the link, in the session if this server has it."""
    session.wanted.pop(slot, None)
    now = session.files.get(slot)
    if not text:
        if now is not None:
            session.replace_file(slot, None)
        return None
    upload = Upload.linked(text)
    if now is not None and now.link == text:
        return now
    data = KEPT.find(upload.content)
    if data is None:
        session.wanted[slot] = upload
        session.replace_file(slot, None)
        return upload
    found = Upload(upload.name, data, upload.content)
    session.replace_file(slot, found)
    return found


def _take_weights(session: Session, text: str, choices: Choices) -> None:
    if text:
        _found(session, "weights", text)
    here = bool(text) and "weights" not in session.wanted
    if not here and session.options.get("own_layer") is not None:
        session.set(own_layer=None)
    if not text:
        return
    session.linked_choices[text] = {
        name: choices[name] for name in file_choices.OF_WEIGHTS if name in choices
    }
    if not here:
        session.notices.append(
            f"{_missing(session, 'weights')}: upload these weights again under Your own weights, "
            "and until then the network is the one from Build."
        )
    else:
        choose_weights(session)


def _take_sound(session: Session, text: str) -> None:
    now = sound_in_use(session)
    if now is not None and now.data and now.link == text:
        return
    if "hum" in session.files:  # older or newer than the link's: it is another
        session.replace_file("hum", None)
    _found(session, "sound", text)
    if "sound" in session.wanted:
        session.notices.append(
            f"{_missing(session, 'sound')}: upload or record this sound again on Uses, and until "
            "then an example is heard."
        )


def _take_own_forecast(session: Session, text: str) -> None:
    _found(session, own_forecast.SLOT, text)
    if own_forecast.SLOT in session.wanted:
        session.notices.append(
            f"{_gone(session, 'the network that has learned a series on Uses')}: press Try it "
            "there, which trains the very same again."
        )


def choose_weights(session: Session) -> None:
    """Run the layer that the link chose of these weights, once they are here."""
    weights = own_weights.weights(session)  # reading them chooses a layer; the link knows better
    if weights.file is None or weights.found is None:
        return
    chosen = session.linked_choices.pop(weights.file.link, {})
    if chosen.get("own_layer", 0) < len(weights.found.modules):
        session.set(**chosen)


def _missing(session: Session, slot: str) -> str:
    return _gone(session, f"“{session.wanted[slot].name}”")


def _gone(session: Session, what: str) -> str:
    if session.resumed:
        return f"The server was restarted and no longer has {what}"
    return f"This link asks for {what}, which this server does not have"


def parameters(session: Session) -> dict[str, str]:
    """What a link holds of the files in use. They are kept for whoever opens it."""
    in_use = {
        "file": upload_in_use(session),
        "weights": weights_in_use(session),
        "sound": sound_in_use(session),
        "own_forecast": _here_or_wanted(session, own_forecast.SLOT),
    }
    for file in in_use.values():
        if file is not None and file.data:
            KEPT.keep(file.content, file.data)
    links = {name: "" if file is None else file.link for name, file in in_use.items()}
    return {**links, "choices": file_choices.pack(chosen(session))}


def upload_in_use(session: Session) -> Upload | None:
    """The file the sequence comes from, or would come from if it were here."""
    feed = session.settings.feed
    return _here_or_wanted(session, feed) if feed in FILE_FEEDS else None


def weights_in_use(session: Session) -> Upload | None:
    """The file the network comes from, or would come from if it were here."""
    if "weights" in session.wanted:
        return session.wanted["weights"]
    return own_weights.weights(session).file if own_weights.chosen_module(session) else None


def sound_in_use(session: Session) -> Upload | None:
    """What Uses hears: the newest sound uploaded or recorded there, or the one wanted."""
    newest = [file for slot, file in session.files.items() if slot in SOUNDS]
    return newest[-1] if newest else session.wanted.get("sound")


def _here_or_wanted(session: Session, slot: str) -> Upload | None:
    return session.files.get(slot) or session.wanted.get(slot)


def chosen(session: Session) -> Choices:
    """What is chosen of the files in use."""
    upload, weights = upload_in_use(session), weights_in_use(session)
    choices: Choices = {}
    if upload is not None:
        member = session.options.get(upload.member_option)
        upload = upload.read_as(member, session.settings.header)
        names = {name: file_choices.name_of(upload, name) for name in file_choices.OF_FILE}
        choices |= _set(session, names)
    if weights is not None:
        names = {name: name for name in file_choices.OF_WEIGHTS}
        choices |= session.linked_choices.get(weights.link) or _set(session, names)
    return choices


def _set(session: Session, names: dict[str, str]) -> Choices:
    """Those of these options that are set to something a link can say."""
    choices = {}
    for name, option in names.items():
        value = session.options.get(option)
        if value is None:
            continue
        try:
            choices[name] = file_choices.checked(name, value)
        except ValueError:  # forged: no control says that
            continue
    return choices
