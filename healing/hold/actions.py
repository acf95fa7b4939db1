"""Begins, answers, closes and deletes a hold, and brings its words into the journal when asked."""

import json
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from exercises.actions import forget_note, record_session
from exercises.models import Session
from exercises.ratings import Ended
from healing.accounts.models import User
from healing.hold.drafts import Draft
from healing.hold.models import Hold
from healing.hold.wave import WAVE_TIMER, WAYS, Chosen, did
from healing.vault.actions import private_id
from journal.actions import change_entry, mark_of, record_entry
from journal.models import Entry


@transaction.atomic
def begin_hold(*, owner: User, hold: UUID, said: dict[str, Any]) -> Hold:
    """Store a hold under the id its form was given, so that sending twice makes one row.

    Somebody who goes back and changes their words means the changed ones: while nothing is chosen
    they take the place of the first, later they begin another hold. `said`: see `HoldForm.said`.
    Raises Hold.DoesNotExist if the id belongs to somebody else.
    """
    empty = {"after": None, "chosen": None, "entry": None}
    row = Hold(
        id=hold,
        owner=owner,
        local_date=owner.today(),
        state=Hold.State.OPEN,
        said={**said, **empty},
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return _met(owner, hold, said)
    return row


def _met(owner: User, hold: UUID, said: dict[str, Any]) -> Hold:
    row: Hold = Hold.objects.of(owner).select_for_update().get(pk=hold)
    if {**row.said, **said} == row.said:
        return row
    if row.is_open and row.said["chosen"] is None:
        row.said = {**row.said, **said}
        row.save(update_fields=["said"])
        return row
    words = json.dumps(said, sort_keys=True)
    return begin_hold(owner=owner, hold=private_id(owner, "hold", str(hold), words), said=said)


@transaction.atomic
def answer_hold(
    *,
    hold: Hold,
    after: int | None,
    chosen: Chosen,
    seconds: int | None,
    ended: Ended | None,
) -> Hold:
    """Keep how it is now and what was chosen; a closed hold stays as it is.

    `ended` None: no time was taken, and so nothing was practised. Returns the hold to show: a new
    one with the same words where somebody waits once more.
    """
    row = _locked(hold)
    if row.is_open:
        row.said = {**row.said, "after": after, "chosen": chosen}
        row.save(update_fields=["said"])
        if ended:
            _record_practice(row, seconds, ended)
    return _hold_again(row) if row.said["chosen"] == Chosen.WAIT else row


def _record_practice(row: Hold, seconds: int | None, ended: Ended) -> None:
    record_session(
        owner=row.owner,
        session=_practice_id(row.owner, row),
        exercise=WAVE_TIMER,
        variant=WAYS[row.said["minutes"]],
        before=row.said["before"],
        after=row.said["after"],
        seconds=seconds,
        ended=ended,
    )


def practice_of(*, owner: User, hold: Hold) -> Session | None:
    """The exercise session that a hold counts as; None where no time was taken."""
    found: Session | None = Session.objects.of(owner).filter(pk=_practice_id(owner, hold)).first()
    return found


def _practice_id(owner: User, hold: Hold) -> UUID:
    return private_id(owner, "hold.practice", str(hold.pk))


def _hold_again(row: Hold) -> Hold:
    """A new hold that takes over urge, number and words; the one before it is closed."""
    again_id = private_id(row.owner, "hold.again", str(row.pk))
    met: Hold | None = Hold.objects.of(row.owner).filter(pk=again_id).first()
    if met:
        return met
    said = row.said
    number = said["before"] if said["after"] is None else said["after"]
    names = ("urges", "own", "minutes", "message")
    again = begin_hold(
        owner=row.owner,
        hold=again_id,
        said={**{name: said[name] for name in names}, "before": number},
    )
    _close(row, keeps_words=False)
    return again


@transaction.atomic
def close_hold(*, hold: Hold, keeps_words: bool, journal: bool, with_words: bool) -> Hold:
    """Bring a hold into the journal, if asked, and close it; its words go unless they are kept."""
    row = _locked(hold)
    if journal and entry_of(owner=row.owner, hold=row) is None:
        _bring_into_journal(row, with_words=with_words)
    if row.is_open:
        _close(row, keeps_words=keeps_words)
    return row


def _close(row: Hold, *, keeps_words: bool) -> None:
    if not keeps_words:
        row.said = {**row.said, "message": ""}
    row.state = Hold.State.CLOSED
    row.save(update_fields=["said", "state"])


@transaction.atomic
def delete_hold(*, hold: Hold) -> None:
    """Delete a hold with its words and the practice it counted as; a journal entry stays."""
    Session.objects.of(hold.owner).filter(pk=_practice_id(hold.owner, hold)).delete()
    Hold.objects.of(hold.owner).filter(pk=hold.pk).delete()


def entry_of(*, owner: User, hold: Hold) -> Entry | None:
    """The journal entry made from a hold, unless it was deleted."""
    if hold.entry is None:
        return None
    found: Entry | None = Entry.objects.of(owner).filter(pk=hold.entry).first()
    return found


def _bring_into_journal(row: Hold, *, with_words: bool) -> Entry:
    said = row.said
    answers = {
        "strength": said["before"],
        "urges": said["urges"],
        "urges_own": said["own"],
        "did": did(said["chosen"], said["urges"]) if said["chosen"] else [],
        "note": said["message"] if with_words else "",
    }
    given = {name: value for name, value in answers.items() if value not in (None, "", [])}
    entry = record_entry(
        owner=row.owner,
        form_id=private_id(row.owner, "hold.entry", str(row.pk)),
        local_date=row.local_date,
        content={"form": "quick", **given},
    )
    row.said = {**said, "entry": str(entry.pk)}
    row.save(update_fields=["said"])
    return entry


@transaction.atomic
def keep_draft_in_journal(*, draft: Draft) -> Entry:
    """Bring unsent words into the journal: into the hold's entry, or into one of their own. Once.

    The words stay among the unsent ones, too.
    """
    if isinstance(draft.row, Session):
        return _entry_of_practice(draft)
    row = _locked(draft.row)
    entry = entry_of(owner=row.owner, hold=row)
    if entry is None:
        return _bring_into_journal(row, with_words=True)
    if draft.words in entry.note:
        return entry
    note = "\n\n".join(filter(None, [entry.note, draft.words]))
    return change_entry(
        entry=entry,
        form_id=private_id(row.owner, "hold.entry", str(row.pk), "words"),
        opened_with=mark_of(entry.local_date, entry.content),
        local_date=entry.local_date,
        content={**entry.content, "note": note},
    )


def _entry_of_practice(draft: Draft) -> Entry:
    owner = draft.row.owner
    content = {"form": "quick", "note": draft.words}
    if draft.urge:
        content["urges_own"] = draft.urge
    return _entry_of_draft(owner, draft) or record_entry(
        owner=owner,
        form_id=_draft_entry_id(owner, draft),
        local_date=draft.row.local_date,
        content=content,
    )


def draft_in_journal(*, owner: User, draft: Draft) -> Entry | None:
    """The journal entry that holds these unsent words already."""
    row = draft.row
    if isinstance(row, Session):
        return _entry_of_draft(owner, draft)
    entry = entry_of(owner=owner, hold=row)
    return entry if entry and draft.words in entry.note else None


def _entry_of_draft(owner: User, draft: Draft) -> Entry | None:
    found: Entry | None = Entry.objects.of(owner).filter(pk=_draft_entry_id(owner, draft)).first()
    return found


def _draft_entry_id(owner: User, draft: Draft) -> UUID:
    """The id of the journal entry made from words kept with the wave timer."""
    return private_id(owner, "hold.draft", str(draft.row.pk))


@transaction.atomic
def delete_draft(*, draft: Draft) -> None:
    """Delete unsent words at once; the ratings beside them stay."""
    if isinstance(draft.row, Session):
        forget_note(session=draft.row, key=draft.key)
        return
    row = _locked(draft.row)
    row.said = {**row.said, "message": ""}
    row.save(update_fields=["said"])


def _locked(hold: Hold) -> Hold:
    row: Hold = Hold.objects.of(hold.owner).select_for_update().get(pk=hold.pk)
    return row
