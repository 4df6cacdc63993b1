"""Session <-> URL, and the way from what is set on screen to a Trace.

Every shareable value is a field: fields.py keeps them, seqviz.sharing.FIELDS lists them. A page
begins with `begin`, reads `current` and ends with `publish`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import streamlit as st
import torch
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages.state import fields, input_sequence, own_weights, parts, schema
from pages.state.cache import remembered
from pages.state.callbacks import catch_up
from seqviz.data import url_payload
from seqviz.errors import SeqvizError
from seqviz.rnn import intervened_run, interventions, model, tracing
from seqviz.rnn.initial_state import initial_state
from seqviz.rnn.interventions import Intervention
from seqviz.types import FloatArray, InputSequence, RNNSpec, Trace
from seqviz.weights.recurrent_layers import RecurrentModule

WITHOUT_FILE = (
    "This link came without its file: choose one below. Until then the network reads the drawn "
    "curve."
)


@dataclass(frozen=True)
class Setup:
    """All that is set on screen: the network, what it reads, where it starts.

    sequence is None while the pad is empty. problem: one sentence when the newest input will not
    do; sequence is then the one before. capacity: steps a sequence being drawn may still get.
    """

    spec: RNNSpec
    sequence: InputSequence | None
    h_0: FloatArray | None
    c_0: FloatArray | None
    quantity: str
    live: bool
    capacity: int
    problem: str | None = None
    wave: FloatArray | None = None
    module: RecurrentModule | None = None
    changes: tuple[Intervention, ...] = ()

    @property
    def shapes(self) -> dict[str, torch.Size]:
        """x, output and h_n as PyTorch prints their shapes; {} without a sequence."""
        if self.sequence is None:
            return {}
        steps, features = self.sequence.x.shape
        directions, spec = self.spec.num_directions, self.spec
        return {
            "x": torch.Size((steps, 1, features)),
            "output": torch.Size((steps, 1, directions * spec.hidden_size)),
            "h_n": torch.Size((directions * spec.num_layers, 1, spec.hidden_size)),
        }


def begin(show_ahead: Callable[[], None] | None = None) -> None:
    """Take the state from the URL on a first visit and when the browser goes back or forward.

    show_ahead: see parts.begin.
    """
    session = st.session_state
    parts.begin(show_ahead)
    context = get_script_run_ctx()
    page = context.page_script_hash if context else ""
    # Back to an address without parameters is a way back only if this page has been there
    known = bool(st.query_params) or session.get("_bare") == page
    navigated = bool(context and context.is_history_navigation and known)
    if fields.begun() and not navigated:
        if session["_page"] != page:
            fields.show()
            session["_command"] += 1  # another page's player has to be told the step
        session["_page"] = page
        return
    session["_page"] = page
    values, notices = schema.decode(st.query_params.to_dict())
    fields.begin(values)
    session["_command"] = session.get("_command", 0) + 1
    session["_revision"] = session.get("_revision", 0) + 1
    session["_live"] = False
    session["_published"] = st.query_params.to_dict()
    session["_linked"] = values["data"]  # of a file that somebody else has
    if values["feed"] in ("upload", "record") and "data" not in st.query_params:
        notices.append(WITHOUT_FILE)
    session["_notices"] = notices


def publish() -> None:
    """Write the state to the URL, unless a hand is still drawing."""
    if st.session_state.get("_live"):
        return
    encoded = parameters()
    if not encoded and not st.query_params:
        context = get_script_run_ctx()
        st.session_state["_bare"] = context.page_script_hash if context else ""
    # What the browser said when this run began may be older than what was written to it last.
    if not encoded == st.query_params.to_dict() == st.session_state["_published"]:
        st.query_params.from_dict(encoded)
        st.session_state["_published"] = encoded


def parameters() -> dict[str, str]:
    """The state as a link carries it."""
    return schema.link(fields.checked())


def notices() -> None:
    """Say once what in a link would not do."""
    if found := st.session_state.pop("_notices", []):
        st.warning("  \n".join(found), icon=":material/link_off:")


def current() -> Setup:
    """The setup on screen now."""
    catch_up()
    return wanted()


def wanted() -> Setup:
    """The setup that the controls ask for, which a callback knows before the screen shows it."""
    chosen = fields.checked()
    live = bool(st.session_state.get("_live")) and chosen["feed"] == "draw"
    sequence, wave, problem = _sequence(chosen, live)
    module = own_weights.chosen_module()
    if module is not None:
        sequence, problem = own_weights.fitting(module, sequence, problem)
    spec = module.spec if module else _spec(chosen, sequence)
    try:
        h_0, c_0 = initial_state(spec, chosen["h_0"], chosen["h_0_values"])
    except SeqvizError as error:
        h_0, c_0, problem = None, None, problem or str(error)
    changes = interventions.parse(chosen["changes"])
    if sequence is not None:
        changes = tuple(c for c in changes if interventions.fits(spec, len(sequence), c))
    return Setup(
        spec=spec,
        sequence=sequence,
        h_0=h_0,
        c_0=c_0,
        quantity=chosen["quantity"] if chosen["quantity"] in spec.quantities else "h",
        live=live,
        capacity=chosen["steps"] if chosen["feed"] == "draw" else 0,
        problem=problem,
        wave=wave,
        module=module,
        changes=changes,
    )


def _spec(chosen: dict[str, Any], sequence: InputSequence | None) -> RNNSpec:
    return RNNSpec(
        mode=chosen["cell"],
        input_size=sequence.input_size if sequence else 1,
        hidden_size=chosen["hidden_size"],
        num_layers=chosen["num_layers"],
        bias=chosen["bias"],
        bidirectional=chosen["bidirectional"],
        init=chosen["init"],
        forget_bias=chosen["forget_bias"] if chosen["cell"] == "LSTM" else None,
        seed=chosen["seed"],
    )


def _sequence(
    chosen: dict[str, Any], live: bool
) -> tuple[InputSequence | None, FloatArray | None, str | None]:
    """The sequence, its waveform if it is sound, and what is wrong with the newest input."""
    session = st.session_state
    try:
        sequence, wave = input_sequence.read(chosen, live)
    except SeqvizError as error:
        last, wave = session.get("_last_sequence") or input_sequence.read(schema.defaults(), False)
        return last, wave, str(error)
    if sequence is not None and not live:
        session["_last_sequence"] = (sequence, wave)
        uploaded = chosen["feed"] in ("upload", "record")
        fields.put(data=_packed(sequence.digest, sequence) if uploaded else "")
    return sequence, wave, None


@st.cache_data(max_entries=8, show_spinner=False)
def _packed(digest: str, _sequence: InputSequence) -> str:
    """The sequence as a link carries it; "" when it is too large for one."""
    return url_payload.pack_sequence(_sequence) or ""


def trace(setup: Setup) -> Trace | None:
    """The trace of setup, or None without a sequence; the same object while nothing changes."""
    sequence = setup.sequence
    if sequence is None:
        return None
    rnn = own_weights.network(setup.module) if setup.module else network(setup.spec)
    return remembered(
        "trace",
        identity(setup),
        lambda: tracing.trace(rnn, sequence, setup.h_0, setup.c_0, spec=setup.spec),
    )


def changed(setup: Setup) -> Trace | None:
    """The trace with the changes of Hands on in force, or None without any."""
    plain = trace(setup)
    if plain is None or not setup.changes:
        return None
    key = (*identity(setup), setup.changes)
    with st.spinner("Running the changed network", show_time=True):
        return remembered("changed", key, lambda: intervened_run.run(plain, setup.changes))


def identity(setup: Setup) -> tuple[RNNSpec, str, str, bytes | None]:
    """What tells one trace from another: the spec alone does not know somebody's own weights."""
    assert setup.sequence is not None
    start = None if setup.h_0 is None else setup.h_0.tobytes()
    weights = setup.module.digest if setup.module else ""
    return setup.spec, weights, setup.sequence.digest, start


# Not st.cache_resource: hashing its arguments takes longer than building a small network.
@lru_cache(maxsize=8)
def network(spec: RNNSpec) -> torch.nn.RNNBase:
    """The module of a spec. Shared between sessions: read it, never train it."""
    return model.build(spec)
