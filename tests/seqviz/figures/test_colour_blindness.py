"""The palette as colour-blind eyes see it: what differs by colour alone still differs.

Simulated after Machado, Oliveira and Fernandes 2009, "A physiologically-based model for simulation
of color vision deficiency", with the cone wholly missing; distances are CIE76, where 2.3 is just
noticed.
"""

import numpy as np
import pytest

from seqviz.figures import palette

THEMES = ("light", "dark")
EYES = {
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                   [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                     [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
                   [0.004733, 0.691367, 0.303900]],
}  # fmt: skip
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = np.array([0.9505, 1.0, 1.089])


def linear(colours):
    """sRGB from 0 to 255 -> linear light from 0 to 1."""
    shares = np.asarray(colours, np.float64) / 255
    return np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)


def lab(light):
    """Linear light (..., 3) -> CIE L*a*b*."""
    parts = light @ TO_XYZ.T / WHITE
    f = np.where(parts > 216 / 24389, np.cbrt(parts), (24389 / 27 * parts + 16) / 116)
    x, y, z = np.moveaxis(f, -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def seen(colours, eyes):
    # what no screen could show stays as it is: an eye is no screen, and clipping makes ends alike
    return lab(linear(colours) @ np.array(EYES[eyes]).T)


def shown(values, theme, quantity="h", ends=(-1, 1)):
    return palette.rgb(np.asarray(values, np.float32), quantity, ends, theme)


def apart(a, b):
    return np.linalg.norm(a - b, axis=-1)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("eyes", EYES)
def test_negative_is_told_from_positive(eyes, theme):
    sizes = np.array([0.25, 0.5, 1])
    positive, negative = (seen(shown(sign * sizes, theme), eyes) for sign in (1, -1))
    assert (apart(positive, negative) > np.array([10, 20, 40])).all(), apart(positive, negative)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize(("quantity", "ends"), [("h", (-1, 1)), ("f", (0, 1))])
def test_more_is_always_further_from_zero(eyes, theme, quantity, ends):
    zero = seen(shown([0.0], theme, quantity, ends), eyes)
    for end in {ends[0] or ends[1], ends[1]}:
        steps = seen(shown(np.linspace(0, end, 9), theme, quantity, ends), eyes)
        distances = apart(steps, zero)
        assert (np.diff(distances) > 2.3).all(), distances


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("eyes", EYES)
def test_what_can_be_touched_is_told_from_ink(eyes, theme):
    hexes = (palette.ACCENT[theme], palette.INK[theme], palette.BACKGROUND[theme])
    accent, ink, background = (seen(palette._channels(each), eyes) for each in hexes)
    assert apart(accent, ink) > 25 and apart(accent, background) > 25
