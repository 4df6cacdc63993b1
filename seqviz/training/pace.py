"""How many iterations the next segment has, so that progress is seen about four times a second."""

from __future__ import annotations

SEGMENT_SECONDS = 0.2  # with the way there and back at least four updates a second


def next_count(count: int, seconds: float) -> int:
    """Iterations of the segment after one of `count` that took so long: at least 1.

    As many as take SEGMENT_SECONDS, but no more than twice as many as before.
    """
    return max(1, min(2 * count, int(count * SEGMENT_SECONDS / max(seconds, 1e-9))))
