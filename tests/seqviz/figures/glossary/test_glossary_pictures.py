"""Pictures of words are sound SVG in either theme, and each shows something of its own."""

import re
from xml.etree import ElementTree

import pytest

from seqviz.figures.glossary.pictures import PICTURES, picture
from seqviz.figures.glossary.shapes import HEIGHT, WIDTH

ALIKE = [  # words for one thing, or for things that look the same
    {"hidden_state", "time_step"}, {"heatmap", "output"}, {"rho", "eigenvalue"},
    {"influence", "horizon"}, {"loss", "baseline"}, {"tanh", "candidate"},
]  # fmt: skip


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_sound_and_small(name, theme):
    drawn = picture(name, theme)
    root = ElementTree.fromstring(drawn)
    assert root.tag.endswith("svg") and len(root) and len(drawn) < 32_000
    assert "nan" not in drawn


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_stays_within_its_frame(name):
    for points in re.findall(r'points="([^"]*)"', picture(name, "light")):
        for point in points.split():
            x, y = map(float, point.split(","))
            assert 0 <= x <= WIDTH and 0 <= y <= HEIGHT, point
    for box in ElementTree.fromstring(picture(name, "light")).iter(
        "{http://www.w3.org/2000/svg}rect"
    ):
        x, y, wide, high = (float(box.attrib[side]) for side in ("x", "y", "width", "height"))
        assert x >= 0 and y >= 0 and wide > 0 and high > 0
        assert x + wide <= WIDTH and y + high <= HEIGHT


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_picture_is_of_its_word(theme):
    drawn = {}
    for name in PICTURES:
        drawn.setdefault(picture(name, theme), set()).add(name)
    several = [names for names in drawn.values() if len(names) > 1]
    assert sorted(map(sorted, several)) == sorted(map(sorted, ALIKE))


def test_a_word_without_a_picture():
    with pytest.raises(KeyError):
        picture("weather", "light")
