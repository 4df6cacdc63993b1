"""What was made for a download outlives other people's runs in Streamlit's manager of files."""

import threading
from types import SimpleNamespace

import pytest
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage

from pages.state.files import held_downloads
from pages.state.files.held_downloads import KEEP, HeldDownloads, held

MIME = "application/octet-stream"


class Server:
    """Streamlit's manager, a clock, and people who press and run."""

    def __init__(self):
        self.files = MediaFileManager(MemoryMediaFileStorage("/media"))
        self.now = 0.0

    def press(self, data, name="a.bin", hold=True):
        """As Streamlit answers the press of a button whose data is a function: the file's id."""

        def make():
            return data

        made = held(make, name, MIME) if hold else make
        button = self.files.add_deferred(made, MIME, "1.2", name)
        urls = []
        thread = threading.Thread(target=lambda: urls.append(self.files.execute_deferred(button)))
        thread.start()
        thread.join()
        return urls[0].rsplit("/", 1)[1].split(".")[0]

    def runs_end(self, times=3):
        for _ in range(times):
            self.files.remove_orphaned_files()

    def has(self, file):
        return file in self.files._file_metadata


@pytest.fixture
def server(monkeypatch):
    made = Server()
    of_streamlit = SimpleNamespace(media_file_mgr=made.files)
    monkeypatch.setattr(held_downloads.runtime, "get_instance", lambda: of_streamlit)
    downloads = HeldDownloads(most=10, clock=lambda: made.now)
    monkeypatch.setattr(held_downloads, "HELD", downloads)
    return made


def test_streamlit_alone_deletes_it_with_anybodys_second_run(server):
    """If this fails, held_downloads is no longer needed."""
    file = server.press(b"12345", hold=False)
    server.runs_end()
    assert not server.has(file)


def test_it_is_there_after_many_runs_and_gone_after_a_while(server):
    file = server.press(b"12345")
    server.runs_end(20)
    assert server.has(file)
    server.now = KEEP / 2
    held_downloads.HELD.look()
    server.runs_end()
    assert server.has(file)
    server.now = KEEP
    held_downloads.HELD.look()
    server.runs_end()
    assert not server.has(file)


def test_all_together_are_bounded_and_the_newest_is_there(server):
    first, second = server.press(b"12345"), server.press(b"67890")
    server.runs_end()
    assert server.has(first) and server.has(second)
    third = server.press(b"more than that")
    server.runs_end()
    assert not server.has(first) and not server.has(second) and server.has(third)


def test_the_button_gets_what_is_made(server):
    assert held(lambda: b"12", "a.bin", MIME)() == b"12"
