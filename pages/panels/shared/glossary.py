"""Every page's help, and the words that the browser fetches when somebody asks for them."""

from __future__ import annotations

from functools import lru_cache

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pages.components.page_help.component import page_help
from pages.state.session import Session
from pages.words.glossary import GLOSSARY, on_page
from pages.words.texts import LANGUAGES, texts
from seqviz.figures.glossary.pictures import picture

_LOOKED_AT = {"": "explore", "compare": "compare", "memory": "memory", "train": "train"}
"""The key of "What am I looking at?" by a page's path."""


def help_on(session: Session, path: str) -> None:
    """The two buttons of a page. path: in the address."""
    language = session.settings.language
    words = texts(language)
    about = words(f"looking.{_LOOKED_AT[path]}") if path in _LOOKED_AT else ""
    page_help(
        path or "explore",
        words=on_page(path),
        address=f"glossary/{language}/{{theme}}",
        about=about,
        says={key: words(f"help.{key}") for key in words.keys("help")},
    )


@lru_cache
def explanations(language: str, theme: str) -> dict[str, dict[str, str]]:
    """Of every word: how it is written, what it means, its line in PyTorch, and a picture."""
    words = texts(language)
    return {
        name: {
            "word": words(f"glossary.{name}.word"),
            "means": words(f"glossary.{name}.means"),
            "code": word.code,
            "picture": picture(name, theme),
        }
        for name, word in GLOSSARY.items()
    }


async def _send(request: Request) -> Response:
    language, theme = request.path_params["language"], request.path_params["theme"]
    if language not in LANGUAGES or theme not in ("light", "dark"):
        return Response("There is no such glossary.", status_code=404)
    return JSONResponse(explanations(language, theme))


ROUTES = (Route("/glossary/{language}/{theme}", _send),)
