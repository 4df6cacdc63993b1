"""A lesson on one sheet of paper: a page of its own that a browser prints, or saves as PDF."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_STYLE = """
@page { size: A4; margin: 12mm 16mm }
body { font: 10pt/1.35 system-ui, 'DejaVu Sans', sans-serif; color: #1a1c2b; max-width: 178mm; margin: 0 auto }
h1 { font-size: 17pt; margin: 0 0 2mm } h2 { font-size: 11.5pt; margin: 4mm 0 1mm }
p { margin: 0 0 2mm } ul { list-style: none; padding: 0; margin: 0 }
li::before { content: "\\2610\\00a0\\00a0" }
.space { border-bottom: 1px solid #868b9d; height: 9mm }
img { display: block; max-width: 100%; max-height: 38mm; margin: 2mm auto }
pre { font: 7pt/1.25 'DejaVu Sans Mono', monospace; background: #f5f6f9; padding: 2mm; margin: 0 0 2mm; white-space: pre-wrap; break-inside: avoid }
.small { font-size: 8.5pt; color: #646b80 }
"""  # noqa: E501


@dataclass(frozen=True)
class Handout:
    """What stands on the sheet. Texts may have **bold**, *emphasis* and `code`; anything else in
    them is text. language: of the texts, as "en". options: to be ticked. sections: headings and
    texts. picture: a PNG, b"" for none. code, printed: "" for none. foot: the last line.
    """

    language: str
    title: str
    setup: str
    space: str
    options: Sequence[str] = ()
    sections: Sequence[tuple[str, str]] = ()
    picture: bytes = b""
    code: str = ""
    printed: str = ""
    foot: str = ""


def page(sheet: Handout) -> str:
    """The sheet as HTML with everything in it: no scripts, and nothing is fetched."""
    options = "".join(f"<li>{marked(option)}</li>" for option in sheet.options)
    picture = base64.b64encode(sheet.picture).decode()
    parts = [
        f"<h1>{marked(sheet.title)}</h1><p>{marked(sheet.setup)}</p>",
        f"<ul>{options}</ul>" if options else "",
        f'<p class="small">{marked(sheet.space)}</p><div class="space"></div>',
        f'<img alt="" src="data:image/png;base64,{picture}">' if picture else "",
        *(f"<h2>{marked(head)}</h2><p>{marked(text)}</p>" for head, text in sheet.sections),
        *(f"<pre>{escape(text)}</pre>" for text in (sheet.code, sheet.printed) if text),
        f'<p class="small">{marked(sheet.foot)}</p>',
    ]
    head = f'<meta charset="utf-8"><title>{escape(sheet.title)}</title><style>{_STYLE}</style>'
    body = "".join(parts)
    return (
        f'<!doctype html><html lang="{escape(sheet.language)}"><head>{head}</head>'
        f"<body>{body}</body></html>"
    )


def marked(text: str) -> str:
    """A text as HTML: `code`, **bold** and *emphasis*, and all else escaped."""
    pieces = re.split(r"`([^`]*)`", text)  # every second one is code
    return "".join(
        f"<code>{escape(piece)}</code>" if k % 2 else _emphasised(escape(piece))
        for k, piece in enumerate(pieces)
    )


def _emphasised(text: str) -> str:
    bold = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", text)
    return re.sub(r"\*(.+?)\*", r"<em>\1</em>", bold)
