"""Stopping one mail: the others go on, and its choices are kept."""

from datetime import time

import pytest
from django.test import Client
from django.utils import timezone

from healing.accounts.actions import has_consent
from healing.accounts.models import Consent
from healing.reminders import claim, dispatch
from healing.reminders.models import Delivery, Plan
from tests.reminders.pages import CHECK_IN, LOOK_BACK, PAGE, text

STOP = f"{CHECK_IN}stop/"


@pytest.fixture
def plan(mara, plan_for) -> Plan:
    return plan_for(mara, now=timezone.now())


def test_it_stops_this_one_and_leaves_the_others_and_the_consent(client_of, mara, plan):
    client = client_of(mara)
    client.post(LOOK_BACK, {"days": "6", "local_time": "18:00"})
    page = client.post(STOP, follow=True)
    assert "It is stopped." in text(page)
    assert "on its way" not in text(page)
    assert "Daily check-in Off" in text(page)
    assert "Weekly look-back On: Sunday at 18:00" in text(page)
    assert has_consent(owner=mara, kind=Consent.Kind.MAIL)


def test_days_and_hour_are_there_when_it_is_started_again(client_of, mara, plan):
    client = client_of(mara)
    client.post(STOP)
    page = client.get(CHECK_IN).content.decode()
    assert 'value="20:30"' in page
    assert "Start the mail" in page
    client.post(CHECK_IN, {"days": ["0"], "local_time": "20:30"})
    plan.refresh_from_db()
    assert plan.is_running
    assert plan.local_time == time(20, 30)


def test_one_already_past_the_gate_is_named(client_of, mara, plan_for, due):
    plan_for(mara)
    claim.claim(due)
    token, (held,) = dispatch.lease(due)
    dispatch.gate(held, token, "<x@y>", due)
    page = text(client_of(mara).post(STOP, follow=True))
    assert "One mail was already on its way." in page
    assert Delivery.objects.get().state == Delivery.State.SENDING


def test_stopping_twice_is_as_good_as_once(client_of, mara, plan):
    client = client_of(mara)
    for _ in range(2):
        assert client.post(STOP).url == PAGE


def test_a_stranger_a_link_and_a_visitor_stop_nothing(client_of, mara, theo, plan):
    assert client_of(theo).post(STOP).status_code == 404
    assert client_of(mara).get(STOP).status_code == 405
    assert Client().post(STOP).status_code == 403
    assert client_of(mara).post("/reminders/letter/stop/").status_code == 404
    plan.refresh_from_db()
    assert plan.is_running
