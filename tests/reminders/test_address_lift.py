"""An address whose mail came back gets mail again once its person says so."""

import pytest
from django.test import Client
from django.utils import timezone

from healing.reminders.models import Plan, Suppression
from healing.reminders.suppression import is_suppressed, suppress
from tests.reminders.pages import PAGE, text

LIFT = f"{PAGE}address/"


@pytest.fixture
def plan(mara, plan_for) -> Plan:
    found: Plan = plan_for(mara, now=timezone.now())
    suppress(mara.email, Suppression.Reason.BOUNCED, timezone.now())
    return found


def test_the_page_says_that_nothing_is_sent_and_why(client_of, mara, plan):
    page = client_of(mara).get(PAGE)
    assert "mail to mara@example.org came back, or was marked as unwanted there." in text(page)
    assert "What comes next" not in text(page)
    assert 'action="/reminders/address/"' in page.content.decode()
    assert 'href="/accounts/email/"' in page.content.decode()


def test_one_press_sends_to_it_again(client_of, mara, plan):
    page = text(client_of(mara).post(LIFT, follow=True))
    assert "The mails go to this address again, as planned." in page
    assert "What comes next" in page
    assert not is_suppressed(mara.email)


def test_today_promises_no_mail(client_of, mara, plan, content):
    page = text(client_of(mara).get("/today/"))
    assert "Your mails came back, so none is sent." in page
    assert "Your next mail comes on" not in page


def test_a_stranger_a_link_and_a_visitor_lift_nothing(client_of, mara, theo, plan):
    client_of(theo).post(LIFT)
    assert client_of(mara).get(LIFT).status_code == 405
    assert Client().post(LIFT).status_code == 403
    assert is_suppressed(mara.email)
