"""The person's letters: those on their way by their day, then those that came."""

from datetime import time, timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from healing.reminders.letters import write_letter
from healing.reminders.models import Plan
from tests.reminders.pages import LETTERS, text


@pytest.fixture
def client(client_of, mara):
    return client_of(mara)


def letter(owner, number: int, *, days: int) -> UUID:
    """A letter that comes in so many days; a day that has come is set afterwards."""
    pk = UUID(int=number)
    write_letter(
        owner=owner, letter=pk, words=f"words {number}", local_time=time(9),
        on_date=owner.today() + timedelta(days=max(days, 1)), time_zone=owner.time_zone,
        now=timezone.now(),
    )  # fmt: skip
    if days < 1:
        Plan.objects.filter(pk=pk).update(on_date=owner.today() + timedelta(days=days))
    return pk


def test_without_a_letter_it_says_what_is_here_and_how_to_begin(client):
    page = client.get(LETTERS)
    assert "Words from you, for a day you choose" in text(page)
    assert 'href="/reminders/letters/new/"' in page.content.decode()


def test_they_stand_by_their_day_and_none_shows_its_words(client, mara):
    for number, days in ((1, 9), (2, 3), (3, -2), (4, 0)):
        letter(mara, number, days=days)
    page = client.get(LETTERS)
    html = page.content.decode()
    places = [html.index(str(UUID(int=number))) for number in (2, 1, 4, 3)]
    assert places == sorted(places)
    words = text(page)
    soon = mara.today() + timedelta(days=3)
    assert f"{soon:%A}, {soon.day} {soon:%B} {soon.year}" in words.split("Those that came")[0]
    assert "words 1" not in html


def test_many_that_came_go_over_several_pages(client, mara):
    for number in range(1, 24):
        pk = letter(mara, number, days=0)
        day = mara.today() - timedelta(days=number)
        Plan.objects.filter(pk=pk).update(on_date=day)
    assert client.get(LETTERS).content.decode().count('href="/reminders/letters/0000') == 20
    assert client.get(LETTERS, {"page": 2}).content.decode().count("/letters/0000") == 3


def test_a_stranger_sees_none_of_them(client_of, theo, mara):
    pk = letter(mara, 1, days=4)
    assert str(pk) not in client_of(theo).get(LETTERS).content.decode()


def test_it_asks_the_database_little(client, mara, django_assert_num_queries):
    for number in range(1, 7):
        letter(mara, number, days=number)
    client.get(LETTERS)
    with django_assert_num_queries(3):
        client.get(LETTERS)


def test_it_needs_somebody_signed_in(db):
    assert Client().get(LETTERS).status_code == 302
