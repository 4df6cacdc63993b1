"""What a server holds of uploads is bounded, and goes when their page has been gone for a while."""

import asyncio
from types import SimpleNamespace

import pytest
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from pages.state.files import held_uploads
from pages.state.files.held_uploads import WAIT, Books, HeldUploads


@pytest.fixture
def server(monkeypatch):
    """Streamlit's own manager of files, and sessions whose pages are open."""
    manager = MemoryUploadedFileManager("/_stcore/upload_file")
    server = SimpleNamespace(uploaded_file_mgr=manager, active=set(), closed=[])
    server.is_active_session = server.active.__contains__
    server.close_session = server.closed.append
    monkeypatch.setattr(held_uploads.runtime, "get_instance", lambda: server)
    monkeypatch.setattr(held_uploads, "BOOKS", Books())
    return server


def put(server, session, file, size, status=204, most=100, method="PUT", path=None):
    """A request as Streamlit answers it."""
    sent = []

    async def app(scope, receive, send):
        data = b""
        while scope["type"] == "http":
            message = await receive()
            data += message["body"]
            if not message["more_body"]:
                break
        if status < 300 and method == "PUT":
            kept = UploadedFileRec(file, "a.csv", "text/csv", data)
            server.uploaded_file_mgr.add_file(session, kept)
        await send({"type": "http.response.start", "status": status})
        await send({"type": "http.response.body", "body": b""})

    async def receive():
        body = chunks.pop(0)
        return {"type": "http.request", "body": body, "more_body": bool(chunks)}

    async def send(message):
        sent.append(message["type"])

    chunks = [bytes(size // 2), bytes(size - size // 2)]
    path = path or f"/base/_stcore/upload_file/{session}/{file}"
    scope = {"type": "http", "method": method, "path": path}
    asyncio.run(HeldUploads(app, most)(scope, receive, send))
    assert sent == ["http.response.start", "http.response.body"]


def held(server, *places):
    manager = server.uploaded_file_mgr
    return [file for session, file in places if manager.get_files(session, [file])]


def test_the_oldest_files_make_room(server):
    for k in range(5):
        put(server, f"s{k % 2}", f"f{k}", 30)
    places = [(f"s{k % 2}", f"f{k}") for k in range(5)]
    assert held(server, *places) == ["f2", "f3", "f4"]
    put(server, "s9", "huge", 101)  # not even alone
    assert held(server, *places, ("s9", "huge")) == []


def test_a_file_that_was_refused_or_taken_away_takes_no_room(server):
    put(server, "s", "a", 60)
    put(server, "s", "refused", 90, status=413)
    put(server, "s", "b", 30)
    put(server, "s", "c", 1, path="/somewhere/else")
    assert held(server, ("s", "a"), ("s", "b")) == ["a", "b"]
    put(server, "s", "a", 0, method="DELETE")
    put(server, "s", "d", 70)
    assert held(server, ("s", "b"), ("s", "d")) == ["b", "d"]


def test_a_file_sent_again_counts_once(server):
    for _ in range(5):
        put(server, "s", "a", 40)
    put(server, "s", "b", 60)
    assert held(server, ("s", "a"), ("s", "b")) == ["a", "b"]


def test_other_requests_pass_untouched(server):
    seen = []

    async def app(scope, receive, send):
        seen.append((scope, receive, send))

    for scope in (
        {"type": "websocket", "path": "/_stcore/stream"},
        {"type": "lifespan", "path": ""},
        {"type": "http", "method": "GET", "path": "/_stcore/upload_file/s/f"},
        {"type": "http", "method": "PUT", "path": "/_stcore/upload_file/s/f/g"},
    ):
        asyncio.run(HeldUploads(app)(scope, print, print))
        assert seen.pop() == (scope, print, print)


def test_a_session_ends_a_while_after_its_page_is_gone(server):
    now = [0.0]
    books = Books(lambda: now[0])
    for session in ("here", "gone", "back"):
        books.note(session, "f", 10)
        server.uploaded_file_mgr.add_file(session, UploadedFileRec("f", "a", "b", bytes(10)))
    server.active |= {"here"}
    assert books.end_sessions() == 0
    now[0] = WAIT - 1
    server.active |= {"back"}  # a train out of its tunnel
    assert books.end_sessions() == 0
    server.active -= {"back"}
    assert books.end_sessions() == 0
    now[0] = WAIT
    assert books.end_sessions() == 1 and server.closed == ["gone"]
    assert held(server, ("here", "f"), ("gone", "f")) == ["f"] and len(books.files) == 2
    now[0] = 3 * WAIT
    assert books.end_sessions() == 1 and server.closed == ["gone", "back"]
    assert books.end_sessions() == 0 and list(books.files) == [("here", "f")]
