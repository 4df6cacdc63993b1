"""Words are coloured by their surprise, and nobody's word becomes markup."""

import re

from seqviz.figures.surprise import STRONGEST, surprise_words


def test_the_less_expected_the_stronger():
    html = surprise_words([("the", 0.0), ("cat", 3.0), ("explodes", 40.0)])
    shares = [float(share) for share in re.findall(r"rgba\(\d+,\d+,\d+,([\d.]+)\)", html)]
    assert shares[0] == 0.0 < shares[1] < shares[2]
    assert shares[2] == STRONGEST and 'title="3.0 bits"' in html


def test_a_word_is_text():
    assert "<b>" not in surprise_words([("<b>bold</b>", 1.0)], "dark")
