"""Writes, changes, deletes and brings back journal entries."""

import base64
import hashlib
import json
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core import signing
from django.db import IntegrityError, transaction
from django.utils import timezone

from healing.accounts.models import User
from healing.vault.actions import private_id
from healing.vault.fields import SealedBytes
from journal.models import Draft, Entry

UNDO_FOR = timedelta(hours=1)
SAME_WITHIN = timedelta(minutes=10)
_UNDO = "journal.undo"


class UndoOver(ValueError):
    """The hour is over, or this is no undo of this person."""


@transaction.atomic
def record_entry(*, owner: User, form_id: UUID, local_date: date, content: dict[str, Any]) -> Entry:
    """Store an entry once, however often the form arrives.

    The same form with the same words meets its own row, and so does a form that the browser made
    anew and filled in again (someone went back and pressed Save). With other words it becomes a
    second entry, since nothing saved is ever overwritten. The draft of the form goes.
    """
    _drop_draft(owner, form_id)
    if (met := _same_lately(owner, local_date, content)) is not None:
        return met
    words = json.dumps([local_date.isoformat(), content], sort_keys=True)
    second = private_id(owner, "journal.entry", str(form_id), words)
    for pk in (form_id, second):
        if (entry := _insert_or_meet(pk, owner, local_date, content)) is not None:
            return entry
    # Both were stored from this form and have been changed since.
    made: Entry = Entry.objects.create(owner=owner, local_date=local_date, content=content)
    return made


def _drop_draft(owner: User, form_id: UUID) -> None:
    """In the transaction of saving; a draft that arrives meanwhile waits, and finds it saved."""
    User.objects.select_for_update(no_key=True).get(pk=owner.pk)
    Draft.objects.of(owner).filter(pk=form_id).delete()


def _same_lately(owner: User, local_date: date, content: dict[str, Any]) -> Entry | None:
    """An entry of the last ten minutes that says exactly the same."""
    since = timezone.now() - SAME_WITHIN
    entries = Entry.objects.of(owner).filter(local_date=local_date, created__gte=since)
    return next((entry for entry in entries if entry.content == content), None)


def _insert_or_meet(
    pk: UUID, owner: User, local_date: date, content: dict[str, Any]
) -> Entry | None:
    """The row with this id, made or met; None if other words, or another person, have the id."""
    entry = Entry(id=pk, owner=owner, local_date=local_date, content=content)
    try:
        with transaction.atomic():
            entry.save(force_insert=True)
    except IntegrityError:
        met: Entry | None = Entry.objects.of(owner).filter(pk=pk).first()
        same = met is not None and (met.local_date, met.content) == (local_date, content)
        return met if same else None
    return entry


def mark_of(local_date: date, content: dict[str, Any]) -> str:
    """Sixteen hex digits that tell one version of an entry from another.

    A browser changes line ends, and sends feelings in the order of the page: neither is a change.
    """
    content = {**content, "feelings": sorted(content.get("feelings", ()))}
    words = json.dumps([local_date.isoformat(), content], sort_keys=True).replace(r"\r\n", r"\n")
    return hashlib.sha256(words.encode()).hexdigest()[:16]


@transaction.atomic
def change_entry(
    *, entry: Entry, form_id: UUID, opened_with: str, local_date: date, content: dict[str, Any]
) -> Entry:
    """Replace what the entry says and the day it is about.

    `opened_with` is the mark of the version the form was opened with. If the entry has changed
    since, it stays, and a changed form becomes a second entry. The draft of the form goes. Returns
    the entry to show; raises Entry.DoesNotExist if it was deleted.
    """
    _drop_draft(entry.owner, form_id)
    stored: Entry = Entry.objects.of(entry.owner).select_for_update().get(pk=entry.pk)
    changed = mark_of(local_date, content)
    if changed in (opened_with, mark_of(stored.local_date, stored.content)):
        return stored
    if opened_with != mark_of(stored.local_date, stored.content):
        return record_entry(
            owner=entry.owner, form_id=form_id, local_date=local_date, content=content
        )
    stored.local_date, stored.content = local_date, content
    stored.save(update_fields=["local_date", "content"])
    return stored


def undo_token(entry: Entry) -> str:
    """The whole entry, sealed and signed, for the page that offers to bring it back.

    So deleting deletes at once, and what could be undone is kept nowhere on the server.
    """
    field: Any = entry._meta.get_field("content")
    sealed = field.pre_save(entry, add=False)
    parts = (
        entry.owner_id,
        str(entry.pk),
        entry.local_date.isoformat(),
        entry.created.isoformat(),
        base64.b64encode(sealed).decode(),
    )
    return signing.dumps(parts, salt=_UNDO)


def read_undo(*, owner: User, undo: str) -> Entry:
    """The deleted entry, not stored; raises UndoOver after an hour or for someone else's."""
    try:
        owner_id, pk, local_date, created, sealed = signing.loads(
            undo, salt=_UNDO, max_age=UNDO_FOR
        )
    except signing.BadSignature:
        raise UndoOver("This can no longer be undone.") from None
    if owner_id != owner.pk:
        raise UndoOver("This is not an entry of this person.")
    return Entry(
        id=UUID(pk),
        owner=owner,
        local_date=date.fromisoformat(local_date),
        created=datetime.fromisoformat(created),
        content=SealedBytes(base64.b64decode(sealed)),
    )


def restore_entry(*, owner: User, undo: str) -> Entry:
    """Bring a deleted entry back as it was; raises UndoOver. Twice does no harm."""
    entry = read_undo(owner=owner, undo=undo)
    if not Entry.objects.of(owner).filter(pk=entry.pk).exists():
        entry.save(force_insert=True)
    return entry
