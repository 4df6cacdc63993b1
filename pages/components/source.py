"""A component's JavaScript and CSS, from the folder its Python stands in."""

from pathlib import Path

_HERE = Path(__file__).parent


def source(name: str) -> str:
    """The text of a file such as "draw_pad/draw_pad.js"."""
    return (_HERE / name).read_text(encoding="utf-8")
