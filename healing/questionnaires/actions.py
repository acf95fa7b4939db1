"""Stores answers as they are given, and a filled-in questionnaire once."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.shortcuts import get_object_or_404

from exercises.actions import begin_gentler_path
from healing.accounts.models import User
from healing.questionnaires.instrument import GENERAL, Instrument
from healing.questionnaires.models import Submission, Taking
from healing.questionnaires.questions import TARGET
from healing.questionnaires.scoring import next_step
from healing.vault.actions import private_id

Choices = Mapping[str, str | list[str]]
# The suggestion of an instrument that begins the gentler path (programme section 2, shortcuts).
RECENT_LOSS = "recent_loss"


def resting(*, owner: User, instrument: Instrument) -> dict[str, Submission]:
    """Whom it is too early to answer about again, each with the last submission about them."""
    since = owner.today() - timedelta(weeks=instrument.retake_weeks)
    rows = Submission.objects.of(owner).to(instrument).filter(local_date__gt=since)
    return {row.target: row for row in reversed(rows)}


def under_way(*, owner: User, instrument: Instrument) -> Taking | None:
    """What was answered so far, if the questionnaire is under way in this version and wording."""
    found: Taking | None = Taking.objects.of(owner).filter(pk=_taking_id(owner, instrument)).first()
    return found if found and found.is_of(instrument) else None


@transaction.atomic
def keep_answers(
    *,
    owner: User,
    instrument: Instrument,
    asked: Collection[str],
    answers: Mapping[str, int],
    choices: Choices,
    target: str = "",
    row: UUID | None = None,
    passed: int = 0,
    changed: Collection[str] | None = None,
) -> Taking | None:
    """Keep what was answered so far; what was `asked` and is in neither was left open.

    `row` names the form it comes from; one that was stored already is over, and None is returned.
    `passed`: the questions gone through one by one. `changed`, of a page that may be open twice:
    what was changed on this one, so that the rest stays as another has kept it. With nothing
    changed and nothing under way, None is returned.
    """
    if row and Submission.objects.of(owner).filter(pk=row).exists():
        return None
    if changed is not None:
        if under_way(owner=owner, instrument=instrument):
            asked = set(asked) & set(changed)
        elif not changed:
            return None
    taking = _locked(owner, instrument, row or uuid4())
    said = taking.said
    for name, given in (("answers", answers), ("choices", choices)):
        left = {key: value for key, value in said[name].items() if key not in asked}
        said[name] = left | {key: value for key, value in given.items() if key in asked}
    if TARGET in asked:
        said[TARGET] = target
    said["passed"] = max(passed, said["passed"])
    taking.said = said
    taking.save()
    return taking


def _locked(owner: User, instrument: Instrument, row: UUID) -> Taking:
    """The row of what is under way, locked; begun anew where there is none of this wording."""
    empty: dict[str, Any] = {
        "row": str(row),
        "answers": {},
        "choices": {},
        TARGET: "",
        "passed": 0,
        "wording": instrument.wording,
    }
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
    if not taking.is_of(instrument):
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
    target: str = GENERAL,
) -> Submission:
    """Store the answers as the row `row`; sent again, they change nothing and the first stand.

    `target` is whom they are about. The range they were given on and the mark of the words are kept
    with them, since an operator may change both. Nothing is under way after it. Where the answers
    tell of a recent loss, the gentler path begins, for 90 days from today. Raises Http404 if `row`
    is the id of another person's row.
    """
    said = _said(instrument, answers, choices, target)
    submission = _insert_or_meet(owner, instrument, row, said)
    discard(owner=owner, instrument=instrument)
    return submission


def _insert_or_meet(
    owner: User, instrument: Instrument, row: UUID, said: dict[str, Any]
) -> Submission:
    try:
        with transaction.atomic():
            made: Submission = Submission.objects.create(
                id=row,
                owner=owner,
                instrument=instrument.id,
                version=instrument.version,
                local_date=owner.today(),
                said=said,
            )
            if next_step(instrument, said["answers"], said["choices"]).key == RECENT_LOSS:
                begin_gentler_path(owner=owner)
            return made
    except IntegrityError:
        mine: Submission = get_object_or_404(Submission.objects.of(owner), pk=row)
        return mine


def _taking_id(owner: User, instrument: Instrument) -> UUID:
    return private_id(owner, "questionnaires.taking", instrument.id)


def _said(
    instrument: Instrument, answers: Mapping[str, int], choices: Choices, target: str
) -> dict[str, Any]:
    scale = instrument.scale
    return {
        "answers": dict(answers),
        "choices": dict(choices),
        "target": target,
        "range": [scale.lowest, scale.highest],
        "wording": instrument.wording,
    }
