"""Notices when writing goes in circles: entries that resemble each other while the strength rises.

The rule, all of it: within 24 hours there are three entries, the newest among them, each stronger
than the one before, and each sharing at least half of its chosen words with the one before. It is
the share of common words among all words of the two (Jaccard), counted over what set it off,
feelings, urges, who it was about, and needs. (Programme 1.3: the app must not become the habit.)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

WITHIN = timedelta(hours=24)
LISTS = ("trigger", "feelings", "urges", "who", "needs")
# Two that say "Something else" have nothing in common yet.
SAYS_NOTHING = "other"


@dataclass(frozen=True)
class Moment:
    """One entry: when it was written, its strength from 0 to 10, and what was chosen in it."""

    at: datetime
    strength: int | None
    chosen: frozenset[tuple[str, str]]


def moment(at: datetime, content: Mapping[str, Any]) -> Moment:
    """An entry's content as what is compared."""
    chosen = (
        (name, key) for name in LISTS for key in _keys(content.get(name)) if key != SAYS_NOTHING
    )
    return Moment(at, content.get("strength"), frozenset(chosen))


def _keys(said: Any) -> Sequence[str]:
    return [said] if isinstance(said, str) else said or ()


def resemble(one: Moment, other: Moment) -> bool:
    """Whether at least half of all words chosen in the two were chosen in both."""
    common, together = one.chosen & other.chosen, one.chosen | other.chosen
    return bool(common) and 2 * len(common) >= len(together)


def circling(moments: Sequence[Moment]) -> list[Moment]:
    """Three that circle, oldest first, the last of them the newest of all; empty if none do.

    `moments` are in the order they were written. Of several threes it is the latest.
    """
    if not moments:
        return []
    newest = moments[-1]
    lately = [one for one in moments[:-1] if one.at >= newest.at - WITHIN]
    for place in range(len(lately) - 1, -1, -1):
        if not _goes_on(lately[place], newest):
            continue
        for first in reversed(lately[:place]):
            if _goes_on(first, lately[place]):
                return [first, lately[place], newest]
    return []


def _goes_on(one: Moment, other: Moment) -> bool:
    if one.strength is None or other.strength is None or one.strength >= other.strength:
        return False
    return resemble(one, other)
