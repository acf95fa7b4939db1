"""What someone answered to a questionnaire, and on which day."""

from datetime import date, timedelta
from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from healing.questionnaires.instrument import Instrument
from healing.vault.fields import SealedJSONField
from healing.vault.models import PrivateQuerySet, PrivateRecord


class SubmissionQuerySet(PrivateQuerySet):
    def to(self, instrument: Instrument) -> "SubmissionQuerySet":
        """Submissions to one questionnaire, newest first."""
        return self.filter(instrument=instrument.id).order_by("-created")


class Submission(PrivateRecord):
    """One filled-in questionnaire: item keys -> steps, and choice keys -> answers."""

    instrument = models.CharField(max_length=64)
    version = models.PositiveSmallIntegerField()
    local_date = models.DateField()
    said = SealedJSONField()

    objects: ClassVar[Any] = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("filled-in questionnaire")
        verbose_name_plural = _("filled-in questionnaires")

    def __str__(self) -> str:
        return f"{self.instrument} v{self.version} of person {self.owner_id}"

    @property
    def answers(self) -> dict[str, int]:
        """Item key -> step; items that were skipped are not in it."""
        return dict(self.said["answers"])

    @property
    def choices(self) -> dict[str, str | list[str]]:
        """Choice key -> option key, or a list of them; choices that were skipped are not in it."""
        return dict(self.said["choices"])

    def again_from(self, instrument: Instrument) -> date:
        """The first day on which doing it again says something new."""
        return self.local_date + timedelta(weeks=instrument.retake_weeks)


class Taking(PrivateRecord):
    """A questionnaire under way, with what was answered so far. One for each person and instrument.

    Its id is `private_id`. `said` holds {"row": id the submission will have, "answers" and
    "choices": as in `Submission`, "passed": how many questions were gone through one by one}.
    """

    instrument = models.CharField(max_length=64)
    version = models.PositiveSmallIntegerField()
    local_date = models.DateField()
    said = SealedJSONField()

    class Meta:
        verbose_name = _("questionnaire under way")
        verbose_name_plural = _("questionnaires under way")

    def __str__(self) -> str:
        return f"{self.instrument} v{self.version} of person {self.owner_id}, under way"

    @property
    def row(self) -> UUID:
        return UUID(self.said["row"])

    @property
    def is_empty(self) -> bool:
        return not self.said["answers"] and not self.said["choices"]
