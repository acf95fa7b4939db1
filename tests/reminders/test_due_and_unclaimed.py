"""A mail whose moment has come while no claim has looked yet is not lost to a change of plans."""

from datetime import time, timedelta

import pytest

from healing.reminders import claim
from healing.reminders.actions import change_zone, choose_mail, start_plan
from healing.reminders.models import Delivery, Plan

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
BERLIN, EVENING, NIGHT = "Europe/Berlin", time(20, 30), (time(23), time(6))
EVERY_DAY, MONDAY = frozenset(range(7)), frozenset([0])


def quiet_hours(mara, now):
    choose_mail(owner=mara, time_zone=BERLIN, quiet=NIGHT, holds="bare", now=now)


def same_hour_elsewhere(mara, now):
    change_zone(owner=mara, time_zone="Europe/Paris", now=now)


def other_days(mara, now):
    start_plan(owner=mara, weekdays=MONDAY, local_time=EVENING, time_zone=BERLIN, now=now)


def earlier_hour(mara, now):
    start_plan(owner=mara, weekdays=EVERY_DAY, local_time=time(7), time_zone=BERLIN, now=now)


CHANGES = [quiet_hours, same_hour_elsewhere, other_days, earlier_hour]


@pytest.mark.parametrize(("late", "state"), [(MINUTE, "pending"), (4 * HOUR, "skipped")])
@pytest.mark.parametrize("change", CHANGES)
def test_it_goes_out_or_is_written_down(mara, plan_for, due, change, late, state):
    plan_for(mara)
    change(mara, due + late)
    claim.claim(due + late + MINUTE)
    row = Delivery.objects.get()
    assert (row.local_date, row.due_at, row.state) == (due.date(), due, state)
    plan = Plan.objects.get()
    assert due + late < plan.next_due_at
    assert plan.last_local_date == due.date()


def test_it_moves_to_a_later_hour_of_its_day(mara, plan_for, due):
    plan_for(mara)
    start_plan(
        owner=mara, weekdays=EVERY_DAY, local_time=time(22), time_zone=BERLIN, now=due + MINUTE
    )
    assert claim.claim(due + 2 * MINUTE) == 0
    assert Plan.objects.get().next_due_at == due + 1.5 * HOUR
