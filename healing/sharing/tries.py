"""How many wrong tries a link takes (no Django)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

LATELY, WITHIN = 5, timedelta(hours=1)
IN_ALL = 20
# How many openings the log holds, the newest.
OPENINGS = 100


def is_closed(wrong: Sequence[datetime], now: datetime) -> bool:
    """Whether no try is taken now: for an hour after the fifth wrong one within an hour.

    `wrong`: the moments of wrong tries, the oldest first.
    """
    last = wrong[-LATELY:]
    return len(last) == LATELY and last[-1] - last[0] < WITHIN and now - last[-1] < WITHIN


def is_spent(wrong: Sequence[datetime]) -> bool:
    """Whether the link has had all the wrong tries it takes."""
    return len(wrong) >= IN_ALL
