"""Keeps what someone is writing before they save it, and gives it back to the form."""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from healing.accounts.models import User
from journal.actions import mark_of
from journal.models import Draft, Entry

MOST = 20
Fields = Mapping[str, Sequence[str]]


class Kept(Enum):
    """What became of a draft: kept; or other words have its id; or its entry has moved on."""

    YES = "kept"
    TAKEN = "taken"
    MOVED_ON = "moved_on"


@transaction.atomic
def keep_draft(
    *,
    owner: User,
    form_id: UUID,
    entry: UUID | None,
    fields: Fields,
    version: str = "",
    after: Sequence[str] = (),
) -> Kept:
    """Store what a form holds, in one row for each form; nothing is stored unless it says YES.

    `entry` is the entry the form changes. `version` names this state of the form, and `after` those
    that the page has sent or was opened with: a draft in any other state is another tab's. A form
    that was saved keeps no draft, however late it arrives.
    """
    # Saving takes the same lock, so that one of the two comes first.
    User.objects.select_for_update(no_key=True).get(pk=owner.pk)
    if entry is not None and not _as_opened(owner, entry, fields):
        return Kept.MOVED_ON
    if Entry.objects.of(owner).filter(pk=form_id).exists():
        return Kept.TAKEN
    drafts = Draft.objects.of(owner)
    met: Draft | None = drafts.filter(pk=form_id).first()
    if met is not None and met.version and met.version not in after:
        return Kept.TAKEN
    draft = met or Draft(id=form_id, owner=owner)
    draft.changed = timezone.now()
    draft.content = {
        "fields": {name: list(values) for name, values in fields.items()},
        "entry": str(entry or ""),
        "version": version,
    }
    try:
        with transaction.atomic():
            draft.save(force_insert=met is None, force_update=met is not None)
    except IntegrityError:
        # Somebody else's row has this id.
        return Kept.TAKEN
    too_many = drafts.newest_first().values_list("pk", flat=True)[MOST:]
    drafts.filter(pk__in=list(too_many)).delete()
    return Kept.YES


def _as_opened(owner: User, entry: UUID, fields: Fields) -> bool:
    """Whether the entry still is as the form was opened with."""
    stored: Entry | None = Entry.objects.of(owner).filter(pk=entry).first()
    opened_with = list(fields.get("opened_with", ()))
    return stored is not None and opened_with == [mark_of(stored.local_date, stored.content)]


def drafts_of(*, owner: User, entry: Entry | None = None) -> list[Draft]:
    """Drafts of new entries, or of one entry, the latest first."""
    drafts = list(Draft.objects.of(owner).newest_first())
    return [draft for draft in drafts if _belongs(owner, draft, entry)]


def _belongs(owner: User, draft: Draft, entry: Any) -> bool:
    """Whether the draft is of that form; a change of an entry that is gone is a new entry."""
    if entry is not None or not draft.entry:
        return draft.entry == str(entry.pk if entry else "")
    return not Entry.objects.of(owner).filter(pk=draft.entry).exists()


def draft_named(*, owner: User, pk: str, entry: Entry | None = None) -> Draft | None:
    """The draft that an address names, if it is of this form; None if it is gone."""
    try:
        draft: Draft | None = Draft.objects.of(owner).filter(pk=UUID(pk)).first()
    except ValueError:
        return None
    return draft if draft is not None and _belongs(owner, draft, entry) else None
