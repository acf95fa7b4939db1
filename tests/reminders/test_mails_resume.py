"""Coming back is one press: from a break, and from mails that went quiet."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from healing.reminders import actions
from healing.reminders.models import Plan
from tests.reminders.pages import AGAIN, LOOK_BACK, text


@pytest.fixture
def plan(mara, plan_for) -> Plan:
    return plan_for(mara, now=timezone.now())


@pytest.mark.parametrize("days", [5, None])
def test_it_ends_a_break_at_once(client_of, mara, plan, days):
    client = client_of(mara)
    client.post(LOOK_BACK, {"days": "6", "local_time": "18:00"})
    until = timezone.now() + timedelta(days=days) if days else None
    actions.take_break(owner_id=mara.pk, until=until, now=timezone.now())
    page = text(client.post(AGAIN, follow=True))
    assert "The mails come as planned." in page
    assert "You are on a break." not in page
    for one in Plan.objects.all():
        assert one.is_running
        assert one.break_until is None


def test_it_wakes_what_went_quiet_and_nothing_that_was_stopped(client_of, mara, plan):
    client = client_of(mara)
    client.post(LOOK_BACK, {"days": "6", "local_time": "18:00"})
    client.post("/reminders/look-back/stop/")
    now = timezone.now()
    Plan.objects.filter(pk=plan.pk).update(quiet_since=now, next_due_at=None, next_local_date=None)
    assert "went quiet" not in text(client.post(AGAIN, follow=True))
    running = Plan.objects.filter(next_due_at__isnull=False)
    assert running.get().pk == plan.pk


def test_from_today_the_way_leads_back_there(client_of, mara, plan):
    assert client_of(mara).post(AGAIN, {"back": "today"}).url == "/today/"


def test_a_stranger_a_link_and_a_visitor_end_nothing(client_of, mara, theo, plan):
    actions.take_break(owner_id=mara.pk, until=None, now=timezone.now())
    client_of(theo).post(AGAIN)
    assert client_of(mara).get(AGAIN).status_code == 405
    assert Client().post(AGAIN).status_code == 403
    plan.refresh_from_db()
    assert plan.break_since is not None
