"""README is tested by doing what it says: its code, its commands, its files, its limits."""

import io
import re
import runpy
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
import safetensors.torch
import soundfile
import torch
from PIL import Image
from refusals import refused
from streamlit.testing.v1 import AppTest
from torch import nn
from workbooks import xlsx

from pages.components.player.frame import packed
from pages.components.player.standalone import standalone
from pages.panels.uses.parts import PARTS
from seqviz import RNNSpec, build, generate, trace
from seqviz.applications.__main__ import table
from seqviz.applications.recorded_scores import recorded
from seqviz.applications.registry import APPLICATIONS
from seqviz.data.audio import Recording, frames
from seqviz.data.generators import SOURCES
from seqviz.data.readers.files import EXTENSIONS, read
from seqviz.data.table import Table, Text
from seqviz.data.table_selection import select
from seqviz.data.text import one_hot
from seqviz.export import animation, pytorch_script, tables
from seqviz.rnn.cost import affordable_steps, cost
from seqviz.rnn.model import num_parameters
from seqviz.training.tasks import TASKS
from seqviz.weights.files import read_weights
from seqviz.weights.recurrent_layers import find, to_module

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PLAIN = README.replace("*", "").replace("`", "")


def blocks(language):
    """What stands between fences of this language."""
    every = re.findall(r"^```(\w*)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    return [inside for named, inside in every if named == language]


def section(title):
    """The text of one section, without its marks of emphasis, on one line."""
    (text,) = re.findall(rf"^## {title}\n(.*?)(?=^## |\Z)", PLAIN, re.MULTILINE | re.DOTALL)
    return " ".join(text.split())


def promised(text, pattern):
    """The number README gives where the pattern has its group."""
    (number,) = re.findall(pattern, text)
    return float(number.replace(",", ""))


def missing(names, text):
    """The names that do not stand in text as whole words; a sentence may begin with one."""
    return [
        name
        for name in names
        if not re.search(rf"(?<!\w)(?i:{re.escape(name[0])}){re.escape(name[1:])}(?!\w)", text)
    ]


def done(*command, cwd=ROOT):
    """The output of a command that has to succeed."""
    ended = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


# ---- the notebook --------------------------------------------------------------------------------


def test_the_notebook_runs(monkeypatch, capsys):
    figures = []
    monkeypatch.setattr(go.Figure, "show", lambda figure, **options: figures.append(figure))
    code, _ = blocks("python")
    assert len(code.splitlines()) <= 9
    names = {}
    exec(compile(code, "README.md", "exec"), names)
    assert names["trace"].h.shape == (2, 1, 60, 16)
    assert capsys.readouterr().out == "(2, 1, 60, 16) (2, 1, 60, 16)\n"
    still, moving = figures
    assert not still.frames and len(moving.frames) == 61


def test_the_notebook_that_trains_runs(monkeypatch, capsys):
    figures = []
    monkeypatch.setattr(go.Figure, "show", lambda figure, **options: figures.append(figure))
    _, code = blocks("python")
    code, shortened = re.subn("iterations=1500", "iterations=40", code)
    assert shortened == 1
    names = {}
    exec(compile(code, "README.md", "exec"), names)
    assert names["run"].loss.shape == (40,) and names["trace"].prediction.shape == (50, 1)
    assert len(figures[0].frames) == 41
    printed = capsys.readouterr().out
    assert missing(names["seqviz"].TASKS, printed) == []


# ---- commands ------------------------------------------------------------------------------------


def test_the_first_screen_starts_the_app_and_the_checks():
    first_screen = README.split("\n## ")[0]
    start, checks = (block for block in blocks("sh") if block in first_screen)
    make_venv, install, run_app = start.strip().split(" && ")
    assert make_venv == "python3 -m venv .venv" and "usage" in done(
        sys.executable, "-m", "venv", "-h"
    )
    requirements = install.removeprefix(".venv/bin/pip install -r ")
    done(sys.executable, "-m", "pip", "install", "--dry-run", "--no-index", "-r", requirements)
    streamlit, *arguments = run_app.split()
    assert streamlit == ".venv/bin/streamlit" and arguments == ["run", "app.py"]
    done(sys.executable, "-m", "streamlit", *arguments, "--help")
    assert checks == "python3 tests/run.py\n"


def test_the_checks_are_tools_that_run():
    commands = []
    names = runpy.run_path(str(ROOT / "tests" / "run.py"))
    names["check"].__globals__["run"] = lambda *command, **how: commands.append(command) or 0
    assert names["check"](["tests/test_readme.py"]) == 0
    tools = sorted(command[2] for command in commands)
    assert tools == ["mypy", "pytest", "ruff", "ruff"]
    for tool in set(tools):
        assert done(sys.executable, "-m", tool, "--version")


def test_the_table_of_scores_is_what_was_measured_last():
    assert table({key: recorded(key) for key in APPLICATIONS}) in README


def test_the_benchmarks_say_which_there_are():
    (command,) = (block for block in blocks("sh") if "benchmarks" in block)
    script = command.strip().removeprefix(".venv/bin/python ")
    ended = subprocess.run(
        [sys.executable, script, "--help"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1 and "choose from" in ended.stderr
    named = ended.stderr.split("choose from ")[1].strip(" .\n").split(", ")
    assert "trace" in named
    assert [n for n in named if not (ROOT / script).with_name(f"bench_{n}.py").is_file()] == []


def test_the_film_can_be_made_again():
    (script,) = set(re.findall(r"tests/make_demo\.py", README))
    done(sys.executable, "-c", f"import {Path(script).stem}", cwd=(ROOT / script).parent)


def test_windows_has_the_same_commands():
    (windows,) = blocks("bat")
    start, checks = windows.strip().replace("\\", "/").splitlines()
    linux, tests = (block.strip() for block in blocks("sh")[:2])
    assert start.replace(".venv/Scripts/", ".venv/bin/").replace("py -m", "python3 -m") == linux
    assert checks.replace("py ", "python3 ") == tests


def test_links_lead_somewhere_and_the_map_to_folders():
    links = [
        link for link in re.findall(r"\]\(([^)\s]+)\)", README) if not link.startswith("https:")
    ]
    assert {"tests/demo/explore.gif", "LICENSE"} <= set(links)
    anchors = {f"#{title.lower().replace(' ', '-')}" for title in re.findall("## (.+)", README)}
    assert [link for link in links if link not in anchors and not (ROOT / link).is_file()] == []
    (chart,) = (block for block in blocks("") if "app.py" in block)
    paths = re.findall(r"^(?:  └─► )?([\w.]+/?) ", chart, re.MULTILINE)
    assert {"app.py", "pages/", "seqviz/", "tests/"} <= set(paths)
    assert [path for path in paths if not (ROOT / path).exists()] == []


# ---- files ---------------------------------------------------------------------------------------


def saved(write, *arguments, **options):
    stream = io.BytesIO()
    write(stream, *arguments, **options)
    return stream.getvalue()


ROWS = pd.DataFrame({"a": [1.0, 2.0, 4.0], "b": [0.5, 0.25, 0.125]})
TINY = {
    "CSV": ROWS.to_csv(index=False).encode(),
    "TSV": ROWS.to_csv(index=False, sep="\t").encode(),
    "JSON": ROWS.to_json(orient="records").encode(),
    "Parquet": saved(lambda file: ROWS.to_parquet(file)),
    "NPY": saved(np.save, ROWS.to_numpy()),
    "NPZ": saved(np.savez, x=ROWS.to_numpy()),
    "JSONL": ROWS.to_json(orient="records", lines=True).encode(),
    "XLSX": xlsx({"Sheet 1": [list(ROWS), *ROWS.to_numpy().tolist()]}),
    "TXT": b"to be or not to be",
    **{kind: saved(soundfile.write, np.zeros(8000), 8000, format=kind) for kind in ("WAV", "FLAC")},
    **{kind: saved(soundfile.write, np.zeros(8000), 8000, format=kind) for kind in ("OGG", "MP3")},
}


def test_a_file_of_each_ending_becomes_what_readme_says():
    numbers, text, sound = re.match(
        r"(.*?) become numbers, (.*?) becomes text or numbers, (.*?) become frames",
        section("Files you can upload"),
    ).groups()
    named = [kind for kind in TINY if not missing([kind], f"{numbers} {text} {sound}")]
    assert named == list(TINY) and {kind.lower() for kind in named} == set(EXTENSIONS)
    for kind, data in TINY.items():
        content = read(f"tiny.{kind.lower()}", data)
        if not missing([kind], numbers):
            assert isinstance(content, Table)
            np.testing.assert_array_equal(select(content, content.columns).x, ROWS)
        elif not missing([kind], text):
            assert isinstance(content, Text) and one_hot(content.text).kind == "text"
            assert isinstance(read("tiny.txt", b"1 2\n3 4\n"), Table)
        else:
            assert isinstance(content, Recording) and frames(content).kind == "audio"


def test_files_are_read_up_to_the_limits_and_refused_above():
    text = section("Files you can upload")
    size = int(promised(text, r"at most (\d+) MB") * 2**20)
    assert len(read("t.csv", b"1\n" * (size // 2))) == size // 2
    assert "MB" in refused(read, "t.csv", b"1\n" * (size // 2 + 1))
    steps, features = (int(promised(text, rf"([\d,]+) {what}")) for what in ("steps", "features"))
    names = tuple(f"x{k}" for k in range(features + 1))
    table = Table(names, np.zeros((steps + 1, features + 1)), None, "t.csv", "")
    assert select(table, names[:features], stop=steps).x.shape == (steps, features)
    assert f"{steps:,} steps" in refused(select, table, names[:features])
    assert f"at most {features}" in refused(select, table, names, stop=steps)
    seconds = int(promised(text, r"at most (\d+) seconds"))
    sound = saved(soundfile.write, np.zeros(1000 * (seconds + 1)), 1000, format="FLAC")
    assert "choose a start" in refused(read, "t.flac", sound)
    sound = saved(soundfile.write, np.zeros(1000 * seconds), 1000, format="FLAC")
    assert read("t.flac", sound).seconds == seconds


def test_dates_name_the_steps_up_to_that_many_rows():
    rows = int(promised(section("Files you can upload"), r"up to ([\d,]+) rows"))
    for count in (rows, rows + 1):
        frame = pd.DataFrame({"when": pd.date_range("2000-01-01", periods=count), "x": 0.0})
        labels = read("t.parquet", saved(lambda file, frame=frame: frame.to_parquet(file))).labels
        assert (labels is None) == (count > rows)


# ---- weights -------------------------------------------------------------------------------------


def test_a_state_dict_of_each_ending_runs():
    text = section("Your own weights")
    endings = re.search(r"as (safetensors, .*?) in the|as (safetensors, [\w, ]+? or \w+)\.", text)
    named = re.findall(r"\w+", next(filter(None, endings.groups())).replace(" or ", " "))
    assert named == ["safetensors", "pt", "pth", "bin", "npz"]
    model = nn.ModuleDict({"encoder": nn.ModuleDict({"rnn": nn.LSTM(2, 3, bidirectional=True)})})
    state = model.state_dict()
    x = torch.randn(5, 2)
    for ending in named:
        data = {
            "safetensors": lambda: safetensors.torch.save(state),
            "npz": lambda: saved(np.savez, **{k: v.numpy() for k, v in state.items()}),
        }.get(ending, lambda: saved(lambda file: torch.save(state, file)))()
        (module,) = find(read_weights(f"weights.{ending}", data).tensors).modules
        assert module.prefix == "encoder.rnn"  # README's encoder.rnn.weight_ih_l0
        assert torch.equal(to_module(module)(x)[0], model["encoder"]["rnn"](x)[0])
    half = {name: value.half() for name, value in state.items()}
    assert "float32" in read_weights("half.safetensors", safetensors.torch.save(half)).notes[0]


def test_weights_are_read_up_to_the_limits_and_refused_above():
    text = section("Your own weights")
    limit = int(promised(text, r"up to (\d+) MB") * 2**20)
    assert "64 MB" in refused(read_weights, "large.pt", bytes(limit + 1))
    layers, units = (int(promised(text, rf"([\d,]+) {what}")) for what in ("layers", "units"))
    for count, found in ((layers, 1), (layers + 1, 0)):
        assert len(find(nn.GRU(1, 1, count).state_dict()).modules) == found
    for count, found in ((units, 1), (units + 1, 0)):
        weights = {"weight_ih_l0": torch.zeros(count, 1), "weight_hh_l0": torch.zeros(count, count)}
        assert len(find(weights).modules) == found


def test_the_networks_it_names_fit_into_a_file_and_hardly_larger_ones_do():
    text = section("Your own weights").replace("\n", " ")
    pattern = r"LSTM, one layer of ([\d,]+) that reads ([\d,]+) features, or (\d+) of (\d+)\."
    (named,) = re.findall(pattern, text)
    units, features, layers, each = (int(number.replace(",", "")) for number in named)
    limit = int(promised(text, r"up to (\d+) MB")) * 10**6  # as browsers count
    for larger, fits in ((1, True), (1.05, False)):
        for spec in (
            RNNSpec("LSTM", int(features * larger), int(units * larger)),
            RNNSpec("LSTM", 1, int(each * larger), layers),
        ):
            assert (4 * num_parameters(spec) < limit) == fits


def test_a_long_sequence_is_cut_for_a_large_network_at_the_size_it_names():
    size = int(promised(section("Your own weights"), r"more than (\d+) MB")) * 2**20
    spec = RNNSpec("LSTM", 1, 128, 16)
    assert cost(spec, affordable_steps(spec)).size <= size < cost(spec, 2000).size


# ---- what one can do -----------------------------------------------------------------------------


def test_every_generator_is_named_and_makes_a_sequence():
    row = section("Explore").split("| Generate |")[1].split(" | Record |")[0]
    assert missing([source.label for source in SOURCES.values()], row) == []
    assert all(len(generate(key)) for key in SOURCES)


def test_every_export_is_what_readme_calls_it():
    text = section("Explore").split("Export takes it along:")[1].split("Code shows")[0]
    run = trace(build(RNNSpec("LSTM", 1, 2)), np.zeros((3, 1)))
    sequence, frame = generate("sine", steps=3), packed({"caption": ""}, [])
    exports = {
        "CSV": (tables.csv(run), b'"step","label"'),
        "Parquet": (tables.parquet(run), b"PAR1"),
        "NPZ": (tables.npz(run), b"PK"),
        "PNG": (animation.png(run, width=320), b"\x89PNG"),
        "GIF": (animation.gif(run, seconds=0.5, width=320), b"GIF89a"),
        "HTML": (standalone(frame, title="h", theme="light").encode(), b"<!doctype html>"),
        "safetensors": (tables.safetensors(run)[8:], b"{"),
        "Python": (pytorch_script.script(run.spec, sequence).encode(), b'"""nn.LSTM'),
    }
    assert missing(exports, text) == []
    for name, (data, start) in exports.items():
        assert data.lower().startswith(start.lower()), name


@pytest.fixture(scope="module")
def app():
    """The app after a first visit."""
    opened = AppTest.from_file(ROOT / "pages" / "navigation.py", default_timeout=60).run()
    assert not opened.exception
    return opened


@pytest.mark.parametrize("title", ["Explore", "Compare", "Memory"])
def test_every_choice_of_a_page_stands_in_its_section(app, title):
    app.switch_page(f"{title.lower()}.py").run()
    assert not app.exception
    choices = {one.label: list(one.options) for one in app.main.get("button_group")}
    choices.pop("Quantity", None)  # letters: h, c and the gates
    assert choices
    for label, options in choices.items():
        text = PLAIN if label == "Cell" else section(title)
        assert missing(options, text) == [], label


def test_every_task_and_button_of_train_stands_in_its_section():
    text = section("Train")
    assert missing([task.name for task in TASKS.values()], text) == []
    words = ["Train", "Pause", "Continue", "Stop", "Train longer", "Teach it", "Play training"]
    assert missing([*words, "Checkpoint", "Time step"], text) == []


def test_every_use_stands_in_its_section():
    text = section("Uses")
    names = [part.name for part in PARTS.values()]
    buttons = ["Train it yourself", "Open in Explore", "Write on", "Force a word"]
    assert missing([*names, *buttons], text) == []


def test_build_offers_what_explore_says(app):
    text = section("Explore")
    app.switch_page("explore.py").run()
    cells = next(one for one in app.sidebar.get("button_group") if one.label == "Cell")
    inits = next(one for one in app.sidebar.selectbox if one.label == "init")
    assert missing([*cells.options, *inits.options], text) == []
    ranges = {one.label: (one.min, one.max) for one in app.sidebar.slider}
    low, high = re.search(r"any hidden_size from (\d+) to (\d+)", text).groups()
    assert ranges["hidden_size"] == (int(low), int(high))
    low, high = re.search(r"(\d+) to (\d+) layers", text).groups()
    assert ranges["num_layers"] == (int(low), int(high))


# ---- the picture ---------------------------------------------------------------------------------


def test_the_picture_moves():
    picture = ROOT / "tests" / "demo" / "explore.gif"
    assert picture.stat().st_size < 3e6
    seconds, pictures = 0.0, set()
    with Image.open(picture) as film:
        assert film.format == "GIF" and film.info["loop"] == 0
        assert film.width == 900
        for k in range(film.n_frames):
            film.seek(k)
            seconds += film.info["duration"] / 1000
            pictures.add(film.convert("RGB").tobytes())
    assert len(pictures) > 50 and 5 < seconds <= 12
