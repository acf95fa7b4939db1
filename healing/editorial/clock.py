"""The days of a review: which may be its day, and when it runs out (no Django)."""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta

# The first clocks on earth are this far ahead of UTC.
FIRST_ZONE = timedelta(hours=14)


def latest_today(now: datetime) -> date:
    """The latest day that is today anywhere on earth at `now`; any later one is the future."""
    return (now.astimezone(UTC) + FIRST_ZONE).date()


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last of a month that is too short for it."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
