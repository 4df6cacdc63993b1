"""Upload and Record: a file or the microphone, and the choices a file leaves open."""

from __future__ import annotations

import numpy as np
import streamlit as st

from pages.panels.shared.button import button
from pages.panels.shared.choices import one_of
from pages.panels.shared.messages import plain
from pages.panels.shared.number_box import number_box
from pages.panels.shared.optional_number import optional_number
from pages.state.files import uploads
from pages.state.files.file_choices import LATEST_START
from pages.state.files.upload import Upload
from pages.state.session import Session
from seqviz.data import text as texts
from seqviz.data.readers import files
from seqviz.data.table import Table, Text
from seqviz.data.table_selection import ways_to_fit
from seqviz.errors import SeqvizError
from seqviz.labels import number
from seqviz.limits import (
    MAX_BANDS,
    MAX_FEATURES,
    MAX_FILE_BYTES,
    MAX_FRAME_MS,
    MAX_SECONDS,
    MIN_FRAME_MS,
)

NAMED = 4  # columns, before the rest is counted
SATURATING = 3.0
"""Larger inputs than this drive most units to the ends of tanh and of the gates."""
_KINDS = f"Reads {', '.join(ending.upper() for ending in files.EXTENSIONS)}."


def show(session: Session, scaled: bool = False) -> None:
    """The uploader or the microphone, and below it the choices its file leaves open. scaled: the
    network that reads it brings its inputs to one scale itself.
    """
    slot = session.settings.feed
    if slot == "upload":
        st.file_uploader(
            "Upload a file: at most 5 MB, 2,000 steps and 64 features are used",
            help=_KINDS,  # and not as type: the reader says what to do with another kind of file
            max_upload_size=MAX_FILE_BYTES // 2**20,
            **session.tie_file(slot),
        )
    else:
        st.audio_input("Record a sound", **session.tie_file(slot))
    upload = uploads.uploaded(session, slot)
    if upload is not None:
        _options(session, upload, scaled)
    else:
        _without_file(session, session.wanted.get(slot))


def _without_file(session: Session, wanted: Upload | None) -> None:
    """wanted: the file a link names that this server does not have."""
    file = wanted.name if wanted else "its file"
    if session.settings.data:
        said = f"This sequence came with the link: to choose other parts of it, upload {file}."
        st.caption(plain(said))
    elif wanted:
        st.caption(plain(f"The link asks for {file}: upload it to see what it shows."))


def _options(session: Session, upload: Upload, scaled: bool) -> None:
    _member(session, upload)
    if upload.is_audio:
        _sound_options(session, upload)
    try:
        held = uploads.content(session, upload)
    except SeqvizError:
        return  # said below the feed, where every problem is
    st.caption(plain(f"{upload.name}: {held.description}."))
    if isinstance(held, Table):
        _table_options(session, upload, held, scaled)
    elif isinstance(held, Text):
        _text_options(session, upload, held)


def _member(session: Session, upload: Upload) -> None:
    """The choice of an archive's array or a workbook's sheet, where there are several."""
    try:
        members = session.cache.get(
            "members", upload.digest, lambda: files.members(upload.name, upload.data)
        )
    except SeqvizError:
        return  # said below the feed, where every problem is
    if len(members) > 1:
        st.selectbox(
            "Sheet" if files.ending_of(upload.name) == "xlsx" else "Array",
            list(members),
            placeholder="the first that fits",
            format_func=lambda name: members.get(name, name),
            **session.tie_index(upload.member_option, list(members)),
        )


def _sound_options(session: Session, upload: Upload) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        number_box(session, "Bands", 1, MAX_BANDS, "bands", step=1, width=110)
        number_box(
            session, "Frame length, ms", MIN_FRAME_MS, MAX_FRAME_MS, "frame_ms", step=5.0, width=150
        )
        number_box(
            session, "Start, s", 0.0, LATEST_START, upload.option("start"), 0.0, step=0.5, width=120
        )
        optional_number(
            session, "Length, s", 0.01, MAX_SECONDS, upload.option("length"),
            without="To the end", step=0.5, placeholder="to the end", width=140,
        )  # fmt: skip
        st.toggle("Standardise", **session.tie(upload.option("standardise"), True))


def _table_options(session: Session, upload: Upload, table: Table, scaled: bool) -> None:
    uploads.fit_choices(session, upload, table)
    first, last, stride = uploads.chosen_rows(session, upload, table)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        if table.sequences > 1:
            number_box(
                session, "Sequence", 1, table.sequences, upload.option("sequence"), 1, step=1,
                width=110, help=f"Which of the {table.sequences:,} sequences in this array.",
            )  # fmt: skip
        st.multiselect(
            "Columns",
            table.columns,
            **session.tie_choice(upload.option("columns"), uploads.default_columns(table)),
            width=250,
        )
        for name, label, value in (
            ("first", "First row", first),
            ("last", "Last row", last),
            ("stride", "Stride", stride),
        ):
            option = upload.option(name)
            number_box(session, label, 1, len(table), option, value, step=1, width=96)
        if table.header is not None:
            st.toggle("First row is a header", **session.tie("header", table.header))
        if table.decimal is not None:
            st.toggle(
                "Decimal comma",
                **session.tie(upload.option("decimal_comma"), table.decimal == ","),
                help="Off: a comma parts thousands, as in 1,234. On: a point does, as in 1.234.",
            )
        st.toggle("Standardise", **session.tie(upload.option("standardise"), False))
    _about_gaps(session, upload, table)
    _about_standardising(session, upload, table, scaled)
    _ways_to_fit(session, upload, table)


def _about_gaps(session: Session, upload: Upload, table: Table) -> None:
    """The columns that are not used from the start, because some of their cells are missing."""
    used = uploads.chosen_columns(session, upload, table)
    left = {name: n for name, n in table.gaps.items() if n and name not in used}
    if left and table.complete:
        every = [f"{name} ({n:,} of {len(table):,} cells)" for name, n in left.items()]
        more = f" and {len(every) - NAMED:,} more" if len(every) > NAMED else ""
        st.caption(plain(f"Not used, for want of cells: {', '.join(every[:NAMED])}{more}."))


def _about_standardising(session: Session, upload: Upload, table: Table, scaled: bool) -> None:
    try:
        sequence = uploads.selected(session, upload, table)
    except SeqvizError:
        return  # said below the feed
    if uploads.standardises(session, upload):
        columns = zip(sequence.feature_names, sequence.x.T, strict=True)
        if constant := [name for name, x in columns if not x.any()]:
            never = ", ".join(constant)
            st.caption(plain(f"Standardised to 0, because the values never change: {never}."))
    elif not scaled and np.abs(sequence.x).max() > SATURATING:
        low, high = number(sequence.x.min(), 3), number(sequence.x.max(), 3)
        said = f"Values run from {low} to {high}: units saturate at such inputs and look all alike."
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(said, width="content")
            button(session, "Standardise the values", _choose, upload, {"standardise": True})


def _ways_to_fit(session: Session, upload: Upload, table: Table) -> None:
    """A button for each way to bring too many rows or columns within the limits."""
    first, last, stride = uploads.chosen_rows(session, upload, table)
    with st.container(horizontal=True):
        for way in ways_to_fit(len(range(first, last + 1, stride))):
            start, stop = first + way.start * stride, first - 1 + way.stop * stride
            rows = {"first": start, "last": min(last, stop), "stride": stride * way.stride}
            button(session, f"Use {way.label}", _choose, upload, rows, key=way.label)
        columns = uploads.chosen_columns(session, upload, table)
        if len(table.columns) > MAX_FEATURES and not columns:
            fitting = {"columns": list(table.columns[:MAX_FEATURES])}
            button(session, f"Use the first {MAX_FEATURES} columns", _choose, upload, fitting)


def _choose(session: Session, upload: Upload, options: dict[str, object]) -> None:
    session.set(**{upload.option(name): value for name, value in options.items()})


def _text_options(session: Session, upload: Upload, held: Text) -> None:
    one_of(session, "One step is", ["characters", "words"], "text_unit")
    fitting = texts.shorten(held.text, session.settings.text_unit)
    if len(fitting) < len(held.text.rstrip()):
        st.toggle(
            f"Use the first {len(fitting):,} characters only",
            **session.tie(upload.option("shortened"), False),
        )
