"""The player as one file: a page that plays by itself wherever it is opened, and loads nothing."""

from __future__ import annotations

import base64
from html import escape

from pages.components.source import bundle, source
from seqviz.errors import SeqvizError
from seqviz.figures import palette

_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>{title}</title>
<style>
:root {{ color-scheme: {theme}; {variables} }}
{css}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
<div class="player" role="group" aria-label="Player"></div>
</main>
<noscript>This page needs JavaScript.</noscript>
<script id="frame" type="application/octet-stream">{frame}</script>
<script type="module">
{javascript}
</script>
</body>
</html>
"""
_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'"
)


def standalone(frame: bytes, *, title: str, theme: str) -> str:
    """One HTML file with the player, its bytes inside: it plays once and needs no server.

    frame: what `frame` gives, without a channel. title: of the page, and above the player. theme:
    "light" or "dark". Nothing in the file can load from elsewhere, and no text of the frame can
    become markup, since the bytes are base64.

    Raises SeqvizError for another theme.
    """
    if theme not in palette.BACKGROUND:
        raise SeqvizError(f"Unknown theme {theme!r}: choose light or dark.")
    return _PAGE.format(
        policy=_POLICY,
        title=escape(title),
        theme=theme,
        variables=" ".join(f"{name}: {value};" for name, value in _variables(theme).items()),
        css=source("player/standalone.css") + source("player/player.css"),
        frame=base64.b64encode(frame).decode(),
        javascript=bundle("player/standalone.js"),
    )


def _variables(theme: str) -> dict[str, str]:
    """What Streamlit tells a component of the theme in .streamlit/config.toml."""
    return {
        "--st-text-color": palette.INK[theme],
        "--st-background-color": palette.BACKGROUND[theme],
        "--st-primary-color": palette.ACCENT[theme],
        "--st-border-color": palette.LINE[theme],
        "--st-font": 'system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif',
        "--st-base-radius": "8px",
        "--st-button-radius": "8px",
    }
