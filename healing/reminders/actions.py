"""Starts and stops a person's plan."""

from datetime import datetime, time
from uuid import UUID

from django.db import transaction

from healing.accounts.actions import withdraw_consent
from healing.accounts.models import Consent, User
from healing.reminders.models import Delivery, Plan
from healing.reminders.schedule import mask_of


@transaction.atomic
def start_plan(
    *, owner: User, weekdays: frozenset[int], local_time: time, time_zone: str, now: datetime
) -> Plan:
    """Begin, change or take up again the person's check-in mail; the next one comes after `now`.

    `weekdays` holds 0 for Monday to 6 for Sunday. Raises ValueError for none, UnknownZone.
    """
    # Two at once would both find no plan.
    User.objects.select_for_update(no_key=True).get(pk=owner.pk)
    plans = Plan.objects.of(owner).select_for_update(no_key=True)
    plan = plans.filter(kind=Plan.Kind.CHECK_IN).first() or Plan(owner=owner)
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
    rows = Delivery.objects.filter(plan_id=plan_id)
    rows.filter(state__in=[Delivery.State.PENDING, Delivery.State.LEASED]).update(
        state=Delivery.State.SKIPPED,
        reason=Delivery.Reason.STOPPED,
        lease_token=None,
        lease_until=None,
    )
    return rows.filter(state=Delivery.State.SENDING).exists()
