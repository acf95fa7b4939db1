"""How fast mails may leave: one bucket of tokens, which all workers on all machines share.

REMINDERS_PER_SECOND fills it. A server that asks for less gets half, at once; then the rate grows
back by a tenth a minute. Without a setting nothing is held back until a server asks.
"""

from datetime import datetime, timedelta
from math import floor

from django.conf import settings
from django.db import transaction
from django.db.models import F

from healing.reminders.models import Bucket

GROWTH_A_MINUTE = 1.1
SLOWEST = 1.0  # mails a second
# Without a setting: half of the first is where a server that asked for less is begun with, and at
# the second it has shown that it stands whatever we have. Both are guesses, on the careful side.
ASSUMED, RELEASED = 20.0, 200.0
# So many seconds' worth is drawn at once, so that workers do not ask for every single mail.
DRAWN_SECONDS = 0.1
# What a server says to several workers at once is said once.
SLOWED_ONCE_IN = timedelta(seconds=10)
# A moment later than this was written by a clock that ran ahead, and must not hold up the mails.
AHEAD = timedelta(minutes=1)


def take(now: datetime, most: int) -> tuple[int, float]:
    """How many of `most` mails may leave now; if none, also in how many seconds to ask again."""
    bucket = _bucket(now)
    rate = _rate(bucket, now) if bucket else None
    if bucket is None or rate is None:
        return most, 0.0
    tokens = min(max(1.0, rate), bucket.tokens + rate * _seconds(bucket, now))
    enough = min(most, max(1, floor(rate * DRAWN_SECONDS)))
    if tokens < enough:
        return 0, (enough - tokens) / rate
    granted = min(most, floor(tokens))
    # Whoever read the same row and was quicker has changed it: then ask again.
    seen = Bucket.objects.filter(pk=bucket.pk, tokens=bucket.tokens, changed=bucket.changed)
    taken = seen.update(tokens=tokens - granted, per_second=rate, changed=_newest(bucket, now))
    return (granted, 0.0) if taken else (0, 0.0)


def give_back(tokens: int) -> None:
    """Return what was taken and not spent."""
    if tokens:
        Bucket.objects.update(tokens=F("tokens") + tokens)


@transaction.atomic
def slow(now: datetime) -> None:
    """Halve the rate, at most once in a while: the mail server asked for less."""
    Bucket.objects.get_or_create(pk=1, defaults=_new(ASSUMED, now))
    bucket = Bucket.objects.select_for_update(no_key=True).get(pk=1)
    # A clock that ran ahead may have written it; the earlier of two clocks is no reason.
    if bucket.slowed_at and abs(now - bucket.slowed_at) < SLOWED_ONCE_IN:
        return
    rate = _rate(bucket, now)
    bucket.per_second = max(SLOWEST, (ASSUMED if rate is None else rate) / 2)
    bucket.tokens, bucket.changed, bucket.slowed_at = 0.0, _newest(bucket, now), now
    bucket.save()


def present(now: datetime) -> float | None:
    """Mails a second at `now`; None if nothing holds them back."""
    bucket = Bucket.objects.first()
    if bucket is None:
        return settings.REMINDERS_PER_SECOND or None
    return _rate(bucket, now)


def _bucket(now: datetime) -> Bucket | None:
    """The one row; made when a limit is set, else when a server first asks for less."""
    bucket = Bucket.objects.first()
    if bucket is None and (limit := settings.REMINDERS_PER_SECOND):
        bucket, _made = Bucket.objects.get_or_create(pk=1, defaults=_new(limit, now))
    return bucket


def _new(per_second: float, now: datetime) -> dict[str, object]:
    return {"tokens": 0.0, "per_second": per_second, "changed": now}


def _rate(bucket: Bucket, now: datetime) -> float | None:
    """What the rate has grown to by `now`; None if that is more than anything asks for."""
    grown = bucket.per_second * float(GROWTH_A_MINUTE ** (_seconds(bucket, now) / 60))
    if limit := settings.REMINDERS_PER_SECOND:
        return min(float(limit), grown)
    return grown if grown < RELEASED else None


def _seconds(bucket: Bucket, now: datetime) -> float:
    """Since the last change; a day at most, after which the rate has long grown back."""
    if bucket.changed > now + AHEAD:
        return 1.0
    passed = (now - bucket.changed).total_seconds()
    return min(max(0.0, passed), timedelta(days=1).total_seconds())


def _newest(bucket: Bucket, now: datetime) -> datetime:
    """Clocks of several machines differ a little: the bucket's own never goes back by that."""
    return now if bucket.changed > now + AHEAD else max(bucket.changed, now)
