"""What is documented is true: README's code runs, and it names everything the app offers."""

import re
from pathlib import Path

import plotly.graph_objects as go
import pytest
from PIL import Image

from pages.panels.explore import inspect_cell, watch
from pages.panels.explore.feed import FEEDS
from pages.panels.explore.own_weights import MAX_MEGABYTES, TYPES
from pages.panels.shared.build import CELLS, INITS
from pages.state import schema
from seqviz.data import audio, generators
from seqviz.data.readers import files as readers
from seqviz.weights import recurrent_layers

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PLAIN = README.replace("*", "").replace("`", "")
KEYS = {
    " ": "Space",
    "ArrowLeft": "←",
    "ArrowRight": "→",
    "ArrowUp": "↑",
    "ArrowDown": "↓",
    "Home": "Home",
    "End": "End",
}


def blocks(language):
    """What stands between fences of this language."""
    every = re.findall(r"^```(\w*)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    return [inside for named, inside in every if named == language]


def section(title):
    """The text of one section, without its marks of emphasis."""
    (found,) = re.findall(rf"^## {title}\n(.*?)(?=^## |\Z)", PLAIN, re.MULTILINE | re.DOTALL)
    return found


def source(path):
    return (ROOT / path).read_text(encoding="utf-8")


def missing(names, text):
    """The names that do not stand in text as whole words; a sentence may begin with one."""
    return [name for name in names if not re.search(rf"(?<!\w){_either_case(name)}(?!\w)", text)]


def _either_case(name):
    rest = re.escape(name[1:])
    return f"(?i:{re.escape(name[0])}){rest}" if rest else re.escape(name)


def test_the_notebook_runs(monkeypatch, capsys):
    shown = []
    monkeypatch.setattr(go.Figure, "show", lambda figure: shown.append(figure))
    (code,) = blocks("python")
    assert len(code.splitlines()) <= 9
    names = {}
    exec(compile(code, "README.md", "exec"), names)
    assert names["trace"].h.shape == (2, 1, 60, 16)
    assert capsys.readouterr().out == "(2, 1, 60, 16) (2, 1, 60, 16)\n"
    still, moving = shown
    assert not still.frames and len(moving.frames) == 61


def test_both_commands_stand_before_the_first_section():
    first_screen = README.split("\n## ")[0]
    start = (
        "python3 -m venv .venv && .venv/bin/pip install -r requirements.txt && "
        ".venv/bin/streamlit run app.py\n"
    )
    assert start in blocks("sh") and start in first_screen
    assert "python3 tests/run.py\n" in blocks("sh") and "python3 tests/run.py" in first_screen


def test_links_and_commands_lead_to_files():
    links = [
        link for link in re.findall(r"\]\(([^)\s]+)\)", README) if not link.startswith("https:")
    ]
    assert {"tests/demo/explore.gif", "LICENSE"} <= set(links)
    anchors = {f"#{title.lower().replace(' ', '-')}" for title in re.findall("## (.+)", README)}
    lost = [link for link in links if link not in anchors and not (ROOT / link).is_file()]
    lost += [
        path for path in re.findall(r"\btests/[\w/]+\.py\b", README) if not (ROOT / path).is_file()
    ]
    assert lost == []


def test_the_map_names_folders_and_pages():
    (chart,) = (block for block in blocks("") if "app.py" in block)
    for path in ("app.py", "pages/", "seqviz/", "tests/"):
        assert path in chart and (ROOT / path).exists()
    files = re.findall(r'st\.Page\(\s*"(\w+\.py)"', source("pages/navigation.py"))
    assert files and not missing(files, chart)


def test_every_page_has_its_section():
    titles = re.findall(r'\btitle="(\w+)"', source("pages/navigation.py"))
    assert {"Explore", "Compare", "Memory"} <= set(titles)
    assert all(section(title) for title in titles)


@pytest.mark.parametrize(
    "names",
    [
        CELLS.values(),
        INITS.values(),
        FEEDS.values(),
        [name.partition(" ")[0] for name in watch.NAMES.values()],
        inspect_cell.VIEWS.values(),
        [source.label for source in generators.SOURCES.values()],
    ],
    ids=["cells", "inits", "feeds", "quantities", "views", "generators"],
)
def test_explore_names_every(names):
    assert len(names) > 3
    assert not missing(names, section("Explore"))


def test_explore_names_every_export():
    formats = re.findall(r'_button\(\s*"(\w+)"', source("pages/panels/explore/export.py"))
    assert len(formats) == 8
    assert not missing(formats, section("Explore"))


def test_the_table_of_keys_is_the_players():
    pressed = set(
        re.findall(r'event\.key === "([^"]+)"', source("pages/components/player/player_reading.js"))
    )
    named = re.findall(r"^\| ([^|]+) \|", section("Explore").split("| Key |")[1], re.MULTILINE)
    assert {KEYS[key] for key in pressed} == set(" ".join(named).split())


def test_compare_and_memory_name_all_they_do():
    assert not missing(schema.PRESETS, section("Compare"))
    assert not missing(schema.MEASURES, section("Memory"))


def test_upload_formats_and_limits():
    text = section("Files you can upload")
    assert not missing([ending.upper() for ending in readers.EXTENSIONS], text.upper())
    limits = (
        f"{readers.MAX_BYTES // 2**20} MB",
        f"{readers.MAX_STEPS:,} steps",
        f"{readers.MAX_FEATURES} features",
        f"{audio.MAX_SECONDS:g} seconds",
    )
    assert not missing(limits, text)


def test_weights_formats_and_limits():
    text = section("Your own weights")
    assert not missing(TYPES, text)
    limits = (
        f"{MAX_MEGABYTES} MB",
        f"{recurrent_layers.MAX_LAYERS} layers",
        f"{recurrent_layers.MAX_HIDDEN_SIZE:,} units",
    )
    assert not missing(limits, text)
    assert not missing(
        (f"1 to {schema.MAX_HIDDEN_SIZE}", f"1 to {schema.MAX_LAYERS} layers"), section("Explore")
    )


def test_the_picture_moves():
    picture = ROOT / "tests" / "demo" / "explore.gif"
    assert picture.stat().st_size < 3e6
    seconds, frames = 0.0, set()
    with Image.open(picture) as film:
        assert film.format == "GIF" and film.info["loop"] == 0
        assert film.width == 900
        for k in range(film.n_frames):
            film.seek(k)
            seconds += film.info["duration"] / 1000
            frames.add(film.convert("RGB").tobytes())
    assert len(frames) > 50 and 5 < seconds <= 12
