"""Whether the check-ins look heavier than before, or much as they did at first (no Django).

Programme section 9. The thresholds are rules of caution of our own, not tested ones. Means are
fractions, so that a number on the edge falls on the side the programme names.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from healing.checkins.items import ITEMS

# What a check-in says by item key.
Answers = Mapping[str, object]
# Check-ins by their local date.
Days = Mapping[date, Answers]

BURDEN = ("steady", "left_worry", "urge_pull")
MOST = next(len(item.anchors) - 1 for item in ITEMS if item.key == "steady")
# Heavier: the last seven days against days 15 to 21 back. Today is day 1.
LATELY = (1, 7)
BEFORE = (15, 21)
ENOUGH_OF_A_WEEK = 4
RISE = 1
# The answer of the weekly look-back that says so in words.
MUCH_HARDER = "much_harder"
# No change: the last two weeks against the first two.
FORTNIGHT = 14
ENOUGH_OF_A_FORTNIGHT = 7
HEAVY = 2
FALL = Fraction(1, 2)


class Message(StrEnum):
    """What may be said, at most once in so many days."""

    WORSENING = "worsening"
    NO_CHANGE = "no_change"


RESTS = {Message.WORSENING: timedelta(days=14), Message.NO_CHANGE: timedelta(weeks=8)}
FIRST_NO_CHANGE = timedelta(weeks=8)


def burden(answers: Answers) -> Fraction | None:
    """How heavy a day was, 0 to 4; None unless all three items are answered."""
    said = [answers.get(name) for name in BURDEN]
    numbers = [value for value in said if isinstance(value, int)]
    if len(numbers) < len(BURDEN):
        return None
    steady, worry, pull = numbers
    return Fraction(MOST - steady + worry + pull, len(BURDEN))


def mean_burden(days: Days, first: date, last: date, at_least: int) -> Fraction | None:
    """The mean of the burdens from `first` to `last`; None if there are fewer than `at_least`."""
    found = [burden(said) for day, said in days.items() if first <= day <= last]
    numbers = [number for number in found if number is not None]
    return sum(numbers, Fraction(0)) / len(numbers) if len(numbers) >= at_least else None


def is_heavier(days: Days, look_backs: Sequence[tuple[date, str | None]], today: date) -> bool:
    """Whether the last weeks look heavier.

    `look_backs`: dates and how each week was against the one before, in any order. Two in a row
    that were much harder say so as well, while the later of them is no older than a fortnight.
    """
    newest = sorted(look_backs)[-2:]
    said_so = [words for _day, words in newest] == [MUCH_HARDER] * 2
    if said_so and today - newest[-1][0] < RESTS[Message.WORSENING]:
        return True
    now, then = (
        mean_burden(days, _back(today, most), _back(today, least), ENOUGH_OF_A_WEEK)
        for least, most in (LATELY, BEFORE)
    )
    return now is not None and then is not None and now - then >= RISE


def is_unchanged(days: Days, first: date, today: date) -> bool:
    """Whether the last two weeks look much like the first two; `first`: the first check-in ever."""
    end = first + timedelta(days=FORTNIGHT - 1)
    then = mean_burden(days, first, end, ENOUGH_OF_A_FORTNIGHT)
    now = mean_burden(days, _back(today, FORTNIGHT), today, ENOUGH_OF_A_FORTNIGHT)
    if now is None or then is None or today - first < FIRST_NO_CHANGE:
        return False
    return now >= HEAVY and then - now < FALL


def message(
    *,
    days: Days,
    first: date | None,
    look_backs: Sequence[tuple[date, str | None]],
    hidden: Mapping[str, str],
    today: date,
) -> Message | None:
    """What to say today, if anything; the heavier weeks come first.

    `hidden`: ISO dates on which the person put a message away, by its name. It then rests.
    """
    for one in _open(hidden, today):
        if one is Message.WORSENING and is_heavier(days, look_backs, today):
            return one
        if one is Message.NO_CHANGE and first is not None and is_unchanged(days, first, today):
            return one
    return None


def _open(hidden: Mapping[str, str], today: date) -> Iterable[Message]:
    """Messages that were never put away, or long enough ago."""
    for one in Message:
        since = hidden.get(one)
        if since is None or today - date.fromisoformat(since) >= RESTS[one]:
            yield one


def _back(today: date, number: int) -> date:
    """The day so many days back, today being the first."""
    return today - timedelta(days=number - 1)
