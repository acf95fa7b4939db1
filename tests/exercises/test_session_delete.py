"""Deleting one session: asked first, gone at once, and only one's own."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from exercises.models import Bounds, Exercise, Session
from healing.accounts.models import User
from tests.exercises.conftest import ClientOf, address, begin, kept_of, moved, save


@pytest.fixture
def session(hers: Client) -> Session:
    """A session of Mara's with words in it."""
    return save(hers, "E17", before=5, after=4, **{"note-echo": "the empty hallway"})


def at(session: Session) -> str:
    return reverse("exercises:session_delete", args=[session.pk])


def test_it_shows_what_would_be_deleted_and_asks(hers: Client, session: Session) -> None:
    html = hers.get(at(session)).content.decode()
    assert "<h1>Delete this?</h1>" in html
    assert "the empty hallway" in html
    assert "They cannot be brought back." in html
    assert f'href="{reverse("exercises:session_detail", args=[session.pk])}"' in html
    assert Session.objects.count() == 1


def test_it_deletes_the_row_with_every_word(mara: User, hers: Client, session: Session) -> None:
    other = save(hers, "E05")
    assert "hallway" in kept_of(mara)
    assert hers.post(at(session)).url == reverse("exercises:session_list")
    assert list(Session.objects.of(mara)) == [other]
    assert "hallway" not in kept_of(mara)


def test_deleting_twice_finds_nothing_the_second_time(hers: Client, session: Session) -> None:
    hers.post(at(session))
    assert hers.post(at(session)).status_code == 404


def test_one_that_was_only_begun_can_be_deleted(hers: Client) -> None:
    begun = save(hers, "E05", before=5, ended=None)
    hers.post(at(begun))
    assert not Session.objects.exists()


def test_an_exercise_that_is_gone_stands_with_its_id(hers: Client, session: Session) -> None:
    Exercise.objects.filter(content_id="E17").update(live=False)
    assert "<b>E17</b>" in hers.get(at(session)).content.decode()


def test_the_day_of_one_with_a_frame_still_counts_for_its_week(ready: User, hers: Client) -> None:
    closed = {"one a day": "One of these a day is enough.", "two": "two of these in the last seven"}
    today = begin(hers, "E32")
    assert "The day still counts" in hers.get(at(today)).content.decode()
    hers.post(at(today))
    assert closed["one a day"] in hers.get(address("E33")).content.decode()
    row = Bounds.objects.of(ready).get()
    days = [(ready.today() - timedelta(days=one)).isoformat() for one in (6, 7)]
    row.said = row.said | {"framed_gone": days}
    row.save()
    assert closed["two"] not in hers.get(address("E33")).content.decode()
    moved(begin(hers, "E33"), days=1)
    assert closed["two"] in hers.get(address("E35")).content.decode()


def test_the_day_of_any_other_does_not(mara: User, hers: Client, session: Session) -> None:
    assert "The day still counts" not in hers.get(at(session)).content.decode()
    hers.post(at(session))
    assert not Bounds.objects.exists()


def test_a_stranger_finds_nothing(theo: User, client_of: ClientOf, session: Session) -> None:
    his = client_of(theo)
    assert his.get(at(session)).status_code == 404
    assert his.post(at(session)).status_code == 404
    assert Session.objects.filter(pk=session.pk).exists()


def test_an_id_that_is_none_is_not_found(hers: Client) -> None:
    assert hers.get(reverse("exercises:session_delete", args=[uuid4()])).status_code == 404


def test_an_expired_session_deletes_nothing(client: Client, session: Session) -> None:
    assert client.post(at(session)).status_code == 403
    assert Session.objects.filter(pk=session.pk).exists()


def test_a_stale_token_deletes_nothing(strict: Client, session: Session) -> None:
    assert strict.post(at(session)).status_code == 403
    assert Session.objects.filter(pk=session.pk).exists()


def test_it_costs_a_known_number_of_queries(
    hers: Client, session: Session, django_assert_num_queries: Any
) -> None:
    # session, person, row, key, two for the savepoint, delete, three for the message
    with django_assert_num_queries(10):
        hers.post(at(session))
