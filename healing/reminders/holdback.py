"""Keeps back what waits to be sent when a person asks for something else.

Each of these belongs in the transaction that changes the plans. The waiting rows are changed, and
not only refused at the gate: both touch the same row, so either the gate comes first and is seen
here, or it stays shut.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from uuid import UUID

from django.db.models import Max, QuerySet

from healing.accounts.clock import local_today
from healing.accounts.models import User
from healing.reminders.models import Delivery, DeliveryQuerySet, Plan
from healing.reminders.schedule import DAY, next_at

Reason, State = Delivery.Reason, Delivery.State


def locked(owner_id: int) -> list[Plan]:
    """All plans of the person, held against a second change and against the claim.

    What waits of them is held too, so that no worker takes it meanwhile. A mail that one has leased
    already was built from the plans as they were: it goes back into the queue, the gate shuts for
    the old one, and it is built anew.
    """
    # Without plans there is nothing else to hold on to.
    User.objects.select_for_update(no_key=True).filter(pk=owner_id).first()
    rows: QuerySet[Plan] = Plan.objects.select_for_update(no_key=True).filter(owner_id=owner_id)
    plans = list(rows.order_by("id"))
    waiting = of_plans(plans).waiting().in_order()
    leased = [row.pk for row in waiting if row.state == State.LEASED]
    Delivery.objects.filter(pk__in=leased).update(
        state=State.PENDING, lease_token=None, lease_until=None
    )
    return plans


def of_plans(plans: Iterable[Plan]) -> DeliveryQuerySet:
    """The deliveries of these plans."""
    return Delivery.objects.filter(plan__in=[plan.pk for plan in plans])


def past_the_gate(plans: Iterable[Plan]) -> bool:
    """Whether a mail to the person of these plans is on its way just now.

    Whichever plan it comes of: one mail is for all that fall on its day.
    """
    people = {plan.owner_id for plan in plans}
    return Delivery.objects.filter(person__in=people, state=State.SENDING).exists()


def skip_waiting(plans: Iterable[Plan], reason: str) -> set[date]:
    """Skip what waits of these plans; returns the dates that lose their mail by it."""
    rows = list(of_plans(plans).waiting().in_order())
    Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=State.SKIPPED, reason=reason, lease_token=None, lease_until=None
    )
    return {row.local_date for row in rows if row.seq == 1}


def take_back(plans: Collection[Plan]) -> set[date]:
    """Delete the planned mails that wait: they never left, and the person asked otherwise.

    Returns the dates that lose their mail by it. The plans are changed, not saved.
    """
    rows = free_dates(plans)
    Delivery.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return {row.local_date for row in rows}


def free_dates(plans: Collection[Plan]) -> list[Delivery]:
    """Let the dates of the planned mails that wait come again; returns these mails, held.

    The plans are changed, not saved.
    """
    rows = list(of_plans(plans).waiting().filter(seq=1).in_order())
    found: dict[UUID, Plan] = {plan.pk: plan for plan in plans}
    for row in rows:
        plan = found[row.plan_id]
        if plan.last_local_date == row.local_date:
            plan.last_local_date = row.local_date - DAY
    return rows


def settle(rows: Iterable[Delivery], plans: Collection[Plan], now: datetime) -> set[date]:
    """Delete those of the mails whose dates come again, now that the plans are planned anew.

    Where the new hour has passed, the mail stays for as long as the new quiet hours let it: what
    was due goes out or stands with its reason. Returns the dates that lose their mail. The plans
    are changed, not saved.
    """
    found: dict[UUID, Plan] = {plan.pk: plan for plan in plans}
    lost: set[date] = set()
    for row in rows:
        plan = found[row.plan_id]
        if plan.next_local_date and plan.next_local_date <= row.local_date:
            lost.add(row.local_date)
            row.delete()
            continue
        plan.last_local_date = max(plan.last_local_date or row.local_date, row.local_date)
        row.send_before = plan.send_before(row.due_at)
        if reason := row.too_late(now):
            lost.add(row.local_date)
            row.state, row.reason = State.SKIPPED, reason
        row.save(update_fields=["send_before", "state", "reason"])
    return lost


def hand_over(owner_id: int, dates: Collection[date], now: datetime) -> None:
    """Let the mail of these dates come of another plan that had left its turn to the one gone."""
    others = Plan.objects.running().filter(owner_id=owner_id).exclude(paused_until__gt=now)
    if not dates:
        return
    rows = of_plans(others).filter(state=State.SKIPPED, reason=Reason.JOINED, seq=1)
    for day in dates:
        for row in rows.filter(local_date=day).order_by("due_at").select_related("plan"):
            # The quiet hours or the clock may be others since.
            row.send_before = row.plan.send_before(row.due_at)
            if row.send_before >= now:
                row.state, row.reason, row.next_attempt_at = State.PENDING, "", now
                row.save(update_fields=["state", "reason", "next_attempt_at", "send_before"])
                break


def keep_quiet(plans: Collection[Plan]) -> None:
    """Fit the snoozed mails that wait to the plans' clock and quiet hours."""
    found = {plan.pk: plan for plan in plans}
    for row in of_plans(plans).waiting().filter(seq__gt=1).in_order():
        plan = found[row.plan_id]
        row.due_at = out_of_quiet(plan, row.due_at)
        row.next_attempt_at = max(row.next_attempt_at, row.due_at)
        row.send_before = plan.send_before(row.due_at)
        day = local_today(plan.time_zone, row.due_at)
        if day != row.local_date:
            row.local_date, row.seq = day, next_seq(plan, day)
        row.save(update_fields=["due_at", "next_attempt_at", "send_before", "local_date", "seq"])


def next_seq(plan: Plan, day: date) -> int:
    """The number of one more mail of the plan on a date; that of the planned one is kept free."""
    newest = plan.deliveries.filter(local_date=day).aggregate(seq=Max("seq"))["seq"] or 1
    return int(newest) + 1


def out_of_quiet(plan: Plan, at: datetime) -> datetime:
    """That moment, or the end of the quiet hours it lies in."""
    if plan.quiet_to is None or not plan.is_quiet_then(at):
        return at
    return next_at(at, zone=plan.time_zone, at=plan.quiet_to)


def hand_down(plan: Plan, others: Iterable[Plan]) -> None:
    """Leave the mails that went out of a letter that is to be deleted to another of the plans.

    Their dates had their mail, and the record of that must not go with the letter. Where there is
    no other plan, a check-in that is off keeps it.
    """
    went = of_plans([plan]).mails().went()
    dates = list(went.values_list("local_date", flat=True))
    if not dates:
        return
    # A mail that the server puts back goes out of a plan that runs, and of no other.
    ready = sorted(others, key=lambda one: not one.is_running)
    heir = next(iter(ready), None) or _check_in_that_is_off(plan)
    of_plans([heir]).filter(local_date__in=dates, seq=1).delete()
    went.update(plan=heir)


def _check_in_that_is_off(letter: Plan) -> Plan:
    """A new plan with the letter's hour and with what it shares with all plans."""
    names = ("owner_id", "weekdays", "local_time", "time_zone", "quiet_from", "quiet_to", "holds")
    kept = {name: getattr(letter, name) for name in names}
    off: Plan = Plan.objects.create(kind=Plan.Kind.CHECK_IN, **kept)
    return off
