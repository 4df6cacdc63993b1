"""Upload and Record: a file or the microphone, and the choices a file leaves open."""

from __future__ import annotations

import streamlit as st

from pages.panels.shared.build import KEEP, one_of
from pages.panels.shared.messages import plain
from pages.state import fields, uploads
from pages.state.callbacks import whole
from pages.state.fields import bound
from pages.state.uploads import Upload
from seqviz.data import text
from seqviz.data.readers import files
from seqviz.data.readers.files import Table, Text
from seqviz.errors import SeqvizError


def show(slot: str) -> None:
    """slot: "upload" or "record"."""
    if slot == "upload":
        st.file_uploader(
            "Upload a file: at most 5 MB, 2,000 steps and 64 features are used",
            type=list(files.EXTENSIONS),
            key="_uploader",
            max_upload_size=files.MAX_BYTES // 2**20,
            on_change=_take_file,
            args=("_uploader", slot),
        )
    else:
        st.audio_input(
            "Record a sound", key="_microphone", on_change=_take_file, args=("_microphone", slot)
        )
    upload = uploads.uploaded(slot)
    if upload is not None:
        _options(upload)
    elif fields.get("data") and fields.get("data") == st.session_state["_linked"]:
        st.caption("This sequence came with the link: upload its file to choose other parts of it.")


@whole
def _take_file(widget: str, slot: str) -> None:
    """Keep the bytes: the widget forgets them when it leaves the screen."""
    file = st.session_state[widget]
    if file is not None:
        st.session_state[f"_{slot}"] = Upload.of(file.name, file.getvalue())
    else:  # taken away by hand; the sequence stays until there is another
        st.session_state.pop(f"_{slot}", None)


def _options(upload: Upload) -> None:
    if upload.name.lower().endswith(".npz"):
        _member(upload)
    if upload.is_audio:
        _sound_options(upload)
    try:
        held = uploads.content(upload)
    except SeqvizError:
        return  # said below the feed, where every problem is
    st.caption(plain(f"{upload.name}: {held.description}."))
    if isinstance(held, Table):
        _table_options(upload, held)
    elif isinstance(held, Text):
        _text_options(upload, held)


def _member(upload: Upload) -> None:
    try:
        shapes = files.arrays(upload.data)
    except SeqvizError:
        return
    if len(shapes) > 1:
        st.selectbox(
            "Array",
            list(shapes),
            index=None,
            placeholder="the first that fits",
            format_func=lambda name: f"{name} {tuple(shapes[name])}",
            key=uploads.member_key(upload),
            persist_state=KEEP,
        )


def _sound_options(upload: Upload) -> None:
    with st.container(horizontal=True, gap="small"):
        st.number_input("Bands", 1, 64, **bound("bands"), step=1, width=110)
        st.number_input("Frame length, ms", 1.0, 1000.0, **bound("frame_ms"), step=5.0, width=150)
        st.number_input(
            "Start, s", 0.0, 100_000.0, value=0.0, step=0.5, key=upload.key("start"),
            persist_state=KEEP, width=120,
        )  # fmt: skip
        st.number_input(
            "Length, s", 0.01, 60.0, value=None, step=0.5, key=upload.key("length"),
            persist_state=KEEP, placeholder="to the end", width=140,
        )  # fmt: skip


def _table_options(upload: Upload, table: Table) -> None:
    session = st.session_state
    session.setdefault(upload.key("columns"), uploads.default_columns(table))
    session.setdefault(upload.key("first"), 1)
    session.setdefault(upload.key("last"), len(table))
    session.setdefault(upload.key("stride"), 1)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.multiselect(
            "Columns", table.columns, key=upload.key("columns"), persist_state=KEEP, width=250
        )
        for name, label in (("first", "First row"), ("last", "Last row"), ("stride", "Stride")):
            st.number_input(
                label, 1, len(table), step=1, key=upload.key(name), persist_state=KEEP, width=96
            )
        st.toggle("Standardise", key=upload.key("standardise"), persist_state=KEEP)
    if session[upload.key("standardise")] and (constant := uploads.constant_columns(upload, table)):
        never = ", ".join(constant)
        st.caption(plain(f"Standardised to 0, because the values never change: {never}."))
    _ways_to_fit(upload, table)


def _ways_to_fit(upload: Upload, table: Table) -> None:
    """A button for each way to bring too many rows or columns within the limits."""
    session = st.session_state
    first, last, stride = (session[upload.key(name)] for name in ("first", "last", "stride"))
    with st.container(horizontal=True):
        for way in files.ways_to_fit(len(range(first, last + 1, stride))):
            start, stop = first + way.start * stride, first - 1 + way.stop * stride
            st.button(
                f"Use {way.label}",
                on_click=_take_rows,
                args=(upload, start, min(last, stop), stride * way.stride),
                key=way.label,
            )
        if len(table.columns) > files.MAX_FEATURES and not session[upload.key("columns")]:
            st.button(
                f"Use the first {files.MAX_FEATURES} columns",
                on_click=_take_columns,
                args=(upload, table.columns[: files.MAX_FEATURES]),
            )


@whole
def _take_rows(upload: Upload, first: int, last: int, stride: int) -> None:
    st.session_state.update(
        {upload.key("first"): first, upload.key("last"): last, upload.key("stride"): stride}
    )


@whole
def _take_columns(upload: Upload, columns: tuple[str, ...]) -> None:
    st.session_state[upload.key("columns")] = list(columns)


def _text_options(upload: Upload, held: Text) -> None:
    one_of("One step is", ["characters", "words"], "text_unit")
    unit = fields.get("text_unit")
    fitting = text.shorten(held.text, unit)
    if len(fitting) < len(held.text.rstrip()):
        st.toggle(
            f"Use the first {len(fitting):,} characters only",
            key=upload.key("shortened"),
            persist_state=KEEP,
        )
