"""What holds for every format: limits, names, damage, and values that come back as saved."""

from __future__ import annotations

import io
import json
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
import soundfile
from hypothesis import example, given, settings
from hypothesis import strategies as st
from refusals import at_most
from uploads import npy, npz, parquet, refused, table
from workbooks import xlsx

from seqviz.data.audio import Recording
from seqviz.data.readers.files import AUDIO, EXTENSIONS, read
from seqviz.data.readers.refused import INSTEAD
from seqviz.data.table import Table
from seqviz.errors import SeqvizError
from seqviz.limits import MAX_FILE_BYTES

nan = np.nan


def test_sound_goes_to_audio():
    for ending in AUDIO:
        stream = io.BytesIO()
        soundfile.write(stream, np.zeros(800), 8000, format=ending.upper())
        found = read(f"t.{ending}", stream.getvalue())
        assert isinstance(found, Recording) and found.seconds == 0.1


@pytest.mark.parametrize("name", ["noending", "", ".csv", "t.csv.exe", "x" * 999 + ".q"])
def test_other_endings_are_refused(name):
    assert "upload one of CSV, TSV, XLSX, JSON, JSONL, PARQUET, NPY, NPZ, TXT, WAV" in refused(
        name, b"1"
    )


@pytest.mark.parametrize(
    ("name", "instead"),
    [
        *(("voice.m4a", "save it as WAV or MP3"), ("heart.ts", "save a series as CSV")),
        *(("a.XLS", "save it as XLSX or CSV"), ("a.mp4", "save its sound as WAV or MP3")),
        *(("a.csv.gz", "unpack it"), ("a.pt", "Your own weights"), ("a.pdf", "as CSV")),
        *(("a.pkl", "may run code"), ("photo.jpg", "save the numbers it shows as CSV")),
    ],
)
def test_known_kinds_are_refused_with_what_to_do_instead(name, instead):
    sentence = refused(name, b"1")
    assert sentence.startswith(f"{name} ") and instead in sentence
    assert sentence.endswith(".") and sentence.count(":") == 1


def test_no_kind_is_read_and_refused():
    assert not set(EXTENSIONS) & set(INSTEAD)


@pytest.mark.parametrize("ending", EXTENSIONS)
def test_empty_and_large_files_are_refused(ending):
    assert "is empty" in refused(f"t.{ending}", b"")
    large = bytes(MAX_FILE_BYTES + 9999)
    with at_most(1):
        assert "is 5.01 MB and at most 5 MB" in refused(f"t.{ending}", large)


def test_names_are_shown_short_and_on_one_line():
    found = table("a\nb\u202e" + "c" * 300 + ".csv", "1")
    assert len(found.name) == 60 and "\n" not in found.name and "\u202e" not in found.name
    head = "x" * 500
    assert len(table("t.csv", f"{head},{head}\n1,2\n").columns[0]) == 60


def _wav() -> bytes:
    stream = io.BytesIO()
    soundfile.write(stream, np.linspace(-1, 1, 200), 8000, format="WAV")
    return stream.getvalue()


WHOLE = {
    "csv": b'day,x,y\n2024-01-01,1,"2"\n2024-01-02,3,4\n',
    "tsv": b"a\tb\n1,5\t2\n3\t4\n",
    "json": b'[{"a": 1, "b": "x"}, {"a": 2.5, "b": "y"}]',
    "jsonl": b'{"a": 1, "b": "x"}\n{"a": 2.5, "b": "y"}\n',
    "xlsx": xlsx({"S": [["a", "b"], [1, 2], [3, 4]]}),
    "txt": b"1 2 3\n4 5 6\n",
    "npy": npy(np.eye(3)),
    "npz": npz(a=np.eye(3), b=np.arange(4)),
    "parquet": parquet({"x": np.arange(100.0), "s": ["word"] * 100}),
    "wav": _wav(),
}


def survives(name: str, data: bytes) -> None:
    """Only a valid result or a SeqvizError of one line, within bounded memory."""
    with at_most(60):
        try:
            found = read(name, data)
        except SeqvizError as error:
            assert "\n" not in str(error)
            return
    if isinstance(found, Table):
        assert len(found) and found.columns and len(set(found.columns)) == len(found.columns)
        assert found.labels is None or len(found.labels) == len(found)
    assert found.description


@settings(max_examples=150)
@given(ending=st.sampled_from(EXTENSIONS), data=st.binary(max_size=300))
def test_random_bytes_under_any_ending(ending, data):
    survives(f"t.{ending}", data)


@settings(max_examples=150)
@given(
    ending=st.sampled_from(["csv", "tsv", "json", "txt"]),
    data=st.text(alphabet="0123456789.,;|\t \n\r\"'#[]{}:eE+-naifTrue/é🙂\u2028\x00", max_size=80),
)
def test_random_characters_under_any_ending(ending, data):
    survives(f"t.{ending}", data.encode())


@example(ending="parquet", flips=[(1896, 1)], cut=1184)  # a footer whose rows no page has
@settings(max_examples=300)
@given(
    ending=st.sampled_from(sorted(WHOLE)),
    flips=st.lists(st.tuples(st.integers(0, 2000), st.integers(1, 255)), max_size=5),
    cut=st.integers(1, 3000),
)
def test_damaged_files(ending, flips, cut):
    data = bytearray(WHOLE[ending])
    for at, change in flips:
        data[at % len(data)] ^= change
    survives(f"t.{ending}", bytes(data[:cut]))


@settings(max_examples=30)
@given(
    values=st.lists(
        st.lists(st.floats(-(2.0**99), 2.0**99, width=32), min_size=2, max_size=2),
        min_size=2,
        max_size=9,
    )
)
def test_every_format_reads_back_what_was_saved(values):
    frame = pd.DataFrame(values, columns=["a", "b"])
    stream = io.BytesIO()
    frame.to_parquet(stream)
    saved = {
        "csv": frame.to_csv(index=False).encode(),
        "tsv": frame.to_csv(index=False, sep="\t", decimal=",").encode(),
        "json": json.dumps(frame.to_dict("list")).encode(),
        "jsonl": "\n".join(map(json.dumps, frame.to_dict("records"))).encode(),
        "xlsx": xlsx({"S": [["a", "b"], *frame.to_numpy().tolist()]}),
        "txt": frame.to_csv(index=False, header=False, sep=" ").encode(),
        "npy": npy(frame.to_numpy()),
        "npz": npz(x=frame.to_numpy()),
        "parquet": stream.getvalue(),
    }
    for ending, data in saved.items():
        found = table(f"t.{ending}", data)
        np.testing.assert_allclose(found.values, frame.to_numpy(), rtol=1e-15)


def test_importing_the_readers_stays_cheap():
    heavy = "{'pandas', 'pyarrow', 'python_calamine', 'soundfile', 'streamlit'}"
    code = f"import sys, seqviz.data.readers.files; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
