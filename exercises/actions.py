"""Keeps what a person notes about doing an exercise, and works out what it says."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from exercises.models import Session, Taste
from exercises.ratings import RISES, Ended
from exercises.usefulness import Result, results
from healing.accounts.models import User
from healing.vault.actions import private_id


@transaction.atomic
def record_session(
    *,
    owner: User,
    session: UUID,
    exercise: str,
    variant: str,
    before: int | None,
    after: int | None,
    seconds: int | None,
    ended: Ended | None,
    noted: Sequence[Mapping[str, Any]] = (),
    asked: Collection[str] = (),
) -> Session:
    """Keep one session under the id its form was given, so that sending twice makes one row.

    `ended` None means that it is not over yet. What an earlier call noted stays unless this one
    brings something in its place; of the steps, what the form asked (`asked`, their keys) is now
    as `noted` says (see `SessionForm.noted`), and words of other ways stay. Raises
    Session.DoesNotExist if the id belongs to somebody else.
    """
    row = _own(owner, session)
    brought = {
        "exercise": exercise,
        "variant": variant,
        "before": before,
        "after": after,
        "seconds": seconds,
        "ended": ended,
    }
    kept = row.said or {}
    row.said = {name: kept.get(name) if value is None else value for name, value in brought.items()}
    others = [one for one in kept.get("noted", []) if one["key"] not in asked]
    row.said["noted"] = [*others, *noted]
    if ended:
        row.state = Session.State.DONE
    row.save()
    return row


def _own(owner: User, session: UUID) -> Session:
    """The owner's row of this id, locked; made if there is none."""
    rows = Session.objects.of(owner).select_for_update()
    found: Session | None = rows.filter(pk=session).first()
    if found:
        return found
    try:
        with transaction.atomic():
            return Session.objects.create(
                id=session,
                owner=owner,
                local_date=owner.today(),
                state=Session.State.BEGUN,
                said={},
            )
    except IntegrityError:
        mine: Session = rows.get(pk=session)
        return mine


@dataclass(frozen=True)
class Practice:
    """What a person's sessions and choices say about every exercise, worked out in one reading.

    `sessions`: the newest practised ones, the oldest first.
    """

    sessions: Sequence[Session]
    favourites: Collection[str]
    hidden: Collection[str]
    stirring: Collection[str]
    results: Sequence[Result]

    def of(self, exercise: str) -> list[Session]:
        """The sessions of one exercise, the oldest first."""
        return [row for row in self.sessions if row.exercise == exercise]

    @property
    def best(self) -> Result | None:
        """The exercise after which the distress fell most, if one may be suggested."""
        away = {*self.hidden, *self.stirring}
        return next((one for one in self.results if one.helps and one.exercise not in away), None)


def practice(*, owner: User) -> Practice:
    """What is known of a person's practice (2 queries)."""
    sessions = Session.objects.of(owner).lately()
    taste = _taste(owner)
    return Practice(
        sessions=sessions,
        favourites=taste["favourites"],
        hidden=taste["hidden"],
        stirring=_stirring(sessions, taste["again"]),
        results=results(_rated(sessions)),
    )


def _rated(sessions: Iterable[Session]) -> Iterator[tuple[str, int, int]]:
    for row in sessions:
        if row.said["before"] is not None and row.said["after"] is not None:
            yield row.exercise, row.said["before"], row.said["after"]


def _stirring(sessions: Iterable[Session], again: Mapping[str, str]) -> set[str]:
    """Exercises after which the distress rose twice since they may be suggested (again)."""
    since = {exercise: datetime.fromisoformat(moment) for exercise, moment in again.items()}
    rises = Counter(
        row.exercise
        for row in sessions
        if row.rose and row.created >= since.get(row.exercise, row.created)
    )
    return {exercise for exercise, times in rises.items() if times >= RISES}


def befores_today(*, owner: User, exercise: str) -> list[int]:
    """Ratings before this exercise on the person's day, also where it was never begun."""
    rows = Session.objects.of(owner).filter(local_date=owner.today())
    return [
        row.said["before"]
        for row in rows
        if row.exercise == exercise and row.said["before"] is not None
    ]


@transaction.atomic
def choose(*, owner: User, exercise: str, as_: str, on: bool) -> None:
    """Mark an exercise as a favourite or put it away (`as_`: "favourites" or "hidden"), or not.

    "again" lets one be suggested from now on that had stirred things up.
    """
    row, _ = (
        Taste.objects.of(owner)
        .select_for_update()
        .get_or_create(
            pk=private_id(owner, "taste", ""), defaults={"owner": owner, "said": _no_taste()}
        )
    )
    said = row.said
    if as_ == "again":
        said["again"][exercise] = timezone.now().isoformat()
    else:
        said[as_] = [one for one in said[as_] if one != exercise] + ([exercise] if on else [])
    row.said = said
    row.save(update_fields=["said"])


def _taste(owner: User) -> dict[str, Any]:
    row = Taste.objects.of(owner).first()
    return row.said if row else _no_taste()


def _no_taste() -> dict[str, Any]:
    return {"favourites": [], "hidden": [], "again": {}}
