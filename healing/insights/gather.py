"""Opens the rows of one person for the pages, each kind once and in one reading."""

import gc
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from exercises.models import Session
from healing.accounts.clock import zone_or_utc
from healing.accounts.models import User
from healing.checkins.models import CheckIn
from healing.hold.models import Hold
from healing.insights.rows import CheckedIn, Noted, Practised
from healing.predictions.models import Prediction
from healing.vault.opening import open_rows
from journal.models import Entry

# Without guessing the encoding and looking for blanks, a quarter faster over ten thousand rows.
_decode = json.JSONDecoder().raw_decode


def _parsed(words: bytes) -> Any:
    return _decode(words.decode())[0]


@contextmanager
def uncollected() -> Iterator[None]:
    """Lets no garbage collection run meanwhile; for a view.

    A year of entries is some hundred thousand objects that stay until the page is made, and looking
    through them again and again for garbage takes as long as opening and counting them.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def entries_of(owner: User, since: date | None, *, hours: bool = False) -> list[Noted]:
    """Entries about the days from `since` on, in no order; `hours`: with the hour (2 queries)."""
    rows = _from(Entry.objects.of(owner), since)
    if not hours:
        return [
            Noted(day, _parsed(words))
            for _id, words, day in open_rows(rows, owner, "content", "local_date")
        ]
    here = zone_or_utc(owner.time_zone)
    return [
        _at(_parsed(words), day, created.astimezone(here))
        for _id, words, day, created in open_rows(rows, owner, "content", "local_date", "created")
    ]


def _at(said: dict[str, Any], day: date, written: datetime) -> Noted:
    """The hour counts only where the entry was written on the day it is about."""
    return Noted(day, said, written.hour if written.date() == day else None)


def check_ins_of(owner: User, since: date | None) -> list[CheckedIn]:
    rows = _from(CheckIn.objects.of(owner), since).order_by("local_date")
    return [
        CheckedIn(day, _parsed(words))
        for _id, words, day in open_rows(rows, owner, "answers", "local_date")
    ]


def sessions_of(owner: User, since: date | None) -> list[Practised]:
    """Exercises that came to an end, from that day on."""
    rows = _from(Session.objects.of(owner).practised(), since)
    return [
        Practised(pk, day, said["exercise"], said["before"], said["after"])
        for pk, words, day in open_rows(rows, owner, "said", "local_date")
        for said in [_parsed(words)]
    ]


def holds_of(owner: User, since: date | None) -> list[str]:
    """What was chosen at the end of each held urge that was closed: values of `wave.Chosen`."""
    rows = _from(Hold.objects.of(owner), since)
    said = [_parsed(words) for _id, words in open_rows(rows, owner, "said")]
    return [one["chosen"] for one in said if one["chosen"]]


def outcomes_of(owner: User, since: date | None) -> list[str]:
    """How predictions turned out: values of `Outcome`.

    Those with a lie or a threat are left out, since numbers would mislead there.
    """
    rows = _from(Prediction.objects.of(owner), since)
    return [row.said["outcome"] for row in rows if row.outcome and not row.is_marked]


def first_day(*kinds: Iterable[Noted | CheckedIn | Practised]) -> date | None:
    """The earliest day of all rows, or None."""
    return min((row.day for rows in kinds for row in rows), default=None)


def _from(rows: Any, since: date | None) -> Any:
    return rows.filter(local_date__gte=since) if since else rows
