"""When the next reminder is due for a person, across any change of the clocks."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from healing.accounts.clock import zone as zone_called

DAY = timedelta(days=1)
EVERY_DAY = frozenset(range(7))
# The one eligible weekday may fall on a date its zone skipped; the next is within two weeks.
HORIZON_DAYS = 16


class Occurrence(NamedTuple):
    """One due moment: the person's date it belongs to, and the instant in UTC."""

    local_date: date
    due_at: datetime


# Kept, since many plans share zone, days and hour. Two equal moments of two zones are one key, and
# rightly: only the moment counts.
@lru_cache(maxsize=8192)
def next_due(
    after: datetime,
    *,
    zone: str,
    weekdays: frozenset[int],
    at: time,
    last_date: date | None = None,
) -> Occurrence:
    """The first occurrence strictly after `after` whose date is later than `last_date`.

    `after` is aware; `weekdays` holds 0 for Monday to 6 for Sunday; `at` is the wall time. Where
    the clocks jump over `at`, the moment shifts forward by the length of the gap; where `at` comes
    twice, it is the first (RFC 5545, section 3.3.5). A date the zone skipped altogether does not
    count. Raises ValueError for no weekday or a naive `after`, UnknownZone for an unknown zone.
    """
    if not weekdays or not weekdays <= EVERY_DAY:
        raise ValueError("Choose at least one weekday, 0 for Monday to 6 for Sunday.")
    if after.tzinfo is None:
        raise ValueError("The moment to start from needs an offset, such as Z or +01:00.")
    place = zone_called(zone)
    # A moment pushed out of a gap before midnight still belongs to the date before.
    first = after.astimezone(place).date() - DAY
    if last_date is not None:
        first = max(first, last_date + DAY)
    for day in (first + DAY * step for step in range(HORIZON_DAYS)):
        if day.weekday() in weekdays and _exists(day, place):
            due_at = _instant(day, at, place)
            if due_at > after:
                return Occurrence(day, due_at)
    raise AssertionError(
        f"No date within {HORIZON_DAYS} days of {first}: impossible by the calendar."
    )


def coming(
    after: datetime,
    *,
    zone: str,
    weekdays: frozenset[int],
    at: time,
    last_date: date | None = None,
    count: int,
) -> list[Occurrence]:
    """The first `count` occurrences; all else as in `next_due`."""
    found: list[Occurrence] = []
    for _ in range(count):
        one = next_due(after, zone=zone, weekdays=weekdays, at=at, last_date=last_date)
        found.append(one)
        after, last_date = one.due_at, one.local_date
    return found


def next_at(after: datetime, *, zone: str, at: time) -> datetime:
    """The first moment strictly after `after` at which that clock shows `at`, in UTC."""
    return next(moment for moment in _around(after, zone, at, (-1, 0, 1, 2)) if moment > after)


def last_at(before: datetime, *, zone: str, at: time) -> datetime:
    """The last moment up to `before` at which that clock showed `at`, in UTC."""
    return next(moment for moment in _around(before, zone, at, (1, 0, -1, -2)) if moment <= before)


def first_within(
    after: datetime, until: datetime, *, zone: str, begin: time, end: time
) -> datetime:
    """The first moment from `after` on at which that clock shows a time `within` the two, in UTC.

    `until` where none comes before it. A change of the clocks can jump into those hours, over
    their beginning, or back into them.
    """
    place = zone_called(zone)
    change = _change(after, until, place)
    for start, stop in ((after, change), (change, until)):
        wall = start.astimezone(place).time()
        if start < stop and within(wall, begin, end):
            return start
        # From one change to the next the clock runs evenly.
        ahead = (_on_some_day(begin) - _on_some_day(wall)) % DAY
        if start + ahead < stop:
            return start + ahead
    return until


def _on_some_day(at: time) -> datetime:
    return datetime.combine(date.min, at)


def _change(after: datetime, until: datetime, place: ZoneInfo) -> datetime:
    """The moment of the clock change between two moments a few hours apart; `until` without one."""
    offset = after.astimezone(place).utcoffset()
    if until.astimezone(place).utcoffset() == offset:
        return until
    seconds = range(int(after.timestamp()), int(until.timestamp()))
    found = bisect_left(
        seconds, True, key=lambda at: datetime.fromtimestamp(at, place).utcoffset() != offset
    )
    return datetime.fromtimestamp(seconds.start + found, UTC)


def _around(moment: datetime, zone: str, at: time, steps: tuple[int, ...]) -> Iterator[datetime]:
    """When that clock shows `at` on the dates so many days from that of `moment`."""
    place = zone_called(zone)
    today = moment.astimezone(place).date()
    return (_instant(today + DAY * step, at, place) for step in steps)


def within(at: time, begin: time, end: time) -> bool:
    """Whether `at` lies between two times of the clock, over midnight if they turn."""
    if begin <= end:
        return begin <= at < end
    return at >= begin or at < end


def _instant(day: date, at: time, place: ZoneInfo) -> datetime:
    """The wall time `at` on `day` in UTC; `fold=0` reads a gap with the offset before it."""
    return datetime.combine(day, at.replace(fold=0), tzinfo=place).astimezone(UTC)


# A claim asks it of the same few dates a thousand times.
@lru_cache(maxsize=4096)
def _exists(day: date, place: ZoneInfo) -> bool:
    """False for a date that was jumped over, as Apia did with 30 December 2011."""
    return _instant(day, time.min, place) < _instant(day + DAY, time.min, place)


def mask_of(weekdays: Iterable[int]) -> int:
    """Weekdays as one number, bit 0 for Monday: what a Plan stores."""
    return sum(1 << day for day in set(weekdays))


@cache
def weekdays_of(mask: int) -> frozenset[int]:
    """The weekdays in such a number; the opposite of `mask_of`."""
    return frozenset(day for day in EVERY_DAY if mask >> day & 1)
