"""A component's JavaScript and CSS, from the folder its Python stands in.

Two things cost more than they look. Sequences that a component is given as `data=` go as tuples:
Streamlit looks at each list for a table, with pandas, and that takes as long as three widgets. And
a component whose data never changes on a page has no key: for each one with a key Streamlit makes a
class whenever it draws a number box or a menu.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from pathlib import Path

from rcssmin import cssmin
from rjsmin import jsmin

_HERE = Path(__file__).parent
_IMPORT = re.compile(r'import (?:\{ (\w+(?:, \w+)*) \}|(\w+)) from "(\.{1,2}/(?:\w+/)?\w+\.js)"')
_DECLARATION = re.compile(
    r"(?:export (default )?)?(?:async function|function|class|const|let) (\w+)\b"
)

_UNKNOWN = re.compile(r"(?:import|export|async|function|class|const|let|var)\b")
_TEMPLATE = re.compile(r"`[^`]*`")


def source(name: str) -> str:
    """The text of a file such as "draw_pad/draw_pad.css", compact."""
    text = (_HERE / name).read_text(encoding="utf-8")
    if name.endswith(".css"):
        # A rule a line: a text of one line could be the name of a file for Streamlit.
        return str(cssmin(text)).replace("}", "}\n")
    return _compact(text)


def _compact(javascript: str) -> str:
    """The same without comments and spaces: a quarter of what a first visit has to load of it.

    Raises ValueError on a template literal inside another, which rjsmin would spoil.
    """
    compact = str(jsmin(javascript))
    for literal in _TEMPLATE.findall(compact):
        if literal.rfind("${") > literal.rfind("}"):
            raise ValueError(f"Write this without a template literal inside another: {literal}")
    return compact


def bundle(entry: str, folder: Path = _HERE) -> str:
    """A module of JavaScript with all it imports, in one compact text: Streamlit's `js=` takes no
    more.

    entry: a file such as "player/player.js". A module stands once, after those it imports and
    without the words import and export; only the entry keeps its `export default`. Since all of
    them then share one scope, a name may be declared at the top of one module only.

    An import is a line `import { a, b } from "./x.js"`, or `import a from "./x.js"` for a default,
    of a file here or in another folder (`"../player/x.js"`), an export a declaration that begins
    with the word. Raises ValueError on any other form, on a template literal inside another, on a
    name that its module does not export, on a name declared twice, and on modules in a circle.
    """
    path = folder / entry
    modules: dict[str, _Module] = {}
    _collect(path.parent, path.name, modules, ())
    _check_names(modules)
    return _compact(
        "\n".join(module.text(entry=name == path.name) for name, module in modules.items())
    )


@dataclass
class _Module:
    """One file. imports: what it wants of which file. lines: all but its imports.

    In imports and exported, "default " stands before the name of a default.
    """

    imports: dict[str, set[str]] = field(default_factory=dict)
    declared: list[str] = field(default_factory=list)
    exported: set[str] = field(default_factory=set)
    lines: list[str] = field(default_factory=list)

    def text(self, *, entry: bool) -> str:
        """The lines without imports and exports, of which an entry keeps its default."""
        words = r"^export (?!default )" if entry else r"^export (?:default )?"
        return re.sub(words, "", "".join(self.lines), flags=re.MULTILINE)


def _collect(
    folder: Path, name: str, modules: dict[str, _Module], importers: tuple[str, ...]
) -> None:
    """Add a module to modules after those it imports."""
    if name in importers:
        raise ValueError(f"These modules import each other: {' -> '.join((*importers, name))}.")
    if name in modules:
        return
    module = _parse(name, (folder / name).read_text(encoding="utf-8"))
    for imported, names in module.imports.items():
        _collect(folder, imported, modules, (*importers, name))
        if missing := names - modules[imported].exported:
            lost = ", ".join(sorted(missing))
            raise ValueError(f"{name} imports {lost} from {imported}, which does not export it.")
    modules[name] = module


def _parse(name: str, text: str) -> _Module:
    module = _Module()
    for number, line in enumerate(text.splitlines(keepends=True), start=1):
        if found := _IMPORT.fullmatch(line.rstrip()):
            names, default, path = found.groups()
            imported = posixpath.normpath(posixpath.join(posixpath.dirname(name), path))
            wanted = set(names.split(", ")) if names else {f"default {default}"}
            module.imports.setdefault(imported, set()).update(wanted)
            continue
        if found := _DECLARATION.match(line):
            default, declared = found.groups()
            module.declared.append(declared)
            if line.startswith("export"):
                module.exported.add(f"{default or ''}{declared}")
        elif _UNKNOWN.match(line):
            raise ValueError(f"{name}, line {number}: write this in a form bundle knows: {line}")
        module.lines.append(line)
    return module


def _check_names(modules: dict[str, _Module]) -> None:
    owners: dict[str, str] = {}
    for name, module in modules.items():
        for declared in module.declared:
            if declared in owners:
                raise ValueError(
                    f"{owners[declared]} and {name} both declare {declared}: rename one."
                )
            owners[declared] = name
