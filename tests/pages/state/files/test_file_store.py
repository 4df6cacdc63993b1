"""What a server keeps of uploads: bounded, the longest unused go first, by the full digest only."""

import threading

import pytest

from pages.state.files.file_store import FileStore
from pages.state.files.upload import Upload


def held(store, digests):
    return [digest for digest in digests if store.find(digest) is not None]


def test_a_file_is_found_by_its_full_digest_alone():
    store, file = FileStore(100), Upload.of("a.csv", b"1\n2\n")
    store.keep(file.content, file.data)
    assert store.find(file.content) == b"1\n2\n"
    others = [file.content[:-1], file.content[:20], file.content.lower(), "", "*", file.digest]
    assert held(store, [other for other in others if other != file.content]) == []


def test_the_longest_unused_files_make_room():
    store = FileStore(10)
    for digest in "abc":
        store.keep(digest, b"xxx")
    store.find("a")  # used: now the newest
    store.keep("b", b"xxx")  # kept again: newer still
    store.keep("d", b"xxxx")
    assert held(store, "abcd") == ["a", "b", "d"]
    store.keep("e", b"x" * 10)
    assert held(store, "abcde") == ["e"]
    store.keep("f", b"x" * 11)  # larger than all there is room for: pushes nobody out
    assert held(store, "ef") == ["e"]
    store.clear()
    store.keep("g", b"x" * 10)
    assert held(store, "eg") == ["g"]


def test_many_threads_never_hold_more_than_the_bound():
    store = FileStore(50)
    seen = []

    def visitor(k):
        for turn in range(200):
            store.keep(f"{k} {turn % 7}", bytes(1 + turn % 9))
            store.find(f"{(k + 1) % 4} {turn % 7}")
            with store._lock:
                seen.append((sum(map(len, store._files.values())), store._bytes))

    threads = [threading.Thread(target=visitor, args=(k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 800 and all(held == counted <= 50 for held, counted in seen)


@pytest.mark.parametrize("name", ["walk.csv", "ä b.csv", "half\ud800.csv", "x" * 400 + ".csv", "."])
def test_a_link_names_a_file_and_gives_the_same_file_back(name):
    file = Upload.of(name, b"1\n2\n")
    again = Upload.linked(file.link)
    assert (again.name, again.content, again.digest) == (file.name, file.content, file.digest)
    assert again.option("first") == file.option("first") and again.data == b""
    file.link.encode()


@pytest.mark.parametrize("text", ["", "a.csv", "A" * 43, "A" * 43 + ".", "A" * 42 + ".a.csv",
                                  "A" * 43 + "." + "x" * 256, "!" * 43 + ".a.csv"])  # fmt: skip
def test_what_names_no_file_is_refused(text):
    with pytest.raises(ValueError):
        Upload.linked(text)


def test_the_digest_is_sha256():
    # echo -n abc | sha256sum, in URL-safe Base64
    assert Upload.of("a.txt", b"abc").content == "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0"
