"""Stores a filled-in questionnaire, once."""

from collections.abc import Mapping
from uuid import UUID

from django.db import IntegrityError, transaction
from django.shortcuts import get_object_or_404

from exercises.actions import begin_gentler_path
from healing.accounts.models import User
from healing.questionnaires.instrument import Instrument
from healing.questionnaires.models import Submission
from healing.questionnaires.scoring import next_step

# The suggestion of an instrument that begins the gentler path (programme section 2, shortcuts).
RECENT_LOSS = "recent_loss"


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
) -> Submission:
    """Store the answers as the row `row`; sent again, they change nothing and the first stand.

    Where they tell of a recent loss, the gentler path begins, for 90 days from today.

    Raises Http404 if `row` is the id of another person's row.
    """
    try:
        with transaction.atomic():
            submission: Submission = Submission.objects.create(
                id=row,
                owner=owner,
                instrument=instrument.id,
                version=instrument.version,
                local_date=owner.today(),
                said={"answers": dict(answers), "choices": dict(choices)},
            )
            if next_step(instrument, answers, choices).key == RECENT_LOSS:
                begin_gentler_path(owner=owner)
            return submission
    except IntegrityError:
        mine: Submission = get_object_or_404(Submission.objects.of(owner), pk=row)
        return mine
