"""A letter that is deleted on a break and brought back is on that break still."""

from datetime import time, timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from healing.reminders import claim, letterbox
from healing.reminders.actions import stop_plan, take_break
from healing.reminders.letters import delete_letter, write_letter
from healing.reminders.models import Delivery, Plan

DAY = timedelta(days=1)


@pytest.mark.parametrize("days", [None, 20])
def test_the_break_holds_where_all_other_plans_are_stopped(mara, plan_for, days):
    now = timezone.now()
    stop_plan(plan_id=plan_for(mara, now=now).pk)
    letter = write_letter(
        owner=mara, letter=UUID(int=7), words="Keep the key.", local_time=time(9),
        on_date=mara.today() + 2 * DAY, time_zone="Europe/Berlin", now=now,
    )  # fmt: skip
    take_break(owner_id=mara.pk, until=now + days * DAY if days else None, now=now)
    undo = letterbox.undo_token(letterbox.letters_of(mara).get())
    delete_letter(owner=mara, letter=letter.pk, now=now)
    letterbox.restore_letter(owner=mara, undo=undo, now=now)

    claim.claim(letter.next_due_at)
    assert not Delivery.objects.exclude(state="skipped").exists()
    back = Plan.objects.get(pk=letter.pk)
    assert back.break_until or back.break_since
