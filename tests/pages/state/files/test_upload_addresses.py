"""What an uploader was told outlives the beginning of a run, in Streamlit's own queue."""

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

from pages.state.files import upload_addresses


@pytest.fixture
def queue():
    upload_addresses.keep_all()
    queue = ForwardMsgQueue()
    answer, text = ForwardMsg(), ForwardMsg()
    answer.file_urls_response.response_id = "7"
    text.delta.new_element.text.body = "drawn by the run before"
    text.metadata.delta_path.extend([0, 0])
    for message in (answer, text):
        queue.enqueue(message)
    return queue


def sent(queue):
    return [message.WhichOneof("type") for message in queue.flush()]


def test_a_run_that_begins_lets_the_answer_through_and_nothing_else(queue):
    queue.clear(retain_lifecycle_msgs=True)
    assert sent(queue) == ["file_urls_response"]


def test_a_fragment_that_begins_sends_the_answer_once(queue):
    queue.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=["poll"])
    assert sent(queue).count("file_urls_response") == 1


def test_what_was_sent_is_gone(queue):
    assert sent(queue) == ["file_urls_response", "delta"] and sent(queue) == []


def test_keeping_begins_once(queue):
    before = ForwardMsgQueue.clear
    upload_addresses.keep_all()
    assert ForwardMsgQueue.clear is before
