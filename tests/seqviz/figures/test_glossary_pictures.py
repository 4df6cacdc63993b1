"""Pictures of words are sound SVG in either theme, and words without one have none."""

from xml.etree import ElementTree

import pytest

from seqviz.figures.glossary_pictures import _PICTURES, picture


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", _PICTURES)
def test_a_picture_is_sound_and_small(name, theme):
    drawn = picture(name, theme)
    root = ElementTree.fromstring(drawn)
    assert root.tag.endswith("svg") and len(root) and len(drawn) < 12_000
    assert "nan" not in drawn


def test_a_word_without_a_picture():
    assert picture("epoch", "light") == ""
