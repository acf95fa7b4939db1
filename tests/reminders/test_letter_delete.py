"""Deleting a letter asks first, is real, and can be undone on the page after it."""

import re
from datetime import time, timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from healing.reminders.letters import write_letter
from healing.reminders.models import Enclosure, Plan
from tests.reminders.pages import text

PK = UUID(int=7)
DELETE = f"/reminders/letters/{PK}/delete/"


@pytest.fixture
def letter(mara) -> Plan:
    return write_letter(
        owner=mara, letter=PK, words="Keep the key.", local_time=time(9),
        on_date=mara.today() + timedelta(days=10), time_zone="Europe/Berlin", now=timezone.now(),
    )  # fmt: skip


def undo_in(response) -> str:
    found = re.search(r'name="undo" value="([^"]+)"', response.content.decode())
    assert found
    return found[1]


def test_it_asks_first(client_of, mara, letter):
    page = client_of(mara).get(DELETE)
    day = letter.on_date
    assert f"The one for {day:%A}, {day.day} {day:%B} {day.year}." in text(page)
    assert Plan.objects.exists()


def test_it_deletes_plan_and_words_and_offers_to_bring_them_back(client_of, mara, letter):
    page = client_of(mara).post(DELETE)
    assert not Plan.objects.exists()
    assert not Enclosure.objects.exists()
    assert "The letter is deleted" in text(page)
    assert 'action="/reminders/letters/restore/"' in page.content.decode()
    assert "Keep the key." not in undo_in(page)


def test_two_quick_presses_both_end_on_the_page_that_can_undo(client_of, mara, letter):
    client = client_of(mara)
    undo = undo_in(client.get(DELETE))
    client.post(DELETE, {"undo": undo})
    again = client.post(DELETE, {"undo": undo})
    assert again.status_code == 200
    assert "The letter is deleted" in text(again)


def test_what_is_not_there_is_not_found(client_of, mara, letter):
    client = client_of(mara)
    undo = undo_in(client.get(DELETE))
    other = f"/reminders/letters/{UUID(int=8)}/delete/"
    assert client.get(other).status_code == 404
    assert client.post(other, {"undo": undo}).status_code == 404
    assert client.post(other, {"undo": "made up"}).status_code == 404


def test_a_stranger_and_a_visitor_delete_nothing(client_of, mara, theo, letter):
    undo = undo_in(client_of(mara).get(DELETE))
    assert client_of(theo).get(DELETE).status_code == 404
    assert client_of(theo).post(DELETE, {"undo": undo}).status_code == 404
    assert Client().post(DELETE).status_code == 403
    assert Plan.objects.exists()
