"""A handout shows texts as text."""

from seqviz.export.handout import Handout, marked, page


def test_marks_become_tags_and_nothing_else_does():
    assert marked("**a** *b* `c * d` <i>") == (
        "<strong>a</strong> <em>b</em> <code>c * d</code> &lt;i&gt;"
    )


def test_nothing_in_a_sheet_is_run_or_fetched():
    evil = "<script>alert(1)</script>"
    made = page(Handout("en", evil, evil, evil, [evil], [(evil, evil)], b"png", evil, evil, evil))
    assert "<script" not in made and "http" not in made
    assert made.count("&lt;script&gt;") == 10
