"""Stopping all mails from the page: the agreement is taken back, and no word is lost."""

from datetime import time, timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from healing.accounts.actions import has_consent
from healing.accounts.models import Consent
from healing.reminders import claim, dispatch
from healing.reminders.letters import write_letter
from healing.reminders.models import Plan
from tests.reminders.pages import CHECK_IN, LETTERS, PAGE, text

STOP = f"{PAGE}stop/"


@pytest.fixture
def plan(mara, plan_for) -> Plan:
    return plan_for(mara, now=timezone.now())


def test_everything_ends_and_starting_asks_for_consent_anew(client_of, mara, plan):
    client = client_of(mara)
    page = text(client.post(STOP, follow=True))
    assert "All mails are stopped, and your agreement is taken back." in page
    assert "No mail is planned." in page
    assert not has_consent(owner=mara, kind=Consent.Kind.MAIL)
    assert 'name="consent"' in client.get(CHECK_IN).content.decode()


def test_letters_stay_to_be_read(client_of, mara, plan):
    write_letter(
        owner=mara, letter=UUID(int=7), words="hold on", local_time=time(9),
        on_date=mara.today() + timedelta(days=3), time_zone="Europe/Berlin", now=timezone.now(),
    )  # fmt: skip
    client = client_of(mara)
    client.post(STOP)
    assert "The mails are stopped: no mail brings it." in text(client.get(LETTERS))
    assert "hold on" in client.get(f"{LETTERS}{UUID(int=7)}/").content.decode()


def test_one_already_past_the_gate_is_named(client_of, mara, plan_for, due):
    plan_for(mara)
    claim.claim(due)
    token, (held,) = dispatch.lease(due)
    dispatch.gate(held, token, "<x@y>", due)
    assert "One mail was already on its way." in text(client_of(mara).post(STOP, follow=True))


def test_a_stranger_a_link_and_a_visitor_stop_nothing(client_of, mara, theo, plan):
    client_of(theo).post(STOP)
    assert client_of(mara).get(STOP).status_code == 405
    assert Client().post(STOP).status_code == 403
    plan.refresh_from_db()
    assert plan.is_running
    assert has_consent(owner=mara, kind=Consent.Kind.MAIL)
