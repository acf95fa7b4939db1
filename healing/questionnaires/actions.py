"""Stores a filled-in questionnaire, once."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.shortcuts import get_object_or_404

from healing.accounts.models import User
from healing.questionnaires.instrument import Instrument
from healing.questionnaires.models import Submission


def resting(*, owner: User, instrument: Instrument) -> Submission | None:
    """The last submission, while it is too early for another one."""
    newest: Submission | None = Submission.objects.of(owner).to(instrument).first()
    if newest and owner.today() < newest.again_from(instrument):
        return newest
    return None


def submit(
    *,
    owner: User,
    instrument: Instrument,
    row: UUID,
    answers: Mapping[str, int],
    choices: Mapping[str, str | list[str]],
    target: str = "general",
) -> Submission:
    """Store the answers as the row `row`; sent again, they change nothing and the first stand.

    `target` is whom they are about. The range they were given on is kept with them, since an
    operator may change it. Raises Http404 if `row` is the id of another person's row.
    """
    try:
        with transaction.atomic():
            submission: Submission = Submission.objects.create(
                id=row,
                owner=owner,
                instrument=instrument.id,
                version=instrument.version,
                local_date=owner.today(),
                said=_said(instrument, answers, choices, target),
            )
            return submission
    except IntegrityError:
        mine: Submission = get_object_or_404(Submission.objects.of(owner), pk=row)
        return mine


def _said(
    instrument: Instrument,
    answers: Mapping[str, int],
    choices: Mapping[str, str | list[str]],
    target: str,
) -> dict[str, Any]:
    scale = instrument.scale
    return {
        "answers": dict(answers),
        "choices": dict(choices),
        "target": target,
        "range": [scale.lowest, scale.highest],
    }
