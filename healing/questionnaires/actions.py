"""Stores answers as they are given, and a filled-in questionnaire once."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.shortcuts import get_object_or_404

from healing.accounts.models import User
from healing.questionnaires.instrument import Instrument
from healing.questionnaires.models import Submission, Taking
from healing.vault.actions import private_id

Choices = Mapping[str, str | list[str]]


def resting(*, owner: User, instrument: Instrument) -> Submission | None:
    """The last submission, while it is too early for another one."""
    newest: Submission | None = Submission.objects.of(owner).to(instrument).first()
    if newest and owner.today() < newest.again_from(instrument):
        return newest
    return None


def under_way(*, owner: User, instrument: Instrument) -> Taking | None:
    """What was answered so far, if the questionnaire is under way in this version."""
    found: Taking | None = Taking.objects.of(owner).filter(pk=_taking_id(owner, instrument)).first()
    return found if found and found.version == instrument.version else None


@transaction.atomic
def keep_answers(
    *,
    owner: User,
    instrument: Instrument,
    asked: Collection[str],
    answers: Mapping[str, int],
    choices: Choices,
    row: UUID | None = None,
    passed: int = 0,
) -> Taking | None:
    """Keep what was answered so far; what was `asked` and is in neither was left open.

    `row` names the form it comes from; one that was stored already is over, and None is returned.
    `passed`: the questions gone through one by one.
    """
    if row and Submission.objects.of(owner).filter(pk=row).exists():
        return None
    taking = _locked(owner, instrument, row or uuid4())
    said = taking.said
    for name, given in (("answers", answers), ("choices", choices)):
        left = {key: value for key, value in said[name].items() if key not in asked}
        said[name] = {**left, **given}
    said["passed"] = max(passed, said["passed"])
    taking.said = said
    taking.save()
    return taking


def _locked(owner: User, instrument: Instrument, row: UUID) -> Taking:
    """The row of what is under way, locked; begun anew where there is none of this version."""
    empty: dict[str, Any] = {"row": str(row), "answers": {}, "choices": {}, "passed": 0}
    fresh = {
        "owner": owner,
        "instrument": instrument.id,
        "version": instrument.version,
        "local_date": owner.today(),
        "said": empty,
    }
    rows = Taking.objects.of(owner).select_for_update()
    taking: Taking
    taking, _made = rows.get_or_create(pk=_taking_id(owner, instrument), defaults=fresh)
    if taking.version != instrument.version:
        taking.version, taking.said = instrument.version, empty
    return taking


def discard(*, owner: User, instrument: Instrument) -> None:
    """Delete what was answered so far."""
    Taking.objects.of(owner).filter(pk=_taking_id(owner, instrument)).delete()


@transaction.atomic
def submit(
    *,
    owner: User,
    instrument: Instrument,
    row: UUID,
    answers: Mapping[str, int],
    choices: Choices,
) -> Submission:
    """Store the answers as the row `row`; sent again, they change nothing and the first stand.

    Nothing is under way after it. Raises Http404 if `row` is the id of another person's row.
    """
    submission = _insert_or_meet(owner, instrument, row, answers, choices)
    discard(owner=owner, instrument=instrument)
    return submission


def _insert_or_meet(
    owner: User,
    instrument: Instrument,
    row: UUID,
    answers: Mapping[str, int],
    choices: Choices,
) -> Submission:
    try:
        with transaction.atomic():
            made: Submission = Submission.objects.create(
                id=row,
                owner=owner,
                instrument=instrument.id,
                version=instrument.version,
                local_date=owner.today(),
                said={"answers": dict(answers), "choices": dict(choices)},
            )
            return made
    except IntegrityError:
        mine: Submission = get_object_or_404(Submission.objects.of(owner), pk=row)
        return mine


def _taking_id(owner: User, instrument: Instrument) -> UUID:
    return private_id(owner, "questionnaires.taking", instrument.id)
