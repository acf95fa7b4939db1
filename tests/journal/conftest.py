"""Entries for the journal's tests."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

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
