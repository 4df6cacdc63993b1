"""Which folder may import which: down only, and no page what belongs to another page."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BASE = frozenset(f"seqviz.{name}" for name in ("types", "limits", "errors", "labels", "indices"))
"""Modules beside the folders of seqviz, which stand on each other alone."""
STANDS_ON = {
    "seqviz.data": set(),
    "seqviz.rnn": {"seqviz.data"},
    "seqviz.weights": {"seqviz.rnn"},
    "seqviz.analysis": {"seqviz.rnn"},
    "seqviz.figures": {"seqviz.analysis"},
    "seqviz.export": {"seqviz.figures"},
    "seqviz.training": {"seqviz.rnn"},
    "seqviz.applications": {"seqviz.training"},
    "seqviz.lessons": {"seqviz.analysis", "seqviz.applications"},
    "pages.words": set(),
    "pages.state": {"seqviz.export", "seqviz.weights", "seqviz.lessons", "pages.words"},
    "pages.components": {"seqviz.export"},
    "pages.panels.shared": {"pages.state", "pages.components"},
    "pages.navigation": {"pages.panels.shared"},
}
PAGES = ("explore", "compare", "memory", "train", "uses", "learn")


def folder_of(module: str) -> str:
    """The part of the house a module stands in: the first two names, of panels three."""
    return ".".join(module.split(".")[: 3 if module.startswith("pages.panels.") else 2])


def below(folder: str) -> set[str]:
    """Every folder this one may import from."""
    if folder.startswith("pages.panels.") and folder != "pages.panels.shared":
        stands_on = {"pages.panels.shared"}  # the panels of a page
    elif folder.removeprefix("pages.") in PAGES:
        stands_on = {f"pages.panels.{folder.removeprefix('pages.')}", "pages.panels.shared"}
    else:
        stands_on = STANDS_ON[folder]
    return stands_on.union(*(below(under) for under in stands_on))


def imports_of(path: Path) -> set[str]:
    """The parts of the house that a file imports, inside of functions too."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0 and node.module, f"{path}: imports are written in full"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    return {folder_of(name) for name in names if name.startswith(("seqviz.", "pages."))}


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {
    module: path
    for top in ("seqviz", "pages")
    for path in sorted((ROOT / top).rglob("*.py"))
    if (module := module_of(path)).count(".")
}


@pytest.mark.parametrize("module", MODULES)
def test_a_file_imports_only_what_its_folder_stands_on(module):
    folder = folder_of(module)
    if folder in BASE or folder == "pages.panels":
        allowed = set(BASE)
    else:
        allowed = below(folder) | {folder} | BASE
    assert imports_of(MODULES[module]) <= allowed


def test_every_folder_has_its_place():
    folders = {folder_of(module) for module in MODULES}
    pages = {f"pages.{page}" for page in PAGES} | {f"pages.panels.{page}" for page in PAGES}
    others = {"pages.panels", "pages.navigation"}
    assert folders <= set(STANDS_ON) | BASE | pages | others
    assert {"seqviz.data", "seqviz.export", "pages.state", *pages} <= folders


def test_seqviz_itself_never_looks_up():
    assert {name.split(".")[0] for name in imports_of(ROOT / "seqviz" / "__init__.py")} == {
        "seqviz"
    }


def test_a_forbidden_import_would_be_found(tmp_path):
    file = tmp_path / "x.py"
    file.write_text("def f():\n    from pages.panels.explore import feed\n")
    assert not imports_of(file) <= below("pages.memory")
