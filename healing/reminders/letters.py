"""Letters a person writes to themselves, to be named in a mail on a day they chose."""

from datetime import date, datetime, time
from uuid import UUID

from django.db import transaction

from healing.accounts.clock import local_today, zone
from healing.accounts.models import User
from healing.reminders.actions import CHANGED, HourIsQuiet, enclose, share, stop
from healing.reminders.holdback import hand_down, hand_over, locked, skip_waiting, take_back
from healing.reminders.letterbox import newest_mail
from healing.reminders.models import Delivery, Plan
from healing.reminders.schedule import EVERY_DAY, mask_of

MOST_WAITING = 20
LONGEST_YEARS = 5


class DayNotPossible(ValueError):
    """A letter comes tomorrow at the earliest, and within five years."""


class DayHadItsMail(ValueError):
    """The mail of that day has gone: who flew west meets the date again, but no other mail."""


class TooManyLetters(ValueError):
    """As many letters wait as may."""


class LetterHadItsDay(ValueError):
    """Its day has come, so it can no more be changed."""


@transaction.atomic
def write_letter(
    *,
    owner: User,
    letter: UUID,
    words: str,
    on_date: date,
    local_time: time,
    time_zone: str,
    now: datetime,
) -> Plan:
    """Keep a letter until its day, or change one whose day has not come; the same id is the same.

    `time_zone` counts for a person without any other plan; else the letter is on their clock.
    Raises DayNotPossible, DayHadItsMail, TooManyLetters, LetterHadItsDay, HourIsQuiet;
    Plan.DoesNotExist if the id is another person's.
    """
    plans = locked(owner.pk)
    plan = next((one for one in plans if one.pk == letter), None) or _new(owner, letter, time_zone)
    if not plan.is_standing:
        # It is taken up into what holds for the others, such as a break.
        share(plan, [one for one in plans if one is not plan])
    today = local_today(plan.time_zone, now)
    if not today < on_date <= _furthest(today):
        raise DayNotPossible("A letter comes tomorrow at the earliest, and within five years.")
    if plan.on_date and plan.on_date <= today:
        raise LetterHadItsDay("The day of this letter has come.")
    if plan.is_quiet_at(local_time):
        raise HourIsQuiet("That hour lies in the quiet hours.")
    _leave_room(plan, plans, today)
    plan.on_date, plan.local_time = on_date, local_time
    if newest_mail(plan):
        raise DayHadItsMail("The mail of that day has gone.")
    plan.quiet_since = None
    plan.take_up(now)
    plan.save()
    enclose(plan, {"words": words})
    return plan


def _new(owner: User, letter: UUID, time_zone: str) -> Plan:
    if Plan.objects.filter(pk=letter).exists():
        raise Plan.DoesNotExist
    return Plan(
        pk=letter,
        owner=owner,
        kind=Plan.Kind.LETTER,
        weekdays=mask_of(EVERY_DAY),
        time_zone=zone(time_zone).key,
    )


def _furthest(today: date) -> date:
    last = 28 if (today.month, today.day) == (2, 29) else today.day
    return today.replace(year=today.year + LONGEST_YEARS, day=last)


def _leave_room(plan: Plan, plans: list[Plan], today: date) -> None:
    waiting = [one for one in plans if one.on_date and one.on_date > today and one is not plan]
    if len(waiting) >= MOST_WAITING:
        raise TooManyLetters(f"{MOST_WAITING} letters wait already.")


@transaction.atomic
def delete_letter(*, owner: User, letter: UUID, now: datetime) -> None:
    """Delete the letter; a mail it shared with other plans comes of one of those."""
    plans = locked(owner.pk)
    for plan in plans:
        if plan.pk == letter and plan.kind == Plan.Kind.LETTER:
            lost = take_back([plan])
            hand_down(plan, (one for one in plans if one is not plan))
            plan.delete()
            hand_over(owner.pk, lost, now)


@transaction.atomic
def note_read(*, owner: User, letter: UUID, now: datetime) -> None:
    """The person has read it here once its day had come: no mail needs to name it any more."""
    for plan in locked(owner.pk):
        if plan.pk == letter and plan.on_date and plan.on_date <= local_today(plan.time_zone, now):
            lost = skip_waiting([plan], Delivery.Reason.STOPPED)
            plan.last_local_date = max(plan.on_date, plan.last_local_date or plan.on_date)
            stop(plan)
            plan.save(update_fields=CHANGED)
            hand_over(owner.pk, lost, now)
