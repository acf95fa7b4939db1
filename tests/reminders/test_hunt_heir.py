"""A mail that the server puts back after its letter was deleted goes out of a plan that runs."""

from datetime import time, timedelta
from uuid import UUID

from healing.reminders import claim, dispatch
from healing.reminders.actions import stop_plan
from healing.reminders.letters import delete_letter, write_letter
from healing.reminders.models import Delivery, Plan
from healing.reminders.transport import SmtpTransport

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def letter(owner, number: int, day, now) -> Plan:
    return write_letter(
        owner=owner, letter=UUID(int=number), words="Keep the key.", local_time=time(20, 29),
        on_date=day, time_zone="Europe/Berlin", now=now,
    )  # fmt: skip


def test_it_goes_out_though_another_plan_is_stopped(mara, plan_for, due, smtp_server, moment_at):
    day = due.date() + DAY
    plan_for(mara)
    stop_plan(plan_id=letter(mara, 1, day + 9 * DAY, due).pk)
    deleted, now = letter(mara, 2, day, due), due + DAY
    claim.claim(now)
    mails = Delivery.objects.filter(local_date=day, plan=deleted)
    assert mails.update(state="sending", lease_until=now + DAY) == 1
    delete_letter(owner=mara, letter=deleted.pk, now=now)
    Delivery.objects.filter(state="sending").update(state="pending", lease_until=None)

    dispatch.drain(SmtpTransport(), clock=moment_at(now + MINUTE).now)
    assert len(smtp_server.accepted) == 1
