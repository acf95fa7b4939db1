"""Entries, check-ins and practice for the tests of the insights."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse

from exercises.models import Session
from healing.accounts.models import User
from healing.checkins.models import CheckIn
from journal.models import Entry


@pytest.fixture
def hers(mara: User, client_of: Callable[[User], Client]) -> Client:
    return client_of(mara)


def write(owner: User, *, back: int = 0, hour: int | None = None, **content: Any) -> Entry:
    """An entry about so many days ago; with an hour (UTC) it was written on that day."""
    day = owner.today() - timedelta(days=back)
    more = {"created": datetime(day.year, day.month, day.day, hour, 5, tzinfo=UTC)} if hour else {}
    entry: Entry = Entry.objects.create(owner=owner, local_date=day, content=content, **more)
    return entry


def check_in(owner: User, *, back: int = 0, **answers: Any) -> None:
    day = owner.today() - timedelta(days=back)
    CheckIn.objects.create(owner=owner, local_date=day, answers=answers)


def practise(
    owner: User, exercise: str, *, back: int = 0, before: int | None = 6, after: int | None = 3
) -> UUID:
    row = Session.objects.create(
        id=uuid4(),
        owner=owner,
        local_date=owner.today() - timedelta(days=back),
        state=Session.State.DONE,
        said={"exercise": exercise, "before": before, "after": after, "noted": [], "framed": None},
    )
    pk: UUID = row.pk
    return pk


def seen(client: Client, name: str, time: str = "all", **kwargs: Any) -> str:
    """What stands between header and footer of a page of this room, its spaces made one."""
    answer = client.get(reverse(f"insights:{name}", kwargs=kwargs), {"time": time})
    assert answer.status_code == 200
    main = answer.content.decode().split("<main", 1)[1].split("</main>", maxsplit=1)[0]
    return " ".join(main.split())


def day(text: str) -> date:
    return date.fromisoformat(text)
