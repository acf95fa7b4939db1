"""Starts, pauses and stops a person's plan, and sends a mail once more when asked."""

from datetime import datetime, time
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from healing.accounts.actions import withdraw_consent
from healing.accounts.clock import local_today
from healing.accounts.models import Consent, User
from healing.reminders.models import Delivery, Plan
from healing.reminders.schedule import mask_of


@transaction.atomic
def start_plan(
    *,
    owner: User,
    weekdays: frozenset[int],
    local_time: time,
    time_zone: str,
    now: datetime,
    kind: str = Plan.Kind.CHECK_IN,
) -> Plan:
    """Begin, change or take up again the person's mail of a kind; the next one comes after `now`.

    `weekdays` holds 0 for Monday to 6 for Sunday. Raises ValueError for none, UnknownZone.
    """
    # Two at once would both find no plan.
    User.objects.select_for_update(no_key=True).get(pk=owner.pk)
    plans = Plan.objects.of(owner).select_for_update(no_key=True)
    plan = plans.filter(kind=kind).first() or Plan(owner=owner, kind=kind)
    plan.weekdays = mask_of(weekdays)
    plan.local_time, plan.time_zone = local_time, time_zone
    plan.paused_until = None
    plan.schedule_after(now)
    plan.save()
    return plan


@transaction.atomic
def stop_plan(*, plan_id: UUID) -> bool:
    """Stop the plan and what waits of it; returns whether a mail had already passed the gate.

    It also takes back the consent to mail. A plan that is gone is stopped. The waiting rows are
    changed here, and not only refused at the gate: both touch the same row, so either the gate
    comes first and is seen here, or it stays shut.
    """
    plan = Plan.objects.select_related("owner").filter(pk=plan_id).first()
    if plan is None:
        return False
    Plan.objects.filter(pk=plan_id).update(next_due_at=None, next_local_date=None)
    withdraw_consent(owner=plan.owner, kind=Consent.Kind.MAIL)
    return _hold_back(plan_id, Delivery.Reason.STOPPED)


@transaction.atomic
def pause_plan(*, plan_id: UUID, until: datetime) -> bool:
    """Send nothing of the plan before `until`; returns whether a mail had passed the gate already.

    What waits is skipped, for the reason that `stop_plan` gives. A plan that is gone is paused.
    """
    Plan.objects.filter(pk=plan_id).update(paused_until=until)
    return _hold_back(plan_id, Delivery.Reason.PAUSED)


@transaction.atomic
def resume_plan(*, plan_id: UUID) -> None:
    """End a pause now."""
    Plan.objects.filter(pk=plan_id).update(paused_until=None)


@transaction.atomic
def snooze(*, plan_id: UUID, at: datetime) -> Delivery | None:
    """Send the plan's mail once more at `at`, beside what is planned; None if nothing is sent now.

    Asked for again before it has gone, the same mail moves to the new moment.
    """
    rows = Plan.objects.running().select_for_update(no_key=True)
    plan: Plan | None = rows.filter(pk=plan_id).first()
    if plan is None or (plan.paused_until is not None and plan.paused_until > at):
        return None
    day = local_today(plan.time_zone, at)
    asked = plan.deliveries.filter(seq__gt=1)
    if waiting := asked.filter(state=Delivery.State.PENDING, due_at__gt=timezone.now()).first():
        waiting.delete()
    newest = plan.deliveries.filter(local_date=day).aggregate(seq=Max("seq"))["seq"] or 1
    return Delivery.objects.create(
        plan=plan,
        person=plan.owner_id,
        local_date=day,
        seq=newest + 1,
        due_at=at,
        send_before=plan.send_before(at),
        next_attempt_at=at,
    )


def _hold_back(plan_id: UUID, reason: str) -> bool:
    """Skip what waits of the plan; whether one of its mails had already passed the gate."""
    rows = Delivery.objects.filter(plan_id=plan_id)
    rows.filter(state__in=[Delivery.State.PENDING, Delivery.State.LEASED]).update(
        state=Delivery.State.SKIPPED, reason=reason, lease_token=None, lease_until=None
    )
    return rows.filter(state=Delivery.State.SENDING).exists()
