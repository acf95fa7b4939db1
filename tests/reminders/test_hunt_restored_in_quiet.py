"""A letter brought back into quiet hours that were chosen meanwhile comes at their end."""

from datetime import time, timedelta
from uuid import UUID

from healing.reminders import claim, letterbox
from healing.reminders.actions import choose_mail, stop_plan
from healing.reminders.letters import delete_letter, write_letter
from healing.reminders.models import Delivery, Plan

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def test_it_comes_at_their_end(mara, plan_for, due):
    stop_plan(plan_id=plan_for(mara).pk)
    letter = write_letter(
        owner=mara, letter=UUID(int=7), words="Keep the key.", local_time=time(9),
        on_date=due.date() + DAY, time_zone="Europe/Berlin", now=due,
    )  # fmt: skip
    undo = letterbox.undo_token(letterbox.letters_of(mara).get())
    delete_letter(owner=mara, letter=letter.pk, now=due)
    quiet = (time(8), time(10))
    choose_mail(owner=mara, time_zone="Europe/Berlin", quiet=quiet, holds="bare", now=due)
    letterbox.restore_letter(owner=mara, undo=undo, now=due)

    back = Plan.objects.get(pk=letter.pk)
    assert back.local_time == time(10)
    claim.claim(back.next_due_at)
    assert Delivery.objects.get(local_date=letter.on_date).state == "pending"
