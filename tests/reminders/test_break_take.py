"""A break stops everything at once, until a day or until the person starts again."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from healing.accounts.clock import local_now, local_today
from healing.reminders import claim, dispatch
from healing.reminders.models import Delivery, Plan
from healing.reminders.transport import SmtpTransport
from tests.reminders.pages import BREAK, LOOK_BACK, PAGE, text


@pytest.fixture
def client(client_of, mara):
    return client_of(mara)


@pytest.fixture
def plan(mara, plan_for) -> Plan:
    return plan_for(mara, now=timezone.now())


def today(plan: Plan) -> date:
    return local_today(plan.time_zone, timezone.now())


def take(client, until: date | None):
    return client.post(BREAK, {"until": until.isoformat() if until else ""}, follow=True)


def test_until_a_day_nothing_comes_before_it(client, plan):
    until = today(plan) + timedelta(days=10)
    page = text(take(client, until))
    assert "The break has begun. Nothing is sent." in page
    assert f"Nothing comes before {until:%A}, {until.day} {until:%B}." in page
    plan.refresh_from_db()
    assert local_now(plan.time_zone, plan.break_until).date() == until
    assert plan.coming(timezone.now(), 1)[0].date() == until


def test_without_a_day_it_lasts_until_the_person_ends_it(client, plan):
    client.post(LOOK_BACK, {"days": "6", "local_time": "18:00"})
    page = text(take(client, None))
    assert "Nothing comes until you start the mails again." in page
    assert not Plan.objects.filter(next_due_at__isnull=False).exists()
    assert Plan.objects.filter(break_since__isnull=False).count() == 2


@pytest.mark.parametrize("days", [5, None])
def test_what_waits_is_not_sent(client, plan, smtp_server, days):
    Plan.objects.update(
        next_due_at=timezone.now() - timedelta(minutes=1), next_local_date=today(plan)
    )
    claim.claim(timezone.now())
    take(client, today(plan) + timedelta(days=days) if days else None)
    assert dispatch.drain(SmtpTransport()) == {}
    assert smtp_server.accepted == []
    assert "not sent: you were on a break" in text(client.get(PAGE))


def test_one_already_past_the_gate_is_named(client, mara, plan_for, due):
    plan_for(mara)
    claim.claim(due)
    token, (held,) = dispatch.lease(due)
    dispatch.gate(held, token, "<x@y>", due)
    assert "One mail was already on its way." in text(take(client, None))
    assert Delivery.objects.get().state == Delivery.State.SENDING


@pytest.mark.parametrize("days", [0, -1, 367])
def test_a_day_that_cannot_be_is_said_and_nothing_changes(client, plan, days):
    page = take(client, today(plan) + timedelta(days=days))
    assert "Choose a day from tomorrow on, within the next year." in text(page)
    plan.refresh_from_db()
    assert (plan.break_until, plan.break_since) == (None, None)


def test_what_is_no_date_stays_in_the_form(client, plan):
    page = client.post(BREAK, {"until": "next week"})
    assert "This is not a date." in text(page)
    assert 'value="next week"' in page.content.decode()


def test_without_a_running_mail_there_is_nothing_to_break_off(client):
    assert client.get(BREAK).url == PAGE


def test_a_stranger_and_a_visitor_break_nothing_off(client_of, theo, plan):
    take(client_of(theo), None)
    answer = Client().post(BREAK, {"until": "2027-01-02"})
    assert answer.status_code == 403
    assert 'value="2027-01-02"' in answer.content.decode()
    plan.refresh_from_db()
    assert plan.is_running
    assert Client().get(BREAK).status_code == 302


def test_it_asks_the_database_little(client, plan, django_assert_num_queries):
    client.get(BREAK)
    with django_assert_num_queries(6):
        client.get(BREAK)
