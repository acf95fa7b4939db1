"""Writes a day's check-in, whether the person is signed in or comes from a mail."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from healing.accounts.models import User
from healing.checkins import texts
from healing.checkins.items import ITEMS, is_asked
from healing.checkins.models import CheckIn

Answers = dict[str, Any]


@transaction.atomic
def save_check_in(
    *, owner: User, local_date: date, answers: Answers, shown: Mapping[str, str]
) -> None:
    """Save what the person answered on that date, over what they had answered before.

    `shown` names the answers that stood in the form when it was opened, with the digest of each
    text: only those can have been taken back. What was saved since, from a mail or in another tab,
    stays, and a text is added to it.
    """
    row = _locked(owner, local_date)
    kept = {key: said for key, said in row.answers.items() if key not in shown}
    words = {
        name: texts.merged(row.answers.get(name, ""), answers.get(name, ""), shown.get(name, ""))
        for name in texts.NAMES
    }
    _store(row, {**kept, **answers, **words})


@transaction.atomic
def fill_check_in(*, owner: User, local_date: date, answers: Answers) -> None:
    """Save what was still empty on that date; a text is added below the one that is there."""
    row = _locked(owner, local_date)
    words = {
        name: texts.joined(row.answers.get(name, ""), answers.get(name, "")) for name in texts.NAMES
    }
    _store(row, {**answers, **row.answers, **words})


def _locked(owner: User, local_date: date) -> CheckIn:
    """The row of that date, made if there is none, held against a second writer."""
    rows = CheckIn.objects.of(owner).select_for_update()
    row: CheckIn
    row, _made = rows.get_or_create(
        owner=owner, local_date=local_date, defaults={"answers": Answers()}
    )
    return row


def _store(row: CheckIn, answers: Answers) -> None:
    """Saves the row; a day without any answer keeps no row, it was not a check-in."""
    row.answers = applicable({key: said for key, said in answers.items() if said != ""})
    if row.answers:
        row.save(update_fields=["answers", "changed"])
    else:
        row.delete()


def applicable(answers: Mapping[str, Any]) -> Answers:
    """The answers without those of items that do not apply."""
    idle = {item.key for item in ITEMS if not is_asked(item, answers)}
    return {key: said for key, said in answers.items() if key not in idle}
