"""Turns due plans into deliveries: each occurrence once, whatever the clock or the machine did."""

import time
from datetime import UTC, date, datetime, timedelta

from django.db import transaction
from django.db.models import Max, Q

from healing.reminders.models import Delivery, Plan

BATCH = 500
CLAIM_SECONDS = 10
ADVANCED = ["next_due_at", "next_local_date", "last_local_date"]
# A weekly plan is due within seven days and a clock change. More means that a clock was wrong.
FURTHEST_AHEAD = timedelta(days=8)
# After a long silence this many days of missed mails are written down, not every one of them.
REMEMBERED = timedelta(days=31)


def claim(now: datetime, *, seconds: float = CLAIM_SECONDS) -> int:
    """Write a delivery for every occurrence due at `now` and move its plan on; returns how many.

    Stops after `seconds`, so that sending begins while a great many are still to be claimed.

    Several machines may claim at once: each takes rows the others have not locked, and the unique
    key of Delivery holds whatever else goes wrong.
    """
    total = 0
    stop_at = time.monotonic() + seconds
    while time.monotonic() < stop_at and (made := _claim_batch(now)):
        total += made
    return total


@transaction.atomic
def _claim_batch(now: datetime) -> int:
    due = Plan.objects.due(now).select_for_update(skip_locked=True, no_key=True)
    plans = list(due[:BATCH])
    made = [delivery for plan in plans for delivery in _take_due(plan, now)]
    Delivery.objects.bulk_create(made, ignore_conflicts=True)
    # An upsert of locked rows: about three times the speed of bulk_update.
    Plan.objects.bulk_create(
        plans, update_conflicts=True, unique_fields=["id"], update_fields=ADVANCED
    )
    return len(made)


def _take_due(plan: Plan, now: datetime) -> list[Delivery]:
    """The plan's occurrences up to `now`, of which at most the newest will be sent."""
    taken = []
    while plan.next_due_at is not None and plan.next_due_at <= now:
        taken.append(Delivery.for_due(plan))
        plan.last_local_date = plan.next_local_date
        plan.schedule_after(max(plan.next_due_at, now - REMEMBERED))
    for missed in taken[:-1]:
        missed.skip(Delivery.Reason.LATE)
    newest = taken[-1]
    if reason := newest.too_late(now):
        newest.skip(reason)
    elif plan.paused_until is not None and plan.paused_until > now:
        newest.skip(Delivery.Reason.PAUSED)
    return taken


def repair(now: datetime) -> int:
    """Undo what a clock that ran ahead did to the plans; returns how many were set right.

    A plan that is due further ahead than any plan can be, or whose newest claimed date has not come
    anywhere on earth, would be silent until that day. What was written down as missed on days still
    to come is dropped; what was sent stays.
    """
    wrong = Q(next_due_at__gt=now + FURTHEST_AHEAD) | Q(
        next_due_at__isnull=False, last_local_date__gt=_furthest_date(now)
    )
    ids = list(Plan.objects.filter(wrong).values_list("pk", flat=True))
    return sum(_repair_one(pk, now) for pk in ids)


@transaction.atomic
def _repair_one(pk: object, now: datetime) -> bool:
    plan = Plan.objects.running().select_for_update(no_key=True).filter(pk=pk).first()
    if plan is None:
        return False
    unsent = (Delivery.State.PENDING, Delivery.State.SKIPPED)
    plan.deliveries.filter(due_at__gt=now, state__in=unsent).delete()
    come = plan.deliveries.filter(local_date__lte=_furthest_date(now))
    plan.last_local_date = come.aggregate(newest=Max("local_date"))["newest"]
    plan.schedule_after(now)
    plan.save(update_fields=ADVANCED)
    return True


def _furthest_date(now: datetime) -> date:
    """No clock on earth shows a later date than this: the first zones are 14 hours ahead."""
    return (now.astimezone(UTC) + timedelta(hours=14)).date()
