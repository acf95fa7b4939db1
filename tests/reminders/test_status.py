"""How the sending stands: numbers that equal the rows, and not a word about anybody."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from healing.reminders import rate
from healing.reminders.management.commands.reminders_status import lines
from healing.reminders.models import Delivery, Plan, Suppression
from healing.reminders.replies import codes_of
from healing.reminders.status import status
from healing.reminders.suppression import strike, suppress


@pytest.fixture
def plan(mara, plan_for) -> Plan:
    return plan_for(mara, now=timezone.now())


def mail(plan, ago, state, **fields):
    moment = timezone.now() - ago
    lease = {"lease_until": moment} if state in {"leased", "sending"} else {}
    return Delivery.objects.create(
        plan=plan,
        person=plan.owner_id,
        local_date=moment.date(),
        seq=Delivery.objects.count() + 1,
        due_at=moment,
        send_before=plan.send_before(moment),
        next_attempt_at=moment,
        state=state,
        **lease,
        **fields,
    )


def test_nothing_is_said_in_six_lines(db):
    out = StringIO()
    call_command("reminders_status", stdout=out)
    assert out.getvalue().splitlines() == [
        "due and unsent: 0",
        "last 24 hours: nothing",
        "sent in the last hour: 0",
        "troubles in 24 hours: nothing",
        "addresses that get no more mail: 0",
        "rate: no limit",
    ]


def test_what_waits_is_counted_with_the_age_of_the_oldest(plan, django_assert_num_queries):
    now = timezone.now()
    mail(plan, timedelta(minutes=9), "pending")
    mail(plan, timedelta(minutes=12), "leased")
    mail(plan, -timedelta(minutes=5), "pending")
    Plan.objects.update(next_due_at=now - timedelta(minutes=14, seconds=3))
    with django_assert_num_queries(7):
        found = status(now)
    assert found.unsent == 3
    assert lines(found, now)[0] == "due and unsent: 3, the oldest since 14 min 3 s"


def test_what_became_of_a_days_mails_is_counted_by_state_and_reason(plan):
    for state, reason in (("sent", ""), ("sent", ""), ("skipped", "late"), ("skipped", "paused")):
        mail(plan, timedelta(hours=2), state, reason=reason)
    mail(plan, timedelta(hours=25), "sent")
    found = status(timezone.now())
    assert found.states == {"sent": 2, "skipped late": 1, "skipped paused": 1}
    assert "last 24 hours: sent 2, skipped late 1" in lines(found, timezone.now())[1]


def test_the_rate_is_of_the_last_hour(plan):
    for minutes in (5, 59, 61):
        ago = timedelta(minutes=minutes)
        mail(plan, ago, "sent", sent_at=timezone.now() - ago)
    assert status(timezone.now()).sent_last_hour == 2


def test_troubles_are_counted_by_the_servers_codes_alone(plan):
    at = timedelta(hours=1)
    refused = "550 5.1.1 <mara@example.org> is not here"
    mail(plan, at, "failed", reason="refused", server_reply=refused)
    mail(plan, at, "pending", attempts=2, server_reply="451 try later")
    mail(plan, at, "pending", attempts=1, server_reply="ConnectionLost: timed out")
    mail(plan, at, "pending")
    mail(plan, at, "sent", server_reply="250 OK")
    found = status(timezone.now())
    assert found.troubles == {"550 5.1.1": 1, "451": 1, "no answer": 1}
    assert "mara" not in "\n".join(lines(found, timezone.now()))


def test_ended_addresses_and_the_present_rate_are_numbers_alone(db, settings):
    now = timezone.now()
    suppress("mara@example.org", Suppression.Reason.BOUNCED, now)
    strike("theo@example.org", Suppression.Reason.BOUNCED, now)
    settings.REMINDERS_PER_SECOND = 30
    assert lines(status(now), now)[5] == "rate: 30.0 a second"
    rate.take(now, 50)
    rate.slow(now)
    said = lines(status(now), now)
    assert said[4:] == ["addresses that get no more mail: 1", "rate: 15.0 a second"]
    assert "@" not in "\n".join(said)


@given(st.text())
def test_no_word_of_a_reply_gets_through(reply):
    assert codes_of(reply) == "no answer" or not set(codes_of(reply)) - set("0123456789. ")
