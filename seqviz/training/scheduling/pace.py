"""How many iterations the next segment has, so that progress is seen about four times a second."""

from __future__ import annotations

SEGMENT_SECONDS = 0.24  # so that there are at least four updates a second


def next_count(count: int, seconds: float) -> int:
    """Iterations of the segment after one of `count` that took so long, way to a worker and back
    included: at least 1.

    As many as take SEGMENT_SECONDS, but no more than twice as many as before.
    """
    return max(1, min(2 * count, int(count * SEGMENT_SECONDS / max(seconds, 1e-9))))
