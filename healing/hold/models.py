"""One time of holding an urge, and the words that were not sent."""

from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from healing.hold.urges import HELD
from healing.vault.fields import SealedJSONField
from healing.vault.models import PrivateQuerySet, PrivateRecord

# Enough to know what someone holds most, and opened in a few milliseconds.
RECENT = 200


class HoldQuerySet(PrivateQuerySet):
    def newest_first(self) -> "HoldQuerySet":
        return self.order_by("-created", "-id")

    def lately(self) -> "list[Hold]":
        """The newest `RECENT`, the newest first."""
        return list(self.newest_first()[:RECENT])


class Hold(PrivateRecord):
    """One urge that was put off for a while, or is being put off now.

    `said` holds {"urges": keys of `urges.HELD`, "own": the urge in own words, "before": 0-10 or
    null, "minutes": 2, 5, 10 or 20, "message": words that are not sent, empty when deleted,
    "after": 0-10 or null, "chosen": see `wave.Chosen`, or null, "entry": id of the journal entry
    made from it, or null}.
    """

    class State(models.TextChoices):
        OPEN = "open", _("open")
        CLOSED = "closed", _("closed")

    local_date = models.DateField(editable=False)
    state = models.CharField(max_length=8, choices=State.choices, editable=False)
    said = SealedJSONField()

    objects: ClassVar[Any] = HoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("held urge")
        verbose_name_plural = _("held urges")
        indexes = [models.Index(fields=["owner", "-created", "-id"], name="holds_newest_first")]

    def __str__(self) -> str:
        return f"held urge of person {self.owner_id}"

    @property
    def is_open(self) -> bool:
        """Whether it was left in the middle: nobody has closed it yet."""
        return self.state == self.State.OPEN

    @property
    def words(self) -> str:
        """The message that was not sent."""
        return str(self.said["message"])

    @property
    def urge(self) -> str:
        """What was wanted, in words; empty if nothing was named."""
        labels: list[str | Promise] = [
            HELD.by_key[key].label for key in self.said["urges"] if key in HELD.by_key
        ]
        return ", ".join(str(one) for one in [*labels, self.said["own"]] if one)

    @property
    def entry(self) -> UUID | None:
        """The journal entry made from it, which may be deleted by now."""
        named = self.said["entry"]
        return UUID(named) if named else None
