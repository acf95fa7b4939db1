"""Keeps plans and deliveries true beside the claim.

Undoes what a clock that ran ahead did, follows new time-zone tables, brings back who was seen,
removes what is old, and holds back what a database restored from a copy may already have sent.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from importlib.metadata import version
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Max, Q

from healing.accounts.clock import local_today
from healing.reminders.claim import ADVANCED, advance
from healing.reminders.models import STANDING, Delivery, Engine, Plan
from healing.reminders.schedule import DAY, next_due, weekdays_of

State, Reason = Delivery.State, Delivery.Reason

BEAT = timedelta(minutes=1)
BATCH = 1000
# A weekly plan is due within seven days and a clock change. More means that a clock was wrong.
FURTHEST_AHEAD = timedelta(days=8)


def prepare(now: datetime) -> None:
    """What a tick does first: once a minute, and at once when the clock went back.

    In between it is one query.
    """
    engine = Engine.objects.filter(pk=1).first() or Engine(pk=1)
    if engine.ticked_at and abs(now - engine.ticked_at) < BEAT:
        return
    Engine.objects.update_or_create(pk=1, defaults={"ticked_at": now})
    wake_seen(now)
    repair(now)
    follow_zones(engine.tzdata_version, now)


def repair(now: datetime) -> int:
    """Undo what a clock that ran ahead did to the plans; returns how many were set right.

    A plan that is due further ahead than any plan can be, or whose newest claimed date has not come
    anywhere on earth, would be silent until that day. A letter may wait for years, until its day;
    one that is due before it is set right by the claim.
    What was written down as missed on days still to come is dropped; what was sent stays.
    """
    on_its_day = Q(kind=Plan.Kind.LETTER, next_local_date__lte=F("on_date"))
    too_far = Q(next_due_at__gt=now + FURTHEST_AHEAD) & ~on_its_day
    # Who was claimed for a date to come is due on a later one still: the index finds them by it.
    claimed = Q(next_due_at__gt=now + DAY, last_local_date__gt=_furthest_date(now))
    wrong = too_far | claimed
    ids = list(Plan.objects.running().filter(wrong).values_list("pk", flat=True))
    return sum(_repair_one(pk, now) for pk in ids)


@transaction.atomic
def _repair_one(pk: UUID, now: datetime) -> bool:
    plan = Plan.objects.running().select_for_update(no_key=True).filter(pk=pk).first()
    if plan is None:
        return False
    before = plan.next_due_at, plan.last_local_date
    ahead = plan.deliveries.filter(due_at__gt=now, state__in=(State.PENDING, State.SKIPPED))
    come = plan.deliveries.filter(local_date__lte=_furthest_date(now)).exclude(pk__in=ahead)
    plan.last_local_date = come.aggregate(newest=Max("local_date"))["newest"]
    if not plan.stop_if_zone_is_lost():
        plan.schedule_after(now)
    if (plan.next_due_at, plan.last_local_date) == before:
        # Who flew west and chose a later hour has a weekly mail that far ahead, and what waits.
        return False
    ahead.delete()
    plan.save(update_fields=ADVANCED)
    return True


def _furthest_date(now: datetime) -> date:
    """No clock on earth shows a later date than this: the first zones are 14 hours ahead."""
    return (now.astimezone(UTC) + timedelta(hours=14)).date()


def wake_seen(now: datetime) -> int:
    """Take up the quiet plans of everybody who was seen since; returns how many."""
    seen = Q(owner__last_seen_at__gt=F("quiet_since"))
    # A clock that ran ahead silenced them, and no visit would count until then.
    ahead = Q(quiet_since__gt=now)
    rows = Plan.objects.filter(seen | ahead, quiet_since__isnull=False)
    found = list(rows.values_list("pk", flat=True))
    return sum(_wake(found[place : place + BATCH], now) for place in range(0, len(found), BATCH))


@transaction.atomic
def _wake(ids: list[UUID], now: datetime) -> int:
    rows = Plan.objects.filter(pk__in=ids, quiet_since__isnull=False).order_by("id")
    plans: list[Plan] = list(rows.select_for_update(skip_locked=True, no_key=True))
    for plan in plans:
        plan.quiet_since = None
        plan.take_up(now)
    Plan.objects.bulk_update(plans, [*ADVANCED, "quiet_since"])
    return len(plans)


def follow_zones(known: str, now: datetime) -> int:
    """Plan anew under another time-zone table than the `known` one; returns how many plans.

    The table's version is stored at the end: should this die half-way, it begins again.
    """
    present = version("tzdata")
    if present == known:
        return 0
    # What is due already is claimed as it stands.
    coming = Q(next_due_at__gt=now)
    number = _change_all(coming, lambda plan: _replan(plan, now))
    Engine.objects.filter(pk=1).update(tzdata_version=present)
    return number


def _replan(plan: Plan, now: datetime) -> None:
    """The moment that the plan's next date has under the present table, but none that is past."""
    if plan.next_local_date is None or plan.next_due_at is None or plan.stop_if_zone_is_lost():
        return
    found = next_due(
        plan.next_due_at - 3 * DAY,
        zone=plan.time_zone,
        weekdays=weekdays_of(plan.weekdays),
        at=plan.local_time,
        last_date=plan.next_local_date - DAY,
    )
    plan.next_local_date, plan.next_due_at = found.local_date, max(found.due_at, now)


def _change_all(which: Q, change: Callable[[Plan], None]) -> int:
    """Change every plan of a kind, in batches; returns how many."""
    number = 0
    for ids in _batches(which):
        with transaction.atomic():
            rows = Plan.objects.filter(which, pk__in=ids).order_by("id")
            plans: list[Plan] = list(rows.select_for_update(no_key=True))
            for plan in plans:
                change(plan)
            advance(plans)
            number += len(plans)
    return number


def _batches(which: Q) -> Iterator[list[UUID]]:
    rows, last = Plan.objects.filter(which).order_by("id").values_list("pk", flat=True), None
    while ids := list(rows.filter(pk__gt=last)[:BATCH] if last else rows[:BATCH]):
        yield ids
        last = ids[-1]


def remove_old(now: datetime) -> int:
    """Delete deliveries older than REMINDERS_KEEP_DAYS, in batches; returns how many.

    Numbers grow with time, so it reads from the lowest and ends at the first batch without an old
    one. The plan's last date stays, and no date up to it comes again.
    """
    before = now - timedelta(days=settings.REMINDERS_KEEP_DAYS)
    removed, last = 0, 0
    while True:
        rows = Delivery.objects.filter(pk__gt=last).order_by("pk").values_list("pk", "due_at")
        found = list(rows[:BATCH])
        old = [pk for pk, due_at in found if due_at < before]
        if not old:
            return removed
        removed += Delivery.objects.filter(pk__in=old).delete()[0]
        last = found[-1][0]


def quarantine(now: datetime) -> Counter[str]:
    """Let nothing be sent that may have gone out after the copy was made which was restored.

    For every person today counts as mailed. A letter of today or before comes tomorrow. Returns
    how many rows and plans were changed; a second time changes nothing. It keeps to its rule only
    if nothing is sent before it has run.
    """
    done: Counter[str] = Counter()
    done["skipped"] = Delivery.objects.waiting().update(
        state=State.SKIPPED, reason=Reason.RESTORED, lease_token=None, lease_until=None
    )
    # The token goes too: no worker of the time before may still answer.
    done["uncertain"] = Delivery.objects.filter(state=State.SENDING).update(
        state=State.UNCERTAIN, reason=Reason.RESTORED, lease_token=None, lease_until=None
    )

    def hold(plan: Plan) -> None:
        before = plan.last_local_date, plan.next_due_at
        today = local_today(plan.time_zone, now)
        plan.last_local_date = max(today, plan.last_local_date or today)
        if plan.is_running and not plan.stop_if_zone_is_lost():
            plan.schedule_after(now)
        done["plans"] += before != (plan.last_local_date, plan.next_due_at)

    _change_all(STANDING, hold)
    return done
