"""Scripts that the browser fetches once: what a component is given as `js=` comes with every run.

Streamlit's own way for this, a component with an asset_dir, is for installed packages alone.
"""

from __future__ import annotations

import hashlib

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pages.components.source import bundle, source

_FOREVER = "public, max-age=31536000, immutable"
_scripts: dict[str, str] = {}  # by name, what ROUTES answer with


def fetched(name: str, entry: str) -> str:
    """JavaScript for a component's `js=` that loads another from this server.

    name: a word, for the address. entry: as `bundle` has it. The address holds a digest of the
    text: a browser keeps it for good, and fetches another one when the app has changed.
    """
    text = _scripts[name] = bundle(entry)
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    address = f'appAddress("scripts/{name}.js?{digest}")'
    return (
        f"{source('player/address.js')}\n"
        f"const {{ default: mount }} = await import({address})\n"
        "export default mount\n"
    )


async def _send(request: Request) -> Response:
    text = _scripts.get(request.path_params["name"])
    if text is None:
        return Response("There is no such script.", status_code=404)
    return Response(text, media_type="text/javascript", headers={"Cache-Control": _FOREVER})


ROUTES = (Route("/scripts/{name}.js", _send),)
