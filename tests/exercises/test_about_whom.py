"""Whom E18 is about: asked once in front, may stay open, and a third start suggests to talk."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from exercises.models import Other
from healing.accounts.models import User
from tests.exercises.conftest import ClientOf, address, kept_of, save

FIRST_STEP = "The first story"


@pytest.fixture
def at(shipped: None) -> str:
    return address("E18", "about_whom")


def followed(client: Client, at: str, **data: str) -> str:
    """The page somebody stands on after pressing Begin."""
    return client.post(at, data, follow=True).content.decode()


def began(owner: User, name: str, *days_ago: int) -> None:
    """Somebody of this name, and starts of E18 about them so many days ago."""
    row = Other.objects.of(owner).get()
    days = [(owner.today() - timedelta(days=one)).isoformat() for one in days_ago]
    row.said = row.said | {"starts": {"E18": days}}
    row.save()


def test_a_visitor_meets_the_steps_at_once(client: Client, at: str) -> None:
    html = client.get(address("E18")).content.decode()
    assert FIRST_STEP in html
    assert at not in html
    assert client.post(at, {"name": "K."}).status_code == 403


def test_it_is_asked_first_and_left_open_the_exercise_begins(hers: Client, at: str) -> None:
    html = hers.get(address("E18")).content.decode()
    assert f'action="{at}"' in html
    assert "You may leave it open." in html
    assert FIRST_STEP not in html
    assert FIRST_STEP in followed(hers, at)
    assert not Other.objects.exists()


def test_the_way_and_the_session_asked_for_are_still_there(hers: Client, at: str) -> None:
    html = hers.get(address("E18"), {"variant": "gentle"}).content.decode()
    assert f'action="{at}?variant=gentle"' in html
    assert "variant=gentle" in hers.post(f"{at}?variant=gentle", {"name": ""}).url


def test_what_was_noted_before_opens_without_asking(hers: Client, at: str) -> None:
    session = save(hers, "E18", **{"note-first-story": "He saw it and went to bed."})
    html = hers.get(address("E18"), {"session": str(session.pk)}).content.decode()
    assert "He saw it and went to bed." in html


@pytest.mark.parametrize(
    ("days", "suggests"),
    [
        pytest.param([], False, id="the first"),
        pytest.param([3], False, id="the second"),
        pytest.param([13, 3], True, id="the third in two weeks"),
        pytest.param([14, 3], False, id="the third, the first of them longer ago"),
    ],
)
def test_the_third_start_about_one_person_first_suggests_to_talk_with_the_way_on(
    mara: User, hers: Client, at: str, days: Any, suggests: bool
) -> None:
    hers.post(at, {"name": "K."})
    began(mara, "K.", *days)
    answer = hers.post(at, {"name": " k. "}, follow=True)
    html = answer.content.decode()
    assert ("someone you trust may give you more" in html) is suggests
    assert (FIRST_STEP in html) is not suggests
    if suggests:
        assert FIRST_STEP in hers.get(answer.context["way_on"]).content.decode()
        assert "K." not in html


def test_another_name_and_nobody_are_counted_apart(mara: User, hers: Client, at: str) -> None:
    hers.post(at, {"name": "K."})
    began(mara, "K.", 2, 1)
    assert FIRST_STEP in followed(hers, at, name="R.")
    assert FIRST_STEP in followed(hers, at, name="")


def test_it_ends_no_rest_and_lets_nobody_rest(mara: User, hers: Client, at: str) -> None:
    hers.post(at, {"name": "K."})
    row = Other.objects.of(mara).get()
    assert row.said["rests_since"] is None
    row.said = row.said | {"rests_since": mara.today().isoformat()}
    row.save()
    hers.post(at, {"name": "K."})
    assert Other.objects.of(mara).get().said["rests_since"] == mara.today().isoformat()


def test_a_name_too_long_is_said_and_kept_on_the_page(hers: Client, at: str) -> None:
    html = hers.post(at, {"name": "K" * 61}).content.decode()
    assert "Shorten it to 60 letters" in html
    assert "K" * 61 in html
    assert not Other.objects.exists()


def test_it_belongs_to_that_exercise_and_a_link_to_it_leads_there(hers: Client, at: str) -> None:
    assert hers.get(at).url == address("E18")
    assert hers.post(address("E17", "about_whom"), {"name": "K."}).status_code == 404


def test_the_name_is_nobody_elses(
    mara: User, theo: User, hers: Client, client_of: ClientOf, at: str
) -> None:
    for _ in range(3):
        hers.post(at, {"name": "Kestrel"})
    assert FIRST_STEP in followed(client_of(theo), at, name="Kestrel")
    assert kept_of(theo).count("Kestrel") == 1


def test_an_expired_session_gives_the_name_back(client: Client, at: str) -> None:
    answer = client.post(at, {"name": "Kestrel"})
    assert answer.status_code == 403
    assert "Kestrel" in answer.content.decode()


def test_it_asks_the_database_little(hers: Client, at: str, django_assert_num_queries: Any) -> None:
    hers.post(at, {"name": "K."})
    # session, person, exercise; a savepoint around the row and the key
    with django_assert_num_queries(8):
        hers.post(at, {"name": "K."})
