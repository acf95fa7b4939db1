"""Keeps moments, and brings one back when something like it happens again."""

import hashlib
import json
from collections.abc import Collection
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from healing.accounts.models import User
from healing.locker.choosing import alike, of_day
from healing.locker.kinds import OTHER
from healing.locker.models import Moment
from healing.vault.actions import private_id

# A form that the browser filled in again within this time is the same one.
SAME_WITHIN = timedelta(minutes=10)


class ChangedMeanwhile(ValueError):
    """Something else was saved since the form was opened, and the form would overwrite it."""


@transaction.atomic
def keep_moment(
    *,
    owner: User,
    moment: UUID,
    words: str,
    kind: str = OTHER,
    triggers: Collection[str] = (),
    day: date | None = None,
    in_mail: bool = False,
) -> Moment:
    """Keep a moment under this id, or change the one that is there.

    `kind` and `triggers` are keys, `day` the date it happened on. Raises Moment.DoesNotExist if
    the id belongs to somebody else.
    """
    said = {
        "kind": kind,
        "words": words,
        "triggers": list(triggers),
        "day": day.isoformat() if day else None,
        "in_mail": in_mail,
    }
    new = {"owner": owner, "local_date": owner.today(), "said": said}
    row: Moment
    row, made = Moment.objects.select_for_update().get_or_create(pk=moment, defaults=new)
    if row.owner_id != owner.pk:
        raise Moment.DoesNotExist
    if not made:
        row.said = said
        row.save(update_fields=["said"])
    return row


def add_moment(*, owner: User, form_id: UUID, answers: dict[str, Any]) -> Moment:
    """Keep what a form for a new one says, once, however often the form arrives.

    `answers` are those of `keep_moment` by name. With other words than before it is a second
    moment: nothing saved is overwritten.
    """
    mark = _mark(**answers)
    same = Q(pk=form_id) | Q(created__gte=timezone.now() - SAME_WITHIN)
    mine: list[Moment] = list(Moment.objects.of(owner).filter(same))
    for row in mine:
        if mark_of(row) == mark:
            return row
    if Moment.objects.filter(pk=form_id).exists():
        form_id = private_id(owner, "moment", str(form_id), mark)
    return keep_moment(owner=owner, moment=form_id, **answers)


@transaction.atomic
def change_moment(
    *, owner: User, moment: UUID, opened_with: str, answers: dict[str, Any]
) -> Moment:
    """Change a moment; `opened_with` is the `mark_of` what the form began with.

    Raises ChangedMeanwhile if it says something else by now, and Moment.DoesNotExist.
    """
    row: Moment = Moment.objects.of(owner).select_for_update().get(pk=moment)
    if mark_of(row) not in (opened_with, _mark(**answers)):
        raise ChangedMeanwhile("Other words were saved since.")
    return keep_moment(owner=owner, moment=moment, **answers)


def moments_like(*, owner: User, triggers: Collection[str], limit: int = 1) -> list[Moment]:
    """Moments that fit these trigger keys: the same trigger first, then the same group.

    The newest first within each; none where nothing fits.
    """
    if not triggers:
        return []
    rows: list[Moment] = list(Moment.objects.of(owner).order_by("-created", "-id"))
    return alike([(row, row.triggers) for row in rows], triggers)[:limit]


def line_for_mail(*, owner: User, day: date) -> str | None:
    """One line of those the person lets stand in their mail: the same one for a whole day.

    `day` is a local date. None where they allowed none.
    """
    rows = [row for row in Moment.objects.of(owner).order_by("created", "id") if row.in_mail]
    chosen = of_day([(row, row.local_date) for row in rows], day)
    return " ".join(chosen.words.split()) if chosen else None


def mark_of(row: Moment) -> str:
    """Sixteen hex digits that tell one version of a moment from another."""
    said = {name: row.said[name] for name in ("words", "kind", "in_mail")}
    return _mark(**said, triggers=row.triggers, day=row.day)


def _mark(
    *, words: str, kind: str, triggers: Collection[str], day: date | None, in_mail: bool
) -> str:
    """A browser changes line ends, and sends ticks in the order of the page: neither is another."""
    said = [words, kind, sorted(triggers), day and day.isoformat(), in_mail]
    text = json.dumps(said).replace(r"\r\n", r"\n")
    return hashlib.sha256(text.encode()).hexdigest()[:16]
