"""What was asked for last is made once, and what is kept stays within its bound."""

from pages.panels.shared.sharing.recent import Recent


def test_the_newest_are_made_once():
    made, kept = [], Recent(2)

    def get(key):
        return kept.get(key, lambda: made.append(key) or key.upper())

    assert [get(key) for key in "abaac"] == ["A", "B", "A", "A", "C"]
    assert made == ["a", "b", "c"]
    get("a")
    assert made == ["a", "b", "c"]  # used more lately than b
    get("b")
    assert made == ["a", "b", "c", "b"]


def test_large_ones_push_others_out_and_stay_alone():
    kept, made = Recent(10, len), []

    def get(text):
        return kept.get(text, lambda: made.append(text) or text)

    get("aaaa")
    get("bbbb")
    get("c" * 50)
    get("c" * 50)
    get("aaaa")
    assert made == ["aaaa", "bbbb", "c" * 50, "aaaa"]
