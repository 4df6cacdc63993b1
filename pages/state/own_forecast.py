"""The network that has learned somebody's own sequence on Uses: a file that is called by the
sequence's digest, so that a link names it and a reload finds it as it does uploads.
"""

from __future__ import annotations

from pages.state.files.upload import Upload
from pages.state.session import Session
from seqviz.applications.forecasting import Forecast, judged, learned_network
from seqviz.errors import SeqvizError
from seqviz.types import InputSequence
from seqviz.weights.files import read_weights
from seqviz.weights.written import state_dict_bytes

SLOT = "own_forecast"
"""Of the session's files, and the setting by which a link names it."""


def keep(session: Session, sequence: InputSequence, forecast: Forecast) -> None:
    """Let the sequence have this network from now on."""
    session.wanted.pop(SLOT, None)
    session.files[SLOT] = Upload.of(sequence.digest, state_dict_bytes(forecast.trained.model))


def of(session: Session, sequence: InputSequence | None) -> Forecast | None:
    """What has learned this very sequence, judged; None where nothing has."""
    file = session.files.get(SLOT)
    if sequence is None or file is None or file.name != sequence.digest:
        return None
    try:
        return session.cache.get("own forecast", file.digest, lambda: _read(file, sequence))
    except SeqvizError:  # a forged link: whatever the file is, it has learned nothing
        return None


def _read(file: Upload, sequence: InputSequence) -> Forecast:
    tensors = read_weights(f"{file.name}.safetensors", file.data).tensors
    weights = {name: value.numpy() for name, value in tensors.items()}
    return judged(learned_network(weights, sequence), sequence)
