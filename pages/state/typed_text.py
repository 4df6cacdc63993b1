"""Type: the text on screen -> the steps the network reads, with an alphabet or an embedding."""

from __future__ import annotations

from pages.state import own_weights
from pages.state.schema import Settings
from pages.state.session import Session
from seqviz.data import alphabet as alphabets
from seqviz.data import text as texts
from seqviz.data.alphabet import Alphabet
from seqviz.errors import SeqvizError
from seqviz.types import FloatArray, InputSequence
from seqviz.weights.embeddings import Embedding, embeddings_of

ONE_HOT = "one-hot"
PROBLEM = "alphabet_problem"
"""The option that says why the newest file holds no alphabet."""


def alphabet(settings: Settings) -> Alphabet | None:
    """The alphabet on screen, None for the text's own symbols. Raises SeqvizError."""
    if not settings.alphabet:
        return None
    return alphabets.alphabet(settings.alphabet, settings.text_unit, settings.unknown)


def kept_alphabet(session: Session) -> Alphabet | None:
    """The same, read once. Raises SeqvizError."""
    settings = session.settings
    key = settings.alphabet, settings.text_unit, settings.unknown
    return session.cache.get("alphabet", key, lambda: alphabet(settings))


def take_file(session: Session) -> None:
    """Use the alphabet of a file that has just come, or keep in an option why it will not do."""
    upload = session.files.pop("symbols", None)
    if upload is None:
        return
    try:
        listed = alphabets.read_alphabet(upload.name, upload.data)
    except SeqvizError as error:  # the alphabet before stays in use
        session.set(**{PROBLEM: str(error)})
    else:
        values = {"alphabet": alphabets.written(listed), "unknown": listed.unknown, PROBLEM: None}
        session.set(**values)


def encoders(session: Session) -> tuple[Embedding, ...]:
    """Embeddings in the file of the network in use that it can read, the likeliest first."""
    module = own_weights.chosen_module(session)
    if module is None:
        return ()
    return embeddings_of(module, own_weights.weights(session).embeddings)


def encoder(session: Session) -> Embedding | None:
    """The embedding in use, None for one-hot.

    Until somebody chooses, the likeliest one whose rows are as many as the alphabet's symbols.
    """
    offered, chosen = encoders(session), session.options.get("own_encoder")
    if chosen == ONE_HOT or not offered:
        return None
    for one in offered:
        if one.name == chosen:
            return one
    letters = kept_alphabet(session)
    rows = None if letters is None else len(letters)
    return next((one for one in offered if len(one.matrix) == rows), None)


def sequence(session: Session) -> InputSequence:
    """The text as the network reads it. Raises SeqvizError."""
    embedding = encoder(session)
    settings, matrix = session.settings, None if embedding is None else embedding.matrix
    key = (
        settings.text,
        settings.text_unit,
        settings.alphabet,
        settings.unknown,
        "" if embedding is None else embedding.digest,
    )
    return session.cache.get("typed", key, lambda: encode(settings, settings.text, matrix))


def encode(settings: Settings, text: str, matrix: FloatArray | None) -> InputSequence:
    """A text with the alphabet on screen, through an embedding's matrix (V, I) or one-hot."""
    letters = alphabet(settings)
    if matrix is None:
        return texts.one_hot(text, settings.text_unit, letters)
    if letters is None:
        raise SeqvizError(
            f"The embedding has a row for each of {len(matrix):,} symbols: give the alphabet the "
            "network was trained on, in its order."
        )
    return texts.embedded(text, settings.text_unit, letters, matrix)
