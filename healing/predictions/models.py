"""Fears written down with a day to look again, and what became of them."""

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from healing.predictions.outcomes import LABELS, Outcome
from healing.vault.fields import SealedJSONField
from healing.vault.models import PrivateQuerySet, PrivateRecord


class PredictionQuerySet(PrivateQuerySet):
    def due_on(self, day: date) -> list["Prediction"]:
        """Those that wait for an answer on that day, the longest waiting first."""
        rows = self.filter(due__lte=day).order_by("due", "created", "id")
        return [row for row in rows if row.is_open]

    def in_order(self) -> list["Prediction"]:
        """Open ones by the day they ask, then answered ones, the last answered first."""
        rows = list(self.order_by("due", "created", "id"))
        answered = [row for row in reversed(rows) if not row.is_open]
        answered.sort(key=lambda row: row.said["answered"], reverse=True)
        return [*(row for row in rows if row.is_open), *answered]


class Prediction(PrivateRecord):
    """One fear. `local_date` is the day it was written, `due` the day it asks what happened.

    `said` holds {"fear": text, "likelihood": 0-100 per cent or null, "outcome": see `Outcome`, or
    null while it is open, "told": text, "answered": ISO date or null, "entry": id of the journal
    entry it came from, or null, "unsafe": whether the person ticked that they were lied to or
    threatened, "uneasy": whether that entry tells of such a thing}.
    """

    local_date = models.DateField()
    due = models.DateField()
    said = SealedJSONField()

    objects: ClassVar[Any] = PredictionQuerySet.as_manager()

    class Meta:
        verbose_name = _("prediction")
        verbose_name_plural = _("predictions")
        indexes = [models.Index(fields=["owner", "due"], name="predictions_by_day")]

    def __str__(self) -> str:
        return f"prediction of person {self.owner_id}"

    @property
    def fear(self) -> str:
        return str(self.said["fear"])

    @property
    def likelihood(self) -> int | None:
        """Per cent."""
        likelihood: int | None = self.said["likelihood"]
        return likelihood

    @property
    def outcome(self) -> Outcome | None:
        said = self.said["outcome"]
        return Outcome(said) if said else None

    @property
    def outcome_words(self) -> str | Promise:
        """What happened, as it is shown; empty while it is open."""
        return LABELS[self.outcome] if self.outcome else ""

    @property
    def told(self) -> str:
        return str(self.said["told"])

    @property
    def entry(self) -> UUID | None:
        """The journal entry it came from."""
        entry = self.said["entry"]
        return UUID(entry) if entry else None

    @property
    def is_open(self) -> bool:
        return self.outcome is None

    @property
    def is_marked(self) -> bool:
        """Whether a lie or a threat belongs to it, so that numbers would mislead."""
        return bool(self.said["unsafe"] or self.said["uneasy"])

    def state_on(self, day: date) -> str:
        """`due` if it waits for an answer on that day, else `open` or `answered`."""
        if not self.is_open:
            return "answered"
        return "due" if self.due <= day else "open"
