"""A network with what it reads, put on Explore from another page."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np

from pages.state import input_sequence
from pages.state.files.upload import Upload
from pages.state.session import Session
from seqviz.data.alphabet import Alphabet, written
from seqviz.data.url_payload import pack_sequence
from seqviz.limits import MAX_FEATURES
from seqviz.types import FloatArray, InputSequence, Model
from seqviz.weights.written import state_dict_bytes

GO = "go to"
"""The option with the path of a page to go to; it stays until another page is shown, since a run
that goes there may be cut off."""
_NOTHING_CHANGED = {"changes": "", "step": None, "trained": "", "selected": ""}


def put_on_explore(
    session: Session,
    name: str,
    model: Model,
    sequence: InputSequence,
    h_0: FloatArray | None = None,
) -> None:
    """The model as somebody's weights, and the sequence in the link, or as a file where it is too
    large for one. name: of the files. h_0: (L, D, H), None for zeros.

    What Explore is fed with already stays as it is: a file with what was chosen of it, a drawing.
    One-hot words of a large vocabulary have more features than a table may: they are typed, with
    the vocabulary as their alphabet.
    """
    session.replace_file("weights", Upload.of(f"{name}.safetensors", state_dict_bytes(model)))
    session.set(**_NOTHING_CHANGED)
    session.play_at(None)
    session.options[GO] = ""
    fed = input_sequence.read(session).sequence
    if fed is not None and fed.digest == sequence.digest:
        session.set(**_start(h_0))
    elif sequence.input_size <= MAX_FEATURES:
        _feed(session, name, sequence, h_0)
    elif sequence.kind == "text":
        _type(session, sequence)


def _type(session: Session, sequence: InputSequence) -> None:
    session.set(
        feed="type",
        text=" ".join(sequence.labels),
        text_unit="words",
        alphabet=written(Alphabet(sequence.feature_names)),
        unknown="",
        **_start(None),
    )


def _feed(session: Session, name: str, sequence: InputSequence, h_0: FloatArray | None) -> None:
    if sequence.kind == "gesture":  # what is drawn on the pad, and not what a link brings
        sequence = replace(sequence, kind="curve")
    packed = pack_sequence(sequence) or ""
    session.replace_file("upload", None if packed else Upload.of(f"{name}.npy", _npy(sequence.x)))
    session.wanted.pop("upload", None)
    session.set(feed="upload", data=packed, file="", choices="", **_start(h_0))


def _start(h_0: FloatArray | None) -> dict[str, str]:
    if h_0 is None or not np.any(h_0):
        return {"h_0": "zeros", "h_0_values": ""}
    values = ", ".join(f"{value:.7g}" for value in h_0.reshape(-1))
    return {"h_0": "typed", "h_0_values": values}


def _npy(x: FloatArray) -> bytes:
    file = io.BytesIO()
    np.save(file, x)
    return file.getvalue()
