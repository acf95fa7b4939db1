"""What a mail may hold, the quiet hours and the zone: one choice for all plans."""

import re
from datetime import time

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from healing.reminders import claim, dispatch
from healing.reminders.models import Plan
from tests.reminders.pages import LOOK_BACK, PAGE, OtherTab, text

MAIL = f"{PAGE}mail/"
WANTED = {
    "holds": "bare", "quiet_from": "22:00", "quiet_to": "07:00", "time_zone": "Europe/Lisbon",
}  # fmt: skip


@pytest.fixture
def client(client_of, mara):
    return client_of(mara)


@pytest.fixture
def plan(mara, plan_for) -> Plan:
    return plan_for(mara, now=timezone.now())


def shared() -> set[tuple]:
    names = ("holds", "quiet_from", "quiet_to", "time_zone")
    return set(Plan.objects.values_list(*names))


def test_it_holds_for_all_plans_and_the_page_says_so(client, plan):
    client.post(LOOK_BACK, {"days": "6", "local_time": "18:00"})
    page = client.post(MAIL, WANTED, follow=True)
    assert shared() == {("bare", time(22), time(7), "Europe/Lisbon")}
    assert "quiet from 22:00 to 07:00; by the clock of Lisbon" in text(page)
    assert plan.local_time == time(20, 30)
    again = client.get(MAIL).content.decode()
    assert re.findall(r'name="holds" value="(\w+)" checked', again) == ["bare"]
    assert '<option value="Europe/Lisbon" selected>' in again


def test_an_hour_that_another_tab_moves_meanwhile_refuses_the_quiet_hours(client, plan):
    other = OtherTab(local_time=time(23))
    with connection.execute_wrapper(other):
        response = client.post(MAIL, WANTED)
    assert not other.changes
    assert "Not saved: a mail or your quiet hours changed in another tab" in text(response)
    assert 'value="22:00"' in response.content.decode()
    assert shared() == {("action", None, None, "Europe/Berlin")}


def test_both_ends_open_means_no_quiet_hours(client, plan):
    client.post(MAIL, WANTED)
    client.post(MAIL, {**WANTED, "quiet_from": "", "quiet_to": ""})
    assert shared() == {("bare", None, None, "Europe/Lisbon")}


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"quiet_to": ""}, "Give both ends, or leave both open."),
        ({"quiet_from": ""}, "Give both ends, or leave both open."),
        ({"quiet_to": "22:00"}, "these hours would have no length"),
        ({"quiet_from": "20:00"}, "A mail of yours is set for 20:30."),
        ({"quiet_from": "late"}, "Write the time as hours and minutes"),
        ({"holds": "everything"}, "Select a valid choice"),
        ({"time_zone": "Mars/Base"}, "Choose a time zone from the list"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_changes(client, plan, wrong, says):
    before = shared()
    sent = {**WANTED, **wrong}
    response = client.post(MAIL, sent)
    assert response.status_code == 200
    assert says in text(response)
    assert shared() == before
    for name in ("quiet_from", "quiet_to"):
        if sent[name]:
            assert f'value="{sent[name]}"' in response.content.decode()


def test_the_hour_of_a_stopped_mail_stands_in_no_ones_way(client, plan):
    client.post("/reminders/check-in/stop/")
    client.post(MAIL, {**WANTED, "quiet_from": "20:00"})
    assert shared() == {("bare", time(20), time(7), "Europe/Lisbon")}


def test_one_already_past_the_gate_is_named(client, mara, plan_for, due):
    plan_for(mara)
    claim.claim(due)
    token, (held,) = dispatch.lease(due)
    dispatch.gate(held, token, "<x@y>", due)
    assert "One mail was already on its way." in text(client.post(MAIL, WANTED, follow=True))


def test_without_a_plan_there_is_nothing_to_choose(client):
    assert client.get(MAIL).url == PAGE
    assert client.post(MAIL, WANTED).url == PAGE


def test_a_stranger_changes_nothing_of_hers(client_of, theo, plan):
    client_of(theo).post(MAIL, WANTED)
    assert shared() == {("action", None, None, "Europe/Berlin")}


def test_it_asks_the_database_little(client, plan, django_assert_num_queries):
    client.get(MAIL)
    with django_assert_num_queries(6):
        client.get(MAIL)


def test_a_form_sent_without_signing_in_comes_back_filled(plan):
    response = Client().post(MAIL, WANTED)
    assert response.status_code == 403
    assert 'value="22:00"' in response.content.decode()
    assert shared() == {("action", None, None, "Europe/Berlin")}


def test_it_needs_somebody_signed_in(db):
    assert Client().get(MAIL).status_code == 302
