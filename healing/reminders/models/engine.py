"""What the engine keeps about itself and about addresses; nothing here names a person."""

from django.db import models


class Suppression(models.Model):
    """An address that gets no more reminders, kept as a keyed digest: it outlives its person.

    `strikes` counts mails that came back for a passing reason; `since` is when mail to it ended,
    None while it still gets mail.
    """

    class Reason(models.TextChoices):
        BOUNCED = "bounced"
        COMPLAINED = "complained"

    digest = models.CharField(max_length=64, unique=True)
    reason = models.CharField(max_length=16, choices=Reason.choices)
    strikes = models.PositiveSmallIntegerField(default=0)
    since = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.reason} address"


class Bucket(models.Model):
    """The one row that all workers draw from before they send: how many mails may go right now."""

    tokens = models.FloatField()
    per_second = models.FloatField()
    changed = models.DateTimeField()
    slowed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.per_second:g} mails a second"


class Engine(models.Model):
    """The one row that the engine keeps about itself."""

    tzdata_version = models.CharField(max_length=16, blank=True, default="")
    ticked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return "the reminder engine"
