"""On a journey: all mails by the clock of the device, with one press."""

import pytest
from django.test import Client
from django.utils import timezone

from healing.reminders.models import Plan
from tests.reminders.pages import LOOK_BACK, PAGE, text

ZONE = f"{PAGE}zone/"


@pytest.fixture
def plan(mara, plan_for) -> Plan:
    return plan_for(mara, now=timezone.now())


def zones() -> set[str]:
    return set(Plan.objects.values_list("time_zone", flat=True))


def test_every_mail_comes_by_the_new_clock_at_the_same_hour(client_of, mara, plan):
    client = client_of(mara)
    client.post(LOOK_BACK, {"days": "6", "local_time": "18:00"})
    page = text(client.post(ZONE, {"time_zone": "Europe/Lisbon", "back": "reminders"}, follow=True))
    assert "Your mails come by the clock of Lisbon now." in page
    assert zones() == {"Europe/Lisbon"}
    plan.refresh_from_db()
    assert f"{plan.coming(timezone.now(), 1)[0]:%H:%M}" == "20:30"


def test_from_today_the_way_leads_back_there(client_of, mara, plan):
    sent = {"time_zone": "Asia/Calcutta", "back": "today"}
    assert client_of(mara).post(ZONE, sent).url == "/today/"
    assert zones() == {"Asia/Calcutta"}


def test_another_address_to_go_back_to_is_not_followed(client_of, mara, plan):
    sent = {"time_zone": "Europe/Lisbon", "back": "https://elsewhere.example/"}
    assert client_of(mara).post(ZONE, sent).url == PAGE


@pytest.mark.parametrize("name", ["Mars/Base", "", "../etc/passwd"])
def test_a_clock_nobody_knows_changes_nothing_and_says_so(client_of, mara, plan, name):
    page = text(client_of(mara).post(ZONE, {"time_zone": name}, follow=True))
    assert "This time zone is not known here." in page
    assert zones() == {"Europe/Berlin"}


def test_a_stranger_a_link_and_a_visitor_change_nothing(client_of, mara, theo, plan):
    sent = {"time_zone": "Europe/Lisbon"}
    client_of(theo).post(ZONE, sent)
    assert client_of(mara).get(ZONE, sent).status_code == 405
    assert Client().post(ZONE, sent).status_code == 403
    assert zones() == {"Europe/Berlin"}


def test_the_page_holds_the_question_ready_and_hidden(client_of, mara, theo, plan):
    page = client_of(mara).get(PAGE).content.decode()
    assert '<form hidden method="post" action="/reminders/zone/"' in page
    assert 'data-travelling="Europe/Berlin"' in page
    assert "your plan says <b>Berlin</b>" in page
    assert "data-travelling" not in client_of(theo).get(PAGE).content.decode()
