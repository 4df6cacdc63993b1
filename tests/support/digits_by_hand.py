"""Fifty digits drawn by hand: the points were written down one by one, no generator made any.

Each line of digits_by_hand.txt has the digit that is meant, the pace, how long the pen stays in the
air between strokes, and the strokes: x y of each point in hundredths of the pad, y upwards. The pen
moves straight from point to point at its pace, in hundredths of the pad a second.
"""

import math
from pathlib import Path

from seqviz.data.drawing import TOP, parse_strokes


def pen(*strokes, pace=120.0, lift=250.0):
    """Strokes in words, "x y  x y  …", as the pad would send them. lift: in milliseconds."""
    sent, now = [], 0.0
    for stroke in strokes:
        numbers = [float(number) for number in stroke.split()]
        points, timed = list(zip(numbers[::2], numbers[1::2], strict=True)), []
        for k, (x, y) in enumerate(points):
            now += 1000 * math.dist(points[max(0, k - 1)], (x, y)) / pace
            timed.append((x / 100 * TOP, y / 100 * TOP, now))
        sent.append(timed)
        now += lift
    return parse_strokes(sent)


def _drawing(line):
    settings, *strokes = line.split("|")
    digit, pace, lift = settings.split()
    return digit, pen(*strokes, pace=float(pace), lift=float(lift))


_LINES = Path(__file__).with_suffix(".txt").read_text(encoding="utf-8").splitlines()
BY_HAND = tuple(_drawing(line) for line in _LINES)
"""(digit, strokes): five of each, in different styles, proportions and paces."""
