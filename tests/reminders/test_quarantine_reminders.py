"""After a restore from a copy: nothing goes out that may have gone out before, letters roll on."""

from datetime import date, time, timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.utils import timezone

from healing.accounts.clock import local_today
from healing.reminders import actions, claim, dispatch, letters, upkeep
from healing.reminders.models import Delivery, Plan
from healing.reminders.transport import SmtpTransport

State, Reason = Delivery.State, Delivery.Reason
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
MONDAY = date(2026, 11, 23)


def outcomes() -> list[tuple[str, str]]:
    return sorted(Delivery.objects.values_list("state", "reason"))


def test_todays_mail_counts_as_sent_and_tomorrows_comes(mara, plan_for, due):
    plan = plan_for(mara)
    upkeep.quarantine(due - HOUR)

    assert claim.claim(due + HOUR) == 0
    plan.refresh_from_db()
    assert (plan.last_local_date, plan.next_due_at) == (MONDAY, due + DAY)


def test_days_that_went_by_since_the_copy_are_not_written_down_as_missed(mara, plan_for, due):
    plan = plan_for(mara)
    upkeep.quarantine(due + 9.5 * DAY)

    assert outcomes() == []
    plan.refresh_from_db()
    assert plan.next_local_date == MONDAY + 11 * DAY


@pytest.mark.parametrize(
    ("state", "becomes"),
    [
        (State.PENDING, State.SKIPPED),
        (State.LEASED, State.SKIPPED),
        (State.SENDING, State.UNCERTAIN),
    ],
)
def test_what_waited_is_skipped_and_what_was_being_sent_is_uncertain(
    mara, plan_for, due, smtp_server, state, becomes
):
    plan_for(mara)
    claim.claim(due)
    held = state != State.PENDING
    Delivery.objects.update(
        state=state,
        lease_token=uuid4() if held else None,
        lease_until=due + HOUR if held else None,
    )
    upkeep.quarantine(due)

    assert outcomes() == [(becomes, Reason.RESTORED)]
    assert dispatch.drain(SmtpTransport(), clock=lambda: due) == {}
    assert smtp_server.accepted == []


def test_a_date_claimed_before_is_never_set_back(mara, plan_for, due):
    plan_for(mara)
    Plan.objects.update(last_local_date=MONDAY + 2 * DAY, next_due_at=due + 3 * DAY)
    upkeep.quarantine(due)
    assert Plan.objects.get().last_local_date == MONDAY + 2 * DAY


def test_the_day_is_each_plans_own(mara, theo, plan_for, due):
    """20:30 in Berlin is Tuesday morning in Kiritimati."""
    plan_for(mara), plan_for(theo, time_zone="Pacific/Kiritimati")
    upkeep.quarantine(due)

    days = dict(Plan.objects.values_list("time_zone", "last_local_date"))
    assert days == {"Europe/Berlin": MONDAY, "Pacific/Kiritimati": MONDAY + DAY}


def test_letters_whose_day_came_meanwhile_come_tomorrow_and_later_ones_on_theirs(mara, due):
    late, later = (
        letters.write_letter(
            owner=mara, letter=uuid4(), words="Breathe.", on_date=MONDAY + days * DAY,
            local_time=time(20, 30), time_zone="Europe/Berlin", now=due,
        )
        for days in (2, 30)
    )  # fmt: skip
    upkeep.quarantine(due + 5 * DAY)

    late.refresh_from_db()
    later.refresh_from_db()
    assert (late.next_local_date, later.next_local_date) == (MONDAY + 6 * DAY, MONDAY + 30 * DAY)
    claim.claim(due + 6 * DAY)
    assert outcomes() == [(State.PENDING, "")]


def test_a_break_and_a_silence_go_on_and_do_not_end_in_todays_mail(mara, theo, plan_for, due):
    for person in (mara, theo):
        plan_for(person)
    actions.take_break(owner_id=mara.pk, until=None, now=due - 2 * HOUR)
    Plan.objects.filter(owner=theo).update(
        quiet_since=due - 2 * HOUR, next_due_at=None, next_local_date=None
    )
    upkeep.quarantine(due - HOUR)
    assert not Plan.objects.running().exists()

    actions.end_break(owner_id=mara.pk, now=due - HOUR)
    actions.wake(owner_id=theo.pk, now=due - HOUR)
    assert set(Plan.objects.values_list("next_local_date", flat=True)) == {MONDAY + DAY}


def test_a_stopped_plan_stays_as_it_is(mara, plan_for, due):
    plan = plan_for(mara)
    actions.stop_plan(plan_id=plan.pk)
    assert upkeep.quarantine(due)["plans"] == 0
    assert Plan.objects.get().last_local_date is None


def test_the_command_says_what_it_did_and_does_it_once(mara, plan_for):
    plan_for(mara, now=timezone.now())
    Delivery.for_due(Plan.objects.get()).save()

    def run() -> list[str]:
        out = StringIO()
        call_command("quarantine_reminders", stdout=out)
        return out.getvalue().splitlines()

    assert run() == [
        "waiting mails skipped: 1",
        "mails that may have gone out: 0",
        "plans that go on tomorrow: 1",
    ]
    plan = Plan.objects.get()
    assert plan.last_local_date == local_today("Europe/Berlin", timezone.now())
    assert [line.split()[-1] for line in run()] == ["0", "0", "0"]
