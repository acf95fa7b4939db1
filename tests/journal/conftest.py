"""Entries for the journal's tests."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from healing.accounts.models import User
from journal.models import Entry

Write = Callable[..., Entry]


@pytest.fixture
def write() -> Write:
    """Stores an entry of a person; today and `reply_late` unless said otherwise."""

    def stored(owner: User, *, local_date: date | None = None, **content: Any) -> Entry:
        content = content or {"trigger": "reply_late"}
        entry: Entry = Entry.objects.create(
            owner=owner,
            local_date=local_date or owner.today(),
            content={"form": "quick", **content},
        )
        return entry

    return stored


def at_hour(person: User, hour: int) -> None:
    """Moves a person to where it is this hour of the day now."""
    ahead = (hour - timezone.now().hour + 11) % 24 - 11
    person.time_zone = f"Etc/GMT{-ahead:+d}" if ahead else "UTC"
    person.save()
