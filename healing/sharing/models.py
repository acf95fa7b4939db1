"""A link a person made for their therapist, and when it was opened."""

from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from healing.vault.fields import SealedJSONField
from healing.vault.models import PrivateQuerySet, PrivateRecord


class ShareQuerySet(PrivateQuerySet):
    def living(self, now: datetime) -> "ShareQuerySet":
        """Links that still open, of people who still have an account."""
        return self.filter(state=Share.State.OPEN, due__gt=now, owner__is_active=True)

    def listed(self) -> "ShareQuerySet":
        """Newest first, without what they show."""
        return self.defer("packet", "key").order_by("-created", "-id")


class Share(PrivateRecord):
    """One link. `said` holds {"label", "opened": ISO moments, "wrong": ISO moments of wrong tries}.

    `key` holds {"salt", "wrapped"} in base64 (see `seal`): sealed a second time with the owner's
    key, so that erasing the person ends every link for good. `packet` and `key` are empty once
    the link has ended. Neither the token nor the passphrase is stored.
    """

    class State(models.TextChoices):
        OPEN = "open", _("open")
        ENDED = "ended", _("ended by you")
        EXPIRED = "expired", _("its time was over")
        SPENT = "spent", _("ended after too many wrong tries")

    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    due = models.DateTimeField()
    token_hash = models.CharField(max_length=64, unique=True)
    packet = models.BinaryField(null=True)
    key = SealedJSONField(null=True)
    said = SealedJSONField()

    objects: ClassVar[Any] = ShareQuerySet.as_manager()

    # What the rows of the packet say stands in the export already.
    not_exported = frozenset({"packet", "key", "token_hash"})

    class Meta:
        verbose_name = _("link for a therapist")
        verbose_name_plural = _("links for a therapist")
        indexes = [models.Index(fields=["state", "due"], name="shares_by_end")]

    def __str__(self) -> str:
        return f"link of person {self.owner_id}"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN and self.due > timezone.now()

    @property
    def ending(self) -> str:
        """How it ended; a link whose time is over may still wait for the hourly job."""
        is_late = self.state == self.State.OPEN and not self.is_open
        return str((self.State.EXPIRED if is_late else self.State(self.state)).label)

    @property
    def label(self) -> str:
        return str(self.said["label"])

    @property
    def opened(self) -> list[datetime]:
        return [datetime.fromisoformat(moment) for moment in self.said["opened"]]

    @property
    def wrong(self) -> list[datetime]:
        """Moments of wrong tries, and of a try whose passphrase is being looked at just now."""
        return [datetime.fromisoformat(moment) for moment in self.said["wrong"]]
