"""Exercises a person did, for naming them in an entry."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils.formats import date_format

from exercises.models import Exercise, Session
from healing.accounts.models import User


@dataclass(frozen=True, slots=True)
class Practised:
    """One time of doing an exercise: its ids, its title, and the day if it still stands."""

    session: str
    exercise: str
    title: str
    local_date: date | None

    @property
    def words(self) -> str:
        day = self.local_date and date_format(self.local_date, "j F")
        return f"{self.title}, {day}" if day else self.title


def practised(
    *,
    owner: User,
    day: date | None = None,
    posted: Iterable[str] = (),
    kept: Iterable[Mapping[str, str]] = (),
) -> dict[str, Practised]:
    """Sessions of the owner by id, the newest first (2 queries, one if there is nothing).

    Those of `day` and the day before, those of the ids `posted` that are theirs, and those `kept`
    in an entry (see `Entry.content`), even if the session is deleted by now.
    """
    stored = {one["session"]: one["exercise"] for one in kept}
    wanted = Q(pk__in=[pk for pk in map(_uuid, [*posted, *stored]) if pk])
    if day:
        wanted |= Q(local_date__in=[day, day - timedelta(days=1)])
    rows = Session.objects.of(owner).practised().filter(wanted).order_by("-created", "-id")
    found = {str(row.pk): (row.exercise, row.local_date) for row in rows}
    found |= {pk: (exercise, None) for pk, exercise in stored.items() if pk not in found}
    titles = _titles({exercise for exercise, _day in found.values()})
    return {pk: Practised(pk, one, titles.get(one, one), on) for pk, (one, on) in found.items()}


def _titles(ids: set[str]) -> dict[str, str]:
    if not ids:
        return {}
    rows = Exercise.objects.filter(content_id__in=ids)
    return dict(rows.values_list("content_id", "title"))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
