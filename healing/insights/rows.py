"""What the numbers are made from: entries, check-ins and practice, as plain rows (no Django)."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID


class Noted(NamedTuple):
    """A journal entry: the day it is about, what it says (journal.parts), and the hour.

    `hour` is 0 to 23 on the person's clock; None for an entry written on another day.
    """

    day: date
    said: Mapping[str, Any]
    hour: int | None = None


class CheckedIn(NamedTuple):
    """A daily check-in: its day and its answers by item key."""

    day: date
    answers: Mapping[str, Any]


class Practised(NamedTuple):
    """An exercise that came to its end; ratings are 0 to 10, or None."""

    id: UUID
    day: date
    exercise: str
    before: int | None
    after: int | None
