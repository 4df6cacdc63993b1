"""A file chosen while the page is busy arrives.

Before it sends a file, the browser asks the server where to. Streamlit drops what has not been sent
to the browser yet when a run begins, and with it that answer: the uploader then waits for ever, and
says nothing. Private Streamlit API; the test of this file fails when it changes.
"""

from __future__ import annotations

from typing import Any

from streamlit.runtime.forward_msg_queue import ForwardMsgQueue


def keep_all() -> None:
    """From now on, answers to uploaders outlive the beginning of a run; once is enough."""
    before = ForwardMsgQueue.clear
    if hasattr(before, "keeps_addresses"):
        return

    def clear(self: Any, retain_lifecycle_msgs: bool = False, *which: Any, **named: Any) -> None:
        if not self._queue:  # of each visitor, up to a hundred times a second
            return
        answers = [one for one in self._queue if one.WhichOneof("type") == "file_urls_response"]
        before(self, retain_lifecycle_msgs, *which, **named)
        if retain_lifecycle_msgs:  # else all were sent
            self._queue += [one for one in answers if one not in self._queue]

    clear.keeps_addresses = True  # type: ignore[attr-defined]
    ForwardMsgQueue.clear = clear  # type: ignore[method-assign]
