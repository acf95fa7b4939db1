"""Finds a person's letters, tells two versions of one apart, and brings a deleted one back."""

import base64
import hashlib
from copy import copy
from datetime import date, datetime, timedelta
from typing import Any, cast
from uuid import UUID

from django.core import serializers, signing
from django.db import transaction
from django.db.models import Max

from healing.accounts.clock import local_today
from healing.accounts.models import User
from healing.reminders.actions import share, stop
from healing.reminders.holdback import locked
from healing.reminders.models import Delivery, Enclosure, Plan, PlanQuerySet
from healing.reminders.schedule import DAY
from healing.vault.actions import private_id
from healing.vault.fields import SealedBytes

UNDO_FOR = timedelta(hours=1)
_UNDO = "reminders.letter.undo"


class UndoOver(ValueError):
    """The hour is over, or this is no undo of this person."""


def letters_of(owner: User) -> PlanQuerySet:
    """The person's letters with their words, the next day first."""
    rows: PlanQuerySet = Plan.objects.of(owner).filter(kind=Plan.Kind.LETTER)
    return rows.select_related("enclosure").order_by("on_date", "created", "id")


def words_of(letter: Plan) -> str:
    return str(letter.enclosure.said["words"])


def has_come(letter: Plan, now: datetime) -> bool:
    """Whether its day has come, on its own clock."""
    return letter.on_date is not None and letter.on_date <= local_today(letter.time_zone, now)


def mark_of(words: str, on_date: date | None) -> str:
    """Sixteen hex digits that tell one version of a letter from another."""
    # A browser changes line ends: that is no other version.
    text = f"{on_date}\n{words}".replace("\r\n", "\n")
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def free_id(*, owner: User, letter: UUID, words: str, on_date: date) -> UUID:
    """The id to store a new letter under: that of its form, unless other words have it already.

    Nothing saved is ever overwritten by going back and saving other words.
    """
    mark = mark_of(words, on_date)
    # The letter stored under such an id may have been changed since.
    while met := Plan.objects.filter(pk=letter).select_related("enclosure").first():
        if met.owner_id == owner.pk and mark_of(words_of(met), met.on_date) == mark:
            break
        letter = private_id(owner, "reminders.letter", str(letter), mark)
    return letter


def undo_token(letter: Plan) -> str:
    """The whole letter, its words sealed, signed: for the page that offers to bring it back.

    So deleting deletes at once, and what could be undone is kept nowhere on the server. A letter
    that a mail has named is in it as stopped: the record of that mail may go with the letter.
    """
    enclosure = letter.enclosure
    field: Any = enclosure._meta.get_field("said")
    sealed = base64.b64encode(field.pre_save(enclosure, add=False)).decode()
    kept = copy(letter)
    if letter.is_standing and newest_mail(letter):
        stop(kept)
    row = serializers.serialize("json", [kept])
    return signing.dumps([letter.owner_id, row, str(enclosure.pk), sealed], salt=_UNDO)


def newest_mail(letter: Plan) -> date | None:
    """The date of the last mail since its day that names letters, or of one just being sent."""
    mails = Delivery.objects.mails().went().filter(person=letter.owner_id, is_last_note=False)
    newest = mails.filter(local_date__gte=letter.on_date).aggregate(date=Max("local_date"))
    return cast(date | None, newest["date"])


def read_undo(*, owner: User, undo: str) -> Enclosure:
    """The deleted letter, not stored, as what its plan enclosed; raises UndoOver."""
    try:
        owner_id, row, pk, sealed = signing.loads(undo, salt=_UNDO, max_age=UNDO_FOR)
    except signing.BadSignature:
        raise UndoOver("This can no longer be undone.") from None
    if owner_id != owner.pk:
        raise UndoOver("This is no letter of this person.")
    plan: Any = next(serializers.deserialize("json", row)).object
    said = SealedBytes(base64.b64decode(sealed))
    return Enclosure(id=UUID(pk), owner=owner, plan=plan, said=said)


@transaction.atomic
def restore_letter(*, owner: User, undo: str, now: datetime) -> None:
    """Bring a deleted letter back; raises UndoOver. Twice does no harm.

    What all plans share, such as a break begun meanwhile, holds for it as for the others.
    """
    enclosure = read_undo(owner=owner, undo=undo)
    letter: Plan = enclosure.plan
    plans = locked(owner.pk)
    if any(plan.pk == letter.pk for plan in plans):
        return
    is_standing = letter.is_standing
    its_break = letter.break_until, letter.break_since
    share(letter, plans)
    if is_standing:
        if not any(plan.is_standing for plan in plans):
            # A break is of the plans that are not stopped: so it went with the letter.
            letter.break_until, letter.break_since = its_break
        letter.quiet_since = None
        if letter.quiet_to and letter.is_quiet_at(letter.local_time):
            # These hours were chosen while it was away: in them it would never come.
            letter.local_time = letter.quiet_to
        # While it was away it was in no mail; so it comes with the next.
        if missed := newest_mail(letter):
            letter.on_date = missed + DAY
            letter.stop()
        letter.take_up(now)
    else:
        # A stopped plan knows nothing of a break, whose end would take it up.
        stop(letter)
    letter.save(force_insert=True)
    enclosure.save(force_insert=True)
