"""A session without a browser, which speaks Streamlit's protocol and says whatever it likes."""

from __future__ import annotations

import http.client
import uuid
from collections.abc import Callable
from contextlib import ExitStack
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

PROTOCOL = [Subprotocol("streamlit")]


class Visitor:
    """One session on a server at this address, whose page has been drawn once.

    alerts, failures: what the last page said in its boxes, and Streamlit's own for an exception.
    widgets: ids by label.
    """

    def __init__(self, url: str, query: str = "") -> None:
        self.host, self.query = urlsplit(url).netloc, query
        self.cookie = self._cookie()
        self._open = ExitStack()
        line = connect(f"ws://{self.host}/_stcore/stream", subprotocols=PROTOCOL, max_size=2**26)
        self.socket: ClientConnection = self._open.enter_context(line)
        self.session, self.page = "", ""
        self.widgets: dict[str, str] = {}
        self.alerts: list[str] = []
        self.failures: list[str] = []
        self.say()

    def say(self, **forged: Callable[[WidgetState], object]) -> None:
        """Send what widgets say, by label with _ for each space; wait until the page is drawn."""
        message = BackMsg()
        message.rerun_script.query_string = self.query
        message.rerun_script.page_script_hash = self.page
        for label, fill in forged.items():
            widget = message.rerun_script.widget_states.widgets.add()
            widget.id = self.widgets[label.replace("_", " ")]
            fill(widget)
        self.alerts, self.failures = [], []
        self.socket.send(message.SerializeToString())
        while self._goes_on(self.socket.recv(timeout=60)):
            pass

    def _goes_on(self, data: str | bytes) -> bool:
        assert isinstance(data, bytes)
        answer = ForwardMsg.FromString(data)
        kind = answer.WhichOneof("type")
        if kind == "new_session":
            self.session = answer.new_session.initialize.session_id or self.session
            self.page = answer.new_session.page_script_hash
            self.alerts, self.failures = [], []
        elif kind == "delta":
            self._see(answer.delta.new_element)
        return not (
            kind == "script_finished"
            and answer.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
        )

    def _see(self, element: object) -> None:
        kind = element.WhichOneof("type")  # type: ignore[attr-defined]
        if kind is None:
            return
        part = getattr(element, kind)
        if kind == "alert":
            self.alerts.append(part.body)
        elif kind == "exception":
            self.failures.append(part.message)
        elif hasattr(part, "id") and hasattr(part, "label"):
            self.widgets[part.label] = part.id

    def upload(self, data: bytes, name: str = "walk.csv") -> tuple[int, str]:
        """PUT a file as an uploader does: the answer's status and the file's id."""
        file, border = str(uuid.uuid4()), uuid.uuid4().hex
        head = f'--{border}\r\nContent-Disposition: form-data; name="{file}"; filename="{name}"'
        body = f"{head}\r\n\r\n".encode() + data + f"\r\n--{border}--\r\n".encode()
        kind = f"multipart/form-data; boundary={border}"
        return self._ask("PUT", file, body, {"Content-Type": kind}), file

    def leave(self) -> None:
        """Close the page."""
        self._open.close()

    def _ask(self, method: str, file: str, body: bytes, headers: dict[str, str]) -> int:
        line = http.client.HTTPConnection(self.host, timeout=60)
        token = self.cookie.partition("=")[2]
        path = f"/_stcore/upload_file/{self.session}/{file}"
        line.request(method, path, body, {**headers, "X-Xsrftoken": token, "Cookie": self.cookie})
        status = line.getresponse().status
        line.close()
        return status

    def _cookie(self) -> str:
        line = http.client.HTTPConnection(self.host, timeout=60)
        line.request("GET", "/_stcore/health")
        cookies = line.getresponse().headers.get_all("Set-Cookie") or []
        line.close()
        (found,) = [each.partition(";")[0] for each in cookies if "_streamlit_xsrf=" in each]
        return found
