"""Export: every number and picture on screen as a file. Nothing is made before it is asked for."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages.components.landmark.component import landmark
from pages.components.player.frame import frame
from pages.components.player.standalone import standalone
from pages.components.player.tracks import caption, heat_tracks, input_track
from pages.panels.explore.pytorch_code import script
from pages.panels.shared.answers import answer_tracks, over_input, recipe_of
from pages.panels.shared.theme import theme
from pages.state.files.held_downloads import held
from pages.state.session import Session
from pages.state.setup import Setup
from seqviz.figures import palette
from seqviz.rnn.model import constructor
from seqviz.types import Trace

_MIME = "application/octet-stream"  # a browser shall save it, whatever it could show


def export_panel(session: Session, setup: Setup, trace: Trace | None) -> None:
    """The popover `Export`, with a download button for each format.

    It is always there: what stands beside it must not move when a drawing begins.
    """
    with st.popover("Export", on_change="rerun", key="_export") as opened:
        if opened.open:
            with st.container(key="export_region"):
                landmark("Export", "export_region")
                if trace is None:
                    st.caption("Nothing to export yet: give the network a sequence first.")
                else:
                    _downloads(session, setup, trace)


def _downloads(session: Session, setup: Setup, trace: Trace) -> None:
    from seqviz.export import animation, tables  # pyarrow and Pillow load with the first export

    quantity, look, step = setup.quantity, theme(), setup.settings.step
    done: dict[str, float | None] = session.cache.get("gif", None, lambda: {"part": None})
    program = script(setup).encode()  # now: what is deferred runs outside the session
    if setup.changes:
        st.caption("Files hold the plain network, without the changes of Hands on.")
    st.caption("All states and gates")
    with st.container(horizontal=True, gap="xsmall"):
        too_long = tables.num_rows(trace) > tables.CSV_ROWS
        _button("CSV", "states.csv", lambda: tables.csv(trace), disabled=too_long)
        _button("Parquet", "states.parquet", lambda: tables.parquet(trace))
        _button("NPZ", "trace.npz", lambda: tables.npz(trace))
    if too_long:  # said here: an error in a deferred download is seen by nobody
        st.caption(f"CSV holds at most {tables.CSV_ROWS:,} rows, this trace has more: use Parquet.")
    st.caption("Pictures for slides")
    with st.container(horizontal=True, gap="xsmall"):
        _button("PNG", "player.png", lambda: animation.png(trace, quantity, step, look))
        _button("GIF", "player.gif", _gif(trace, quantity, look, done))
        _button("HTML", "player.html", lambda: _player_page(setup, trace, look))
    _progress(done)
    st.caption("The network")
    with st.container(horizontal=True, gap="xsmall"):
        _button("Python", "seqviz_lesson.py", lambda: program)
        _button("safetensors", "weights.safetensors", lambda: tables.safetensors(trace))


def _button(
    name: str, file_name: str, make: Callable[[], bytes], *, disabled: bool = False
) -> None:
    st.download_button(
        name,
        held(make, file_name, _MIME),
        file_name=file_name,
        mime=_MIME,
        on_click="ignore",
        key=f"_download_{name}",
        disabled=disabled,
    )


def _player_page(setup: Setup, trace: Trace, look: str) -> bytes:
    """The player of the screen on a page of its own, without the changes of Hands on."""
    assert setup.sequence is not None
    quantity, recipe = setup.quantity, recipe_of(setup.trained)
    shown = frame(
        [
            input_track(setup.sequence, setup.wave, predicted=over_input(trace, recipe)),
            *heat_tracks(trace, quantity),
            *answer_tracks(trace, recipe),
        ],
        digest=setup.sequence.digest,
        caption=caption(setup.sequence),
        quantity=quantity,
        ends=palette.scale(quantity, trace.quantity(quantity)),
    )
    title = f"{quantity} of {constructor(trace.spec)}"
    return standalone(shown, title=title, theme=look).encode()


def _gif(
    trace: Trace, quantity: str, look: str, done: dict[str, float | None]
) -> Callable[[], bytes]:
    """Make the GIF and keep the part done where `_progress` sees it."""
    from seqviz.export import animation

    def make() -> bytes:
        try:
            return animation.gif(
                trace, quantity, look, progress=lambda part: done.update(part=part)
            )
        finally:
            done["part"] = None

    return make


@st.fragment(run_every=0.4)
def _progress(done: dict[str, float | None]) -> None:
    """The GIF is made outside the script, so its bar has to look for itself."""
    part = done["part"]
    if part is not None:
        st.progress(min(1.0, part), "Drawing the GIF")
