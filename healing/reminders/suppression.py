"""Which addresses get no more reminders: known by a keyed digest, which outlives its person."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.crypto import salted_hmac

from healing.reminders.models import Delivery, Suppression
from healing.reminders.replies import about_the_mailbox, nobody_there

SALT = "healing.reminders.suppression"


def digests(email: str) -> list[str]:
    """The address as the list may know it: under today's key first, then under older ones."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [
        salted_hmac(SALT, email.strip().lower(), secret=key, algorithm="sha256").hexdigest()
        for key in keys
    ]


def is_suppressed(email: str) -> bool:
    """Whether reminders to this address have ended."""
    return Suppression.objects.filter(digest__in=digests(email), since__isnull=False).exists()


@transaction.atomic
def suppress(email: str, reason: str, now: datetime) -> None:
    """Send no more reminders to this address; what waits for it is skipped.

    The waiting rows are changed here, and not only refused at the gate: both touch the same row, so
    either the gate comes first, or it stays shut.
    """
    row = _row_of(email, reason)
    Suppression.objects.filter(pk=row.pk, since__isnull=True).update(since=now, reason=reason)
    # Held first and changed then: an update that finds its rows by a join would not look again at
    # the state of one that it had to wait for.
    rows = Delivery.objects.waiting().filter(plan__owner__email=email.strip().lower())
    held = [row.pk for row in rows.in_order()]
    Delivery.objects.filter(pk__in=held).update(
        state=Delivery.State.SKIPPED,
        reason=Delivery.Reason.SUPPRESSED,
        lease_token=None,
        lease_until=None,
    )


@transaction.atomic
def strike(email: str, reason: str, now: datetime) -> None:
    """Count one mail that came back for a reason that may pass; the last of several ends them.

    Only `lift` forgets strikes: that a server took a mail does not show that a person got it.
    """
    row = _row_of(email, reason)
    Suppression.objects.filter(pk=row.pk).update(strikes=F("strikes") + 1)
    row.refresh_from_db()
    if row.strikes >= settings.REMINDERS_SOFT_BOUNCES:
        suppress(email, reason, now)


def refused(email: str, reply: str, now: datetime) -> None:
    """What a final refusal of our own mail server (5xx) says of the address, if anything."""
    if nobody_there(reply):
        suppress(email, Suppression.Reason.BOUNCED, now)
    elif about_the_mailbox(reply):
        strike(email, Suppression.Reason.BOUNCED, now)


def lift(email: str) -> None:
    """Let reminders go to this address again, with nothing counted against it."""
    Suppression.objects.filter(digest__in=digests(email)).delete()


def _row_of(email: str, reason: str) -> Suppression:
    """The list's row of this address, or a new one that holds nothing against it yet."""
    known = digests(email)
    found = Suppression.objects.filter(digest__in=known).first()
    return (
        found or Suppression.objects.get_or_create(digest=known[0], defaults={"reason": reason})[0]
    )
