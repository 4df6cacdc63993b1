"""What importing seqviz costs, and that it never looks up towards the pages."""

import subprocess
import sys

import seqviz


def modules_after(code):
    """The names in sys.modules of a fresh interpreter that ran code, warnings being errors."""
    script = f"import sys\n{code}\nprint(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_importing_seqviz_is_cheap():
    loaded = modules_after("import seqviz")
    assert "seqviz.rnn.tracing" in loaded
    heavy = {"streamlit", "pandas", "plotly", "pyarrow", "soundfile", "PIL", "pages"}
    assert not heavy & loaded


def test_no_module_of_seqviz_imports_streamlit_or_a_page():
    loaded = modules_after(
        "import importlib, pkgutil, seqviz\n"
        "for found in pkgutil.walk_packages(seqviz.__path__, 'seqviz.'):\n"
        "    importlib.import_module(found.name)"
    )
    assert {
        "seqviz.data.url_payload",
        "seqviz.data.readers.files",
        "seqviz.figures.summary",
    } <= loaded
    assert not {"streamlit", "pages"} & loaded


def test_everything_promised_is_there():
    assert sorted(seqviz.__all__) == list(seqviz.__all__)
    assert all(getattr(seqviz, name).__doc__ for name in seqviz.__all__)
    assert issubclass(seqviz.SeqvizError, ValueError)


def test_the_whole_way_in_four_lines():
    spec = seqviz.RNNSpec("LSTM", input_size=1, hidden_size=16, num_layers=2)
    trace = seqviz.trace(seqviz.build(spec), [[0.0], [1.0], [0.0]])
    assert trace.h.shape == (2, 1, 3, 16) and len(trace) == 3
    assert seqviz.constructor(spec) == "nn.LSTM(1, 16, num_layers=2)"
