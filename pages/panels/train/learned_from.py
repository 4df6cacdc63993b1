"""What the network learns from, where the task draws nothing itself: text, sequence, examples."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from pages.panels.shared.button import button
from pages.panels.shared.messages import problem
from pages.panels.train.teach import teach_panel
from pages.state import input_sequence
from pages.state.files import linked_texts
from pages.state.session import Session
from pages.state.setup import Setup
from pages.state.training import recipes, taught
from seqviz.errors import SeqvizError
from seqviz.limits import MAX_FILE_BYTES, MAX_TEXT
from seqviz.training.datasets import Characters, Data, Examples
from seqviz.training.labelled_table import read_labelled
from seqviz.training.recipe import Recipe
from seqviz.types import InputSequence

TEXT = "learning_text"
PROBLEM = "learned_from_problem"
STORY = (
    "The little boat lay in the harbour and waited for the wind. The wind came in the morning. "
    "It blew over the hill and over the houses and over the water, and the little boat went out "
    "to the sea. The sea was wide and the sky was wide, and the boat was little. A gull sat down "
    "on the mast and asked where the boat was going. To the island, said the boat, where the "
    "light is. The gull knew the island and knew the light, and it flew ahead. In the evening "
    "the wind went to sleep, and the little boat lay still on the water and waited for the wind. "
    "The light on the island went on and off, on and off, and the gull slept on the mast. In the "
    "morning the wind came again. It blew over the water and over the boat, and the boat went on "
    "to the island. There was a harbour there and there were houses, and over the houses there "
    "was a hill. The little boat lay in the harbour and waited for the wind."
)


def first_data(session: Session) -> None:
    """Give a task that was just chosen something to learn from, so that Train can be pressed. A
    link's task waits for what the link came without.
    """
    task = session.settings.task
    if session.settings.learned_from or linked_texts.is_wanted(session, "learned_from"):
        return
    try:
        if task == "next_character":
            recipes.learn_from(session, task, Characters(STORY))
        elif task == "next_value" and (feed := input_sequence.read(session).sequence) is not None:
            recipes.learn_from(session, task, feed)
    except SeqvizError as error:
        session.set(**{PROBLEM: (session.settings.task, str(error))})


def take_typed(session: Session) -> None:
    """Learn from the text in its box, once it is another than before. What will not do stays
    there, with the sentence that says why.
    """
    typed = session.options.get(TEXT)
    if session.settings.task != "next_character" or typed is None:
        return
    _take(session, lambda: Characters(str(typed)))
    if session.options.get(PROBLEM) is None:
        session.set(**{TEXT: None})  # the box shows what is learned from, whoever brings another


def is_refused(session: Session) -> bool:
    """Whether the box has a text that will not do."""
    return session.settings.task == "next_character" and session.options.get(TEXT) is not None


def learned_from_panel(session: Session, setup: Setup, feed: InputSequence | None) -> None:
    """feed: what the other pages read now."""
    task = session.settings.task
    with st.container():  # always there: a player that moves in the page would start afresh
        if task == "next_character":
            _text(session)
        elif task == "next_value":
            _sequence(session, feed)
        elif task == "classify":
            teach_panel(session, setup, feed)
            _table(session)
        of_task, said = session.options.get(PROBLEM) or ("", None)
        problem(said if of_task == task else None)


def learns_from(recipe: Recipe) -> str:
    """ "your text, 1,240 characters": said beside Train."""
    data = recipe.data
    if isinstance(data, Characters):
        whose = "a short story" if data.text == STORY else "your text"
        return f"{whose}, {len(data.symbols):,} characters"
    if isinstance(data, Examples):
        return f"{len(data.labels):,} examples of {len(data.classes)} classes"
    if isinstance(data, InputSequence):
        return f"“{data.name}”, {len(data):,} steps, judged on their end"
    return "new random sequences"


def _text(session: Session) -> None:
    data = _data(session)
    with st.expander("Text to learn from", icon=":material/article:", key="_learning_text"):
        st.text_area(
            "Text",
            **session.tie(TEXT, data.text if isinstance(data, Characters) else ""),
            height=140,
            max_chars=MAX_TEXT,
            placeholder="Type or paste a text.",
            label_visibility="collapsed",
        )


def _data(session: Session) -> Data | None:
    try:
        return recipes.data(session)
    except SeqvizError:
        return None


def _sequence(session: Session, one: InputSequence | None) -> None:
    data = _data(session)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if one is not None and (data is None or one.digest != data.digest):
            button(session, f"Learn from “{one.name[:30]}”", _take_sequence, one)


def _take_sequence(session: Session, sequence: InputSequence) -> None:
    _take(session, lambda: sequence)


def _take(session: Session, make: Callable[[], Data]) -> None:
    try:
        recipes.learn_from(session, session.settings.task, make())
    except SeqvizError as error:
        session.set(**{PROBLEM: (session.settings.task, str(error))})
    else:
        session.set(**{PROBLEM: None})


def _table(session: Session) -> None:
    if session.options.get(taught.TEACHING):
        return
    with st.expander("From a table", icon=":material/table:", key="_labelled"):
        st.caption(
            "A CSV with a row for each step: series (which steps belong together), step, the "
            "features, label (the class)."
        )
        file = st.file_uploader(
            "Labelled sequences",
            type=["csv", "tsv", "txt"],
            max_upload_size=MAX_FILE_BYTES // 2**20,
            label_visibility="collapsed",
            key="_labelled_file",
        )
        if file is not None:
            button(session, f"Learn from {file.name[:30]}", _take_table, file)


def _take_table(session: Session, file: Any) -> None:
    try:
        taught.use(session, read_labelled(str(file.name), file.getvalue()))
    except SeqvizError as error:
        session.set(**{PROBLEM: (session.settings.task, str(error))})
    else:
        session.set(**{PROBLEM: None})
