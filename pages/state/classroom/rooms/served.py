"""The routes of a room: phones answer here, with no run of the page.

GET  /rooms/{code}          what is asked, how many have answered; after the reveal, what
POST /rooms/{code}/answers  {"ticket", "round", "choice"}
POST /rooms/{code}/reveal   {"secret", "round"}

There are no cookies: who is not told a ticket or a secret by a page of the app can do nothing.
"""

from __future__ import annotations

import json
import time
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pages.state.classroom.rooms.room import Room, RoomsAway, RoomsFull
from pages.state.classroom.rooms.store import rooms

_LONGEST_BODY = 1000  # bytes


async def look(request: Request) -> Response:
    """What everybody in the room may see."""
    return await _answered(_look, request, None)


async def answer(request: Request) -> Response:
    """A student's answer, or another one than before."""
    return await _answered(_answer, request, await _body(request))


async def reveal(request: Request) -> Response:
    """The teacher shows what was answered."""
    return await _answered(_reveal, request, await _body(request))


async def _answered(do: Any, request: Request, said: object) -> Response:
    """In a thread of its own: rooms may be on another machine."""
    if request.method == "POST" and not isinstance(said, dict):
        return _refused(400, "This is no answer.")
    code = str(request.path_params["code"])
    try:
        made: Response = await run_in_threadpool(do, code, said)
    except RoomsFull as error:
        return _refused(409, str(error))
    except RoomsAway as error:
        return _refused(503, str(error))
    return made


async def _body(request: Request) -> object:
    """What was sent as JSON, None where it is too long or none."""
    sent = b""
    async for part in request.stream():
        sent += part
        if len(sent) > _LONGEST_BODY:
            return None
    try:
        return json.loads(sent)
    except (ValueError, RecursionError):
        return None


def _look(code: str, _: object) -> Response:
    room = rooms().get(code)
    return _gone() if room is None else JSONResponse(seen(room), headers=_FRESH)


def seen(room: Room) -> dict[str, Any]:
    """What everybody in the room may see of it now."""
    counts = rooms().answers(room)
    question = room.question
    shown: dict[str, Any] = {
        "round": room.round,
        "text": question.text,
        "choices": question.choices,
        "answered": sum(counts.values()),
        "revealed": room.revealed,
        "seconds": max(0, round(room.ends - time.time())),
    }
    if room.revealed:
        shown["counts"] = [counts.get(k, 0) for k in range(len(question.choices))]
        shown |= {"truth": question.truth, "found": question.found}
    return shown


def _answer(code: str, said: dict[str, Any]) -> Response:
    room = rooms().get(code)
    if room is None:
        return _gone()
    student, choice, asked = room.student(said.get("ticket")), said.get("choice"), said.get("round")
    if student is None:
        return _refused(403, "This ticket is not of this room: reload the page.")
    if type(choice) is not int or not 0 <= choice < len(room.question.choices):
        return _refused(400, "There is no such choice.")
    if type(asked) is not int or not rooms().answer(code, asked, student, choice):
        return _refused(409, "The answers are shown already, or something else is asked now.")
    return JSONResponse({"choice": choice})


def _reveal(code: str, said: dict[str, Any]) -> Response:
    room = rooms().get(code)
    if room is None:
        return _gone()
    if not room.is_teacher(said.get("secret")):
        return _refused(403, "Only who opened the room can do that.")
    if said.get("round") == room.round:
        rooms().reveal(code, room.round)
    return _look(code, None)


def _gone() -> Response:
    return _refused(404, "There is no such room: it has ended, or its code is mistyped.")


def _refused(status: int, why: str) -> Response:
    return JSONResponse({"error": why}, status_code=status, headers=_FRESH)


_FRESH = {"Cache-Control": "no-store"}
ROUTES = (
    Route("/rooms/{code}", look),
    Route("/rooms/{code}/answers", answer, methods=["POST"]),
    Route("/rooms/{code}/reveal", reveal, methods=["POST"]),
)
