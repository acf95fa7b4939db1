"""Pausing on one's own page: nothing is sent before the day, and one press ends it."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from healing.accounts.clock import local_today
from healing.reminders import claim, dispatch
from healing.reminders.models import Delivery, Plan
from healing.reminders.transport import SmtpTransport

PAGE, PAUSE = "/reminders/", "/reminders/pause/"


@pytest.fixture
def client(client_of, mara):
    return client_of(mara)


@pytest.fixture
def plan(mara, plan_for) -> Plan:
    return plan_for(mara, now=timezone.now())


def today(plan: Plan) -> date:
    return local_today(plan.time_zone, timezone.now())


def pause(client, until: date):
    return client.post(PAUSE, {"until": until.isoformat()}, follow=True).content.decode()


def test_nothing_comes_before_the_day_and_the_page_says_so(client, plan):
    until = today(plan) + timedelta(days=10)
    page = pause(client, until)
    assert "The mails are paused." in page
    assert f"The mails are paused until {date_format(until, 'l j F')}." in page
    plan.refresh_from_db()
    coming = plan.coming(timezone.now(), 3)
    assert [one.date() for one in coming] == [until + timedelta(days=n) for n in range(3)]
    assert date_format(coming[0], "l, j F") in page


def test_what_waits_is_not_sent(client, plan, smtp_server):
    plan.next_due_at = timezone.now() - timedelta(minutes=1)
    plan.next_local_date = today(plan)
    plan.save()
    claim.claim(timezone.now())
    pause(client, today(plan) + timedelta(days=2))
    assert dispatch.drain(SmtpTransport()) == {}
    row = Delivery.objects.get()
    assert (row.state, row.reason) == ("skipped", "paused")
    assert "you had paused these mails" in client.get(PAGE).content.decode()


def test_one_already_past_the_gate_is_said(client, plan):
    now = timezone.now()
    Delivery.objects.create(
        plan=plan, person=plan.owner_id, local_date=today(plan), due_at=now, send_before=now,
        next_attempt_at=now, state="sending", lease_until=now + timedelta(minutes=15),
    )  # fmt: skip
    page = pause(client, today(plan) + timedelta(days=2))
    assert "One mail was already on its way." in page


@pytest.mark.parametrize("days", [-1, 0, 367])
def test_a_day_that_cannot_be_changes_nothing_and_is_said(client, plan, days):
    page = pause(client, today(plan) + timedelta(days=days))
    assert "Choose a day from tomorrow on" in page
    assert Plan.objects.get().paused_until is None


@pytest.mark.parametrize("typed", ["", "soon"])
def test_what_is_no_day_is_said(client, plan, typed):
    page = client.post(PAUSE, {"until": typed}, follow=True).content.decode()
    assert "day" in page.split('class="messages"')[-1]
    assert Plan.objects.get().paused_until is None


def test_without_a_plan_there_is_nothing_to_pause(client):
    assert client.post(PAUSE, {"until": "2030-01-01"}).status_code == 404


def test_a_link_pauses_nothing(client, plan):
    assert client.get(PAUSE).status_code == 405


def test_a_stranger_pauses_nothing_of_hers(client_of, theo, plan):
    assert client_of(theo).post(PAUSE, {"until": "2026-12-24"}).status_code == 404
    assert Plan.objects.get().paused_until is None
