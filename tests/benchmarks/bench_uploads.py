"""Files of every kind, one after the other in a few visits: how many of them are shown wrong.

After each upload the whole screen is held against what was asked for, see tests/browser's
agreement.py: bands and frame length, the shape of x, the address and the numbers. In every other
visit 12 bands are chosen first, and must stay. `UPLOADS=40` shortens it; 200 take some minutes.
"""

from __future__ import annotations

import itertools
import os
import random
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator

from playwright.sync_api import Page
from report import Row
from stage import stage, visit  # which knows where the next three are

# isort: split
from agreement import disagreements, expected
from person import Person
from samples import SAMPLES, Sample

UPLOADS = int(os.environ.get("UPLOADS", "200"))
A_VISIT = 25  # uploads
CHOSEN = 12  # bands
PATIENCE = 5.0  # seconds until an upload that does not agree counts as wrong
PARTS: dict[str, tuple[str, ...]] = {
    "bands or frame length changed": ("spinbutton “Bands”", "spinbutton “Frame", "address bands",
                                      "address frame_ms"),
    "x of another shape": ("x:", "player last", "constructor"),
    "another address": ("address",),
    "another control, or other numbers": ("radio", "switch", "columns", "output[-1]", "Inspect"),
}  # fmt: skip


def measure() -> list[Row]:
    took: list[float] = []
    wrong: Counter[str] = Counter()
    visits = 0
    with stage() as (page, url):
        left = 0  # uploads of this visit
        for number, sample in enumerate(itertools.islice(shuffled(), UPLOADS), 1):
            if not left:
                me, left = newcomer(page, url, visits), A_VISIT
                visits += 1
            began = time.monotonic()
            me.upload(sample)
            left -= 1
            try:
                me.agrees(patience=PATIENCE)
                took.append(time.monotonic() - began)
            except AssertionError:
                lines = disagreements(page, expected(me.asked))
                wrong["all"] += 1
                wrong.update(part for part in PARTS if concerns(lines, PARTS[part]))
                said = "; ".join(line[:100] for line in lines[:3])
                print(f"  upload {number}, {sample.name}: {said}", file=sys.stderr)
                left = 0  # what is wrong would stay wrong: the next one is a new visit's
    return [
        Row(f"wrong of {UPLOADS} uploads", wrong["all"], "", 0),
        *(Row(f"  {part}", wrong[part], "", 0) for part in PARTS),
        Row("upload → the whole screen agrees", 1000 * statistics.median(took or [0]), "ms"),
    ]


def shuffled() -> Iterator[Sample]:
    """Files without end, in an order that is the same every time; never one twice in a row.

    Every other one is sound: bands and frame length were what went wrong, from sound to sound.
    """
    chance = random.Random(3)
    sounds = [sample for sample in SAMPLES.values() if sample.kind == "sound"]
    others = [sample for sample in SAMPLES.values() if sample.kind != "sound"]
    last = None
    while True:
        following = chance.choice(chance.choice((sounds, others)))
        if following is not last:
            yield following
        last = following


def newcomer(page: Page, url: str, number: int) -> Person:
    """Somebody's visit. Every other one chooses bands, at a first sound."""
    visit(page, f"{url}/?cell=RNN_TANH&trained=-")  # the settings that a Person begins with
    me = Person(page)
    if number % 2:
        me.upload(SAMPLES["wav"])
        me.fill("Bands", CHOSEN)
        me.agrees()
    return me


def concerns(lines: list[str], beginnings: tuple[str, ...]) -> bool:
    return any(line.startswith(beginnings) for line in lines)
