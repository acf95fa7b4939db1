"""Moments that held, kept for an hour in which nothing seems to."""

from datetime import date

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from healing.locker.kinds import KINDS
from healing.taxonomy.triggers import TRIGGERS
from healing.vault.fields import SealedJSONField
from healing.vault.models import PrivateRecord


class Moment(PrivateRecord):
    """One moment. `local_date` is the day it was written down.

    `said` holds {"kind": key of `kinds.KINDS`, "words": text, "triggers": up to three keys of
    healing.taxonomy.triggers, "day": ISO date it happened on, or null, "in_mail": whether the
    person lets it stand in their own mail}.
    """

    local_date = models.DateField()
    said = SealedJSONField()

    class Meta:
        verbose_name = _("moment in the locker")
        verbose_name_plural = _("moments in the locker")
        indexes = [models.Index(fields=["owner", "-created", "-id"], name="moments_newest_first")]

    def __str__(self) -> str:
        return f"moment of person {self.owner_id}"

    @property
    def words(self) -> str:
        return str(self.said["words"])

    @property
    def kind_label(self) -> str | Promise:
        return KINDS[self.said["kind"]]

    @property
    def triggers(self) -> list[str]:
        """Keys."""
        return list(self.said["triggers"])

    @property
    def trigger_labels(self) -> list[str | Promise]:
        known = TRIGGERS.by_key
        return [known[key].label for key in self.triggers if key in known]

    @property
    def day(self) -> date | None:
        """When it happened."""
        day = self.said["day"]
        return date.fromisoformat(day) if day else None

    @property
    def in_mail(self) -> bool:
        return bool(self.said["in_mail"])
