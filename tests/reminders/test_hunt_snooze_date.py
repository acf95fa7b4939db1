"""A mail put off to another moment by new quiet hours or another clock is of that moment's date."""

from datetime import time, timedelta

import pytest

from healing.accounts.clock import local_today
from healing.reminders import claim
from healing.reminders.actions import choose_mail, snooze
from healing.reminders.models import Delivery

HOUR = timedelta(hours=1)


@pytest.mark.parametrize("taken", [False, True])
@pytest.mark.parametrize(
    ("zone", "quiet"), [("Europe/Berlin", (time(22), time(7))), ("Asia/Tokyo", None)]
)
def test_its_check_in_is_that_of_the_day_it_comes(mara, plan_for, due, zone, quiet, taken):
    plan = plan_for(mara)
    claim.claim(due)
    Delivery.objects.update(state="sent", sent_at=due)
    if taken:
        late = snooze(plan_id=plan.pk, at=due + 14 * HOUR)
        Delivery.objects.filter(pk=late.pk).update(state="sent", sent_at=late.due_at)
    put_off = snooze(plan_id=plan.pk, at=due + 3 * HOUR)
    assert put_off.local_date == due.date()
    choose_mail(owner=mara, time_zone=zone, quiet=quiet, holds="bare", now=due + HOUR)
    put_off.refresh_from_db()
    assert put_off.local_date == local_today(zone, put_off.due_at)
    assert put_off.seq == (3 if taken else 2)
