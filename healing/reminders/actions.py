"""Changes what mail a person gets: starts and stops plans, breaks, quiet hours, snoozes.

All plans of a person share zone, quiet hours, what their mail holds, and a break: a mail is one
for all of them.
"""

from collections.abc import Iterable
from datetime import date, datetime, time
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from healing.accounts.actions import note_seen, withdraw_consent
from healing.accounts.clock import UTC, is_known, local_now, local_today, zone
from healing.accounts.models import Consent, User
from healing.reminders.holdback import (
    free_dates,
    hand_over,
    keep_quiet,
    locked,
    next_seq,
    of_plans,
    out_of_quiet,
    past_the_gate,
    settle,
    skip_waiting,
)
from healing.reminders.models import Delivery, Enclosure, Plan
from healing.reminders.schedule import mask_of

SHARED = ("time_zone", "quiet_from", "quiet_to", "holds", "break_until", "break_since")
CHANGED = (
    *SHARED,
    "paused_until",
    "quiet_since",
    "next_due_at",
    "next_local_date",
    "last_local_date",
)


class HourIsQuiet(ValueError):
    """A mail is planned for an hour in which the person wants none."""


@transaction.atomic
def start_plan(
    *,
    owner: User,
    weekdays: frozenset[int],
    local_time: time,
    time_zone: str,
    now: datetime,
    kind: str = Plan.Kind.CHECK_IN,
    exercise: str = "",
) -> Plan:
    """Begin, change or take up again the person's mail of a kind; the next one comes after `now`.

    `weekdays` holds 0 for Monday to 6 for Sunday; `exercise` is the content id of what to practise.
    Another zone than the other plans' becomes theirs too. A break goes on: while one without an end
    does, the plan has no due moment. What waits of the plan at another hour is taken back (see
    `on_its_way`), unless its date has no hour left to come at. Raises HourIsQuiet, ValueError for
    no weekday, UnknownZone.
    """
    mask = mask_of(weekdays)
    plans = locked(owner.pk)
    plan = next((one for one in plans if one.kind == kind), None) or Plan(owner=owner, kind=kind)
    others = [one for one in plans if one is not plan]
    if not plan.is_standing:
        share(plan, others)
    if plan.is_quiet_at(local_time):
        raise HourIsQuiet("That hour lies in the quiet hours.")
    asked = (mask, local_time, time_zone)
    as_before = plan.is_running and (plan.weekdays, plan.local_time, plan.time_zone) == asked
    waiting = [] if as_before else free_dates([plan])
    plan.weekdays, plan.local_time = mask, local_time
    lost = _move([plan, *others], time_zone, now)
    if not as_before:
        plan.quiet_since = None
        plan.take_up(now)
        lost |= settle(waiting, [plan], now)
    plan.save()
    hand_over(owner.pk, lost, now)
    if exercise:
        enclose(plan, {"exercise": exercise})
    return plan


def share(plan: Plan, others: Iterable[Plan]) -> None:
    """Give the plan what the person's other plans share."""
    # A stopped plan knows nothing of a break.
    for other in sorted(others, key=lambda one: one.is_standing)[-1:]:
        for name in SHARED:
            # A zone that a newer table dropped is nothing to hand on.
            if name != "time_zone" or is_known(other.time_zone):
                setattr(plan, name, getattr(other, name))


def enclose(plan: Plan, said: dict[str, str]) -> None:
    """Seal what the plan holds for its person, over what it held before."""
    row = Enclosure.objects.filter(plan=plan).first() or Enclosure(owner=plan.owner, plan=plan)
    row.said = said
    row.save()


def _move(plans: list[Plan], time_zone: str, now: datetime) -> set[date]:
    """Put plans on another clock; returns the dates that lose their mail by it."""
    zone(time_zone)
    moved = [plan for plan in plans if plan.time_zone != time_zone]
    for plan in moved:
        _set_clock(plan, time_zone, now)
    return _rearrange([plan for plan in moved if not plan._state.adding], now)


def _set_clock(plan: Plan, time_zone: str, now: datetime) -> None:
    """Put a plan on another clock, on which its pause and break end at the same day and hour."""
    for name in ("break_until", "paused_until"):
        until = getattr(plan, name)
        if until and until > now:
            wall = local_now(plan.time_zone, until)
            setattr(plan, name, wall.replace(tzinfo=zone(time_zone), fold=0).astimezone(UTC))
    plan.time_zone = time_zone


def _rearrange(plans: list[Plan], now: datetime) -> set[date]:
    """Plan anew from `now` on, after a change of what all plans share.

    Returns the dates that lose their mail by it, to be handed over once all plans are saved.
    """
    waiting = free_dates(plans)
    for plan in plans:
        if plan.is_running:
            plan.take_up(now)
    lost = settle(waiting, plans, now)
    keep_quiet(plans)
    Plan.objects.bulk_update(plans, CHANGED)
    return lost


@transaction.atomic
def choose_mail(
    *, owner: User, time_zone: str, quiet: tuple[time, time] | None, holds: str, now: datetime
) -> bool:
    """Set what all plans share; returns whether a mail was already on its way as it was before.

    `quiet` is the begin and end of the hours without mail. Raises HourIsQuiet if a plan that is not
    stopped comes within them, ValueError for hours without a length, UnknownZone.
    """
    begin, end = quiet or (None, None)
    if quiet and begin == end:
        raise ValueError("Quiet hours end at another time than they begin.")
    zone(time_zone)
    plans = locked(owner.pk)
    shared = (time_zone, begin, end)
    moved = [one for one in plans if (one.time_zone, one.quiet_from, one.quiet_to) != shared]
    for plan in plans:
        _set_clock(plan, time_zone, now)
        plan.quiet_from, plan.quiet_to, plan.holds = begin, end, holds
        if plan.is_standing and plan.is_quiet_at(plan.local_time):
            raise HourIsQuiet("A mail is planned for an hour within the quiet hours.")
    Plan.objects.bulk_update(plans, SHARED)
    hand_over(owner.pk, _rearrange(moved, now), now)
    return past_the_gate(plans)


@transaction.atomic
def change_zone(*, owner: User, time_zone: str, now: datetime) -> bool:
    """Put all plans on another clock, after a journey; returns whether a mail was on its way."""
    plans = locked(owner.pk)
    hand_over(owner.pk, _move(plans, time_zone, now), now)
    return past_the_gate(plans)


def on_its_way(*, owner: User) -> bool:
    """Whether a mail of the person is with the mail server just now and cannot be taken back."""
    return past_the_gate(Plan.objects.of(owner))


@transaction.atomic
def stop_plan(*, plan_id: UUID) -> bool:
    """Stop this plan alone; returns whether one of its mails was already on its way.

    The consent to mail stands, and a mail it shared with other plans comes of one of those. A plan
    that is gone is stopped.
    """
    found = [plan for plan in _with_its_others(plan_id) if plan.pk == plan_id]
    for plan in found:
        stop(plan)
        plan.save(update_fields=CHANGED)
        hand_over(plan.owner_id, skip_waiting([plan], Delivery.Reason.STOPPED), timezone.now())
    return past_the_gate(found)


@transaction.atomic
def pause_plan(*, plan_id: UUID, until: datetime | None) -> bool:
    """Send nothing of this plan before `until`, None to end the pause; the others go on.

    Returns whether one of its mails was already on its way. A mail it shared with other plans comes
    of one of those. A stopped plan stays as it is.
    """
    found = [plan for plan in _with_its_others(plan_id) if plan.pk == plan_id and plan.is_standing]
    for plan in found:
        plan.paused_until = until
        plan.save(update_fields=["paused_until"])
        if until:
            lost = skip_waiting([plan], Delivery.Reason.PAUSED)
            hand_over(plan.owner_id, lost, timezone.now())
    return past_the_gate(found)


def _with_its_others(plan_id: UUID) -> list[Plan]:
    """All plans of the plan's person, held; none if it is gone."""
    owners = Plan.objects.filter(pk=plan_id).values_list("owner_id", flat=True)
    return locked(owners.first() or 0)


def stop(plan: Plan) -> None:
    """End the plan, and any pause, break or silence of it."""
    plan.rest()
    plan.paused_until = plan.break_until = None


@transaction.atomic
def stop_all(*, owner_id: int) -> bool:
    """Stop every mail and take back the consent; returns whether one was already on its way."""
    plans = locked(owner_id)
    for plan in plans:
        stop(plan)
    Plan.objects.bulk_update(plans, CHANGED)
    if owner := User.objects.filter(pk=owner_id).first():
        withdraw_consent(owner=owner, kind=Consent.Kind.MAIL)
    skip_waiting(plans, Delivery.Reason.STOPPED)
    return past_the_gate(plans)


@transaction.atomic
def take_break(
    *, owner_id: int, until: datetime | None, now: datetime, keep_longer: bool = False
) -> bool:
    """Send nothing before `until`, or until the break is ended; returns whether one was on its way.

    Over all plans that are not stopped. The person is here, so mails that had gone quiet take part.
    With `keep_longer` a plan whose break already reaches beyond `until` stays as it is.
    """
    note_seen(person_id=owner_id, now=now)
    plans = locked(owner_id)
    standing = [plan for plan in plans if plan.is_standing]
    if keep_longer and until:
        standing = [plan for plan in standing if not plan.is_on_break(until)]
    for plan in standing:
        plan.break_until = until
        plan.rest(on_break=None if until else now)
        plan.take_up(now)
    Plan.objects.bulk_update(standing, CHANGED)
    skip_waiting(plans, Delivery.Reason.BREAK)
    return past_the_gate(plans)


@transaction.atomic
def end_break(*, owner_id: int, now: datetime) -> None:
    """The mails come as planned, from `now` on; what was paused by itself stays so."""
    note_seen(person_id=owner_id, now=now)
    resting = [plan for plan in locked(owner_id) if plan.break_since or plan.break_until]
    for plan in resting:
        was_on_break = plan.break_since is not None
        plan.break_until = plan.break_since = None
        if was_on_break:
            plan.take_up(now)
    Plan.objects.bulk_update(resting, CHANGED)


@transaction.atomic
def wake(*, owner_id: int, now: datetime) -> None:
    """Take up again the mails that had gone quiet because none was answered."""
    note_seen(person_id=owner_id, now=now)
    quiet = [plan for plan in locked(owner_id) if plan.quiet_since]
    for plan in quiet:
        plan.quiet_since = None
        plan.take_up(now)
    Plan.objects.bulk_update(quiet, CHANGED)


@transaction.atomic
def snooze(*, plan_id: UUID, at: datetime) -> Delivery | None:
    """Send the plan's mail once more at `at`, beside what is planned; None if nothing is sent now.

    Within quiet hours it comes at their end. Asked for again before it has gone, the same mail
    moves to the new moment. From a plan that is stopped, as a letter is once a mail has named it,
    it comes of another one that runs.
    """
    plans = _with_its_others(plan_id)
    plan = next((one for one in plans if one.pk == plan_id), None)
    if plan and not plan.is_standing:
        others = (one for one in plans if one.is_running and not one.on_date)
        plan = next((one for one in others if not one.why_silent(at)), None)
    if plan is None or not plan.is_running or plan.why_silent(at):
        return None
    if not is_known(plan.time_zone):
        return None
    at = out_of_quiet(plan, at)
    day = local_today(plan.time_zone, at)
    # Its moment may have come, if a server put it off.
    if waiting := of_plans([plan]).waiting().filter(seq__gt=1).first():
        waiting.delete()
    return Delivery.objects.create(
        plan=plan,
        person=plan.owner_id,
        local_date=day,
        seq=next_seq(plan, day),
        due_at=at,
        send_before=plan.send_before(at),
        next_attempt_at=at,
    )
