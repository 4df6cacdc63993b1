"""Clients that are no browsers: what they say gets a sentence, and what they send is bounded."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from agreement import UPLOAD
from server import Launch, Server, running
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit_client import Visitor
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from seqviz.limits import MAX_HELD_UPLOADS

UPLOADER = UPLOAD.replace(" ", "_")
NOT_HERE = "The server does not have this file any more: upload it again."


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, launch: Launch) -> Iterator[Server]:
    with running(log=tmp_path_factory.mktemp("forged") / "log.txt", launch=launch) as server:
        yield server


@pytest.fixture
def visitor(server: Server) -> Iterator[Callable[[str], Visitor]]:
    opened = []

    def open_page(query: str = "") -> Visitor:
        opened.append(Visitor(server.url, query))
        return opened[-1]

    yield open_page
    for each in opened:
        each.leave()


def words(*values: str) -> Callable[[WidgetState], object]:
    def fill(widget: WidgetState) -> None:
        widget.string_array_value.SetInParent()
        widget.string_array_value.data.extend(values)

    return fill


def file_called(name: str, file: str = "no such file") -> Callable[[WidgetState], object]:
    def fill(widget: WidgetState) -> None:
        info = widget.file_uploader_state_value.uploaded_file_info.add()
        info.file_id, info.name, info.size = file, name, 3

    return fill


@pytest.mark.parametrize("values", [("nothing",), (), ("Draw", "Type", "Upload"), ("\0",)])
@pytest.mark.parametrize("control", ["Feed", "Cell", "Quantity", "Drawing"])
def test_a_choice_that_is_not_there_changes_nothing(
    visitor: Callable[..., Visitor], control: str, values: tuple[str, ...]
) -> None:
    me = visitor()
    for _ in range(2):
        me.say(**{control: words(*values)})
        assert (me.alerts, me.failures) == ([], [])
    assert {"Feed", "Cell", "Quantity", "Drawing"} <= me.widgets.keys()


@pytest.mark.parametrize(
    ("query", "uploader", "name"),
    [("feed=upload", UPLOADER, "a.csv"), ("feed=record", "Record_a_sound", "a.wav")],
)
def test_a_file_that_is_not_here_gets_a_sentence(
    visitor: Callable[..., Visitor], query: str, uploader: str, name: str
) -> None:
    me = visitor(query)
    me.say(**{uploader: file_called(name)})
    assert NOT_HERE in me.alerts[0] and not me.failures


@pytest.mark.parametrize(
    "fill",
    [
        lambda widget: setattr(widget, "int_value", 5),
        lambda widget: setattr(widget, "double_value", float("nan")),
        lambda widget: setattr(widget, "json_value", "{]"),
        file_called("a.csv"),
    ],
    ids=["number", "nan", "broken JSON", "file"],
)
def test_a_message_of_the_wrong_kind_gets_a_sentence(
    visitor: Callable[..., Visitor], fill: Callable[[WidgetState], object]
) -> None:
    me = visitor()
    me.say(Feed=fill)
    (said,) = me.alerts
    assert said.startswith("This page could not be drawn") and not me.failures
    again = visitor()  # as it asks to
    assert (again.alerts, again.failures) == ([], [])


def test_a_server_holds_so_many_bytes_of_uploads(visitor: Callable[..., Visitor]) -> None:
    """The oldest file goes when there are too many, whoever brought it, but who has taken it."""
    size = 60 * 2**20
    me, other = visitor("feed=upload"), visitor("feed=upload")
    status, taken = me.upload(b"1\n" * 50)
    assert status == 204
    me.say(**{UPLOADER: file_called("a.csv", taken)})
    assert not me.alerts
    status, oldest = other.upload(bytes(size))
    assert status == 204
    for _ in range(MAX_HELD_UPLOADS // size):
        assert other.upload(bytes(size))[0] == 204
    other.say(**{UPLOADER: file_called("a.csv", oldest)})
    assert NOT_HERE in other.alerts[0] and not other.failures
    me.say(**{UPLOADER: file_called("a.csv", taken)})  # gone as well, and read long before
    assert not me.alerts and not me.failures


def test_pages_of_other_sites_get_no_frames(server: Server) -> None:
    """Not even with a token; here without one, so that each is refused before it is welcome."""
    for origin in ("http://evil.example", None):
        address = f"ws://127.0.0.1:{server.port}/frames/guess"
        with pytest.raises(InvalidStatus) as refused, connect(address, origin=origin):
            pass
        assert refused.value.response.status_code == 403
