"""Audio: how the pitch of a sound moves, heard frame by frame."""

from __future__ import annotations

from functools import partial

import numpy as np
import streamlit as st

from pages.components.player import tracks
from pages.panels.shared.messages import plain
from pages.panels.uses.handwriting import DOUBT, said
from pages.panels.uses.part import Part, Reading
from pages.state.files import linked_files
from pages.state.files.upload import Upload
from pages.state.session import Session
from seqviz.applications.answer import Answer
from seqviz.applications.pitch.examples import heard
from seqviz.applications.pitch.pitch import JUDGED, SHUFFLED, Pitch, shortened
from seqviz.applications.recorded_scores import recorded
from seqviz.applications.registry import APPLICATIONS
from seqviz.data.audio import Recording
from seqviz.data.readers.files import AUDIO
from seqviz.data.readers.read_sound import read_sound
from seqviz.limits import MAX_FILE_BYTES, MAX_SECONDS
from seqviz.rnn import tracing


def _application(session: Session) -> Pitch:
    one = APPLICATIONS["pitch"]
    assert isinstance(one, Pitch)
    return one


def _controls(session: Session) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown("##### Try it", width="content")
        st.audio_input(
            "Hum, whistle or say a syllable: until then an example is shown",
            **session.tie_file("hum"),
            width="stretch",
        )
        st.file_uploader(
            "Or upload a sound",
            type=AUDIO,
            max_upload_size=MAX_FILE_BYTES // 2**20,
            **session.tie_file("sound"),
            width="stretch",
        )


def _sound(session: Session) -> tuple[Recording, str] | None:
    """What is read of the newest sound, recorded or uploaded, and what to say of it; None before
    any."""
    upload = linked_files.sound_in_use(session)
    if upload is None or not upload.data:
        return None
    return session.cache.get("pitch", upload.digest, partial(_read_sound, upload))


def _read_sound(upload: Upload) -> tuple[Recording, str]:
    return shortened(read_sound(upload.name, upload.data, 0.0, MAX_SECONDS))


def _read(session: Session) -> Reading:
    one, sound = _application(session), _sound(session)
    if sound is None:
        trace = tracing.trace(one.model(), one.example())
        answer, sequence = Answer(trace), one.example()
        note = ""
    else:
        recording, note = sound
        answer, sequence = one.recognise(recording), heard(recording)
    answers = tracks.prediction_tracks(answer.trace, answers="contour")
    rows = [tracks.input_track(sequence), *tracks.heat_tracks(answer.trace, "h"), *answers]
    return Reading(sequence, answer.trace, rows, note, extra={"answer": answer})


def _below(session: Session, reading: Reading) -> None:
    answer = reading.extra["answer"]
    assert isinstance(answer, Answer)
    st.markdown(plain(said(answer)))
    st.caption(DOUBT)
    one = _application(session)
    shuffled = np.random.default_rng(0).permutation(reading.sequence.x)
    st.markdown(plain(_in_another_order(answer, one.best(shuffled))))


def _in_another_order(answer: Answer, shuffled: str) -> str:
    """What the same frames are heard as, shuffled, and what that says of an answer that is sure."""
    said = f"The same frames in another order: {shuffled}."
    if not answer.sure:
        return said
    if shuffled != answer.best:
        return f"{said} So the order of the frames made the answer."
    (score,) = recorded("pitch")
    (share,) = (line.value for line in score.baselines if line.name == SHUFFLED)
    return (
        f"{said} Here the frames suffice without their order, or it is chance: of {JUDGED} sounds "
        f"{share:.0f} % are still heard right when they are shuffled, and guessing has 20 %."
    )


PITCH = Part("Audio: how the pitch moves", _application, _controls, _read, _below)
