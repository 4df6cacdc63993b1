"""Modules of JavaScript reach the browser as one text, or not at all."""

import pytest

from pages.components.source import bundle, source

ENTRY = 'import { half } from "./numbers.js"\n\nexport default function show() { return half(4) }\n'
NUMBERS = "const TWO = 2\n\nexport function half(x) { return x / TWO }\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "entry.js").write_text(ENTRY)
    (tmp_path / "numbers.js").write_text(NUMBERS)
    return tmp_path


def write(folder, **texts):
    for name, text in texts.items():
        (folder / f"{name}.js").write_text(text)


def test_a_module_stands_after_what_it_imports(folder):
    assert bundle("entry.js", folder) == (
        "const TWO=2\nfunction half(x){return x/TWO}\n"
        "export default function show(){return half(4)}"
    )


def test_a_module_imported_twice_stands_once(folder):
    write(
        folder,
        entry='import { a } from "./a.js"\nimport { half, third } from "./numbers.js"\n',
        a='import { half } from "./numbers.js"\nexport const a = half(2)\n',
        numbers=NUMBERS + "export class third {}\n",
    )
    assert bundle("entry.js", folder).count("function half") == 1


def test_only_the_entry_keeps_its_default(folder):
    write(folder, start='import show from "./entry.js"\n\nshow()\n')
    text = bundle("start.js", folder)
    assert "export" not in text and "import" not in text
    assert text.endswith("function show(){return half(4)}\nshow()")


@pytest.mark.parametrize(
    ("module", "says"),
    [
        ("export const half = 1\nexport const TWO = 2\nfunction show() {}", "both declare show"),
        ("const half = 1", "does not export it"),
        ("export default function half() {}", "does not export it"),
        ('import { half } from "./entry.js"\nexport const half = 1', "import each other"),
        ('import { half as third } from "./other.js"', "line 1: write this"),
        ('import * as other from "./other.js"', "line 1: write this"),
        ('import "./other.js"', "line 1: write this"),
        ('import {\n  half,\n} from "./other.js"', "line 1: write this"),
        ('import { half } from "https://example.org/other.js"', "line 1: write this"),
        ("const half = 1\nexport { half }", "line 2: write this"),
        ('export * from "./other.js"', "line 1: write this"),
        ("export default () => 1", "line 1: write this"),
        ("function* half() {}", "line 1: write this"),
        ("\nconst [half, third] = [1, 2]", "line 2: write this"),
    ],
)
def test_what_it_does_not_understand_is_refused(folder, module, says):
    write(folder, numbers=module)
    with pytest.raises(ValueError, match=says):
        bundle("entry.js", folder)


def test_the_players_text_exports_one_function():
    lines = bundle("player/player.js").splitlines()
    ours = [line for line in lines if line.startswith(("import", "export"))]
    assert len(ours) == 1 and ours[0].startswith("export default function mount(")


def test_comments_and_spaces_stay_here(folder):
    said = """// A module.
export default function f(x) { // does it, "so"
  const url = "http://host/a // b" // where it is
  //
  return `${x} // y  z` + /\\/\\/ "/.test(url) // back
}
"""
    write(folder, said=said)
    assert bundle("said.js", folder) == (
        'export default function f(x){const url="http://host/a // b"\n'
        'return`${x} // y  z`+/\\/\\/ "/.test(url)}'
    )


def test_a_template_in_a_template_is_refused(folder):
    write(folder, said='export const text = (a) => `a${a ? ` (${a}, b)` : ""}`\n')
    with pytest.raises(ValueError, match="inside another"):
        bundle("said.js", folder)


def test_styles_are_compact():
    text = source("player/player.css")
    assert "/*" not in text and " {" not in text
    assert "calc(100% - 7em)" in text  # where a space counts it stays
