"""The library, open to everyone."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from exercises.models import Exercise
from healing.accounts.models import User
from tests.exercises.conftest import ClientOf

ADDRESS = reverse("exercises:exercise_list")


pytestmark = pytest.mark.usefixtures("shipped")


def titles(response: Any) -> list[str]:
    return [exercise.title for exercise in response.context["exercises"]]


def test_it_lists_what_is_published_with_length_and_evidence(client: Client) -> None:
    shown = client.get(ADDRESS).content.decode()
    assert "Feet, seat, spine" in shown
    assert "90 seconds · Practice wisdom" in shown
    assert "3 minutes · Tested" in shown


def test_a_draft_is_not_listed(client: Client) -> None:
    Exercise.objects.filter(content_id="E02").update(live=False)
    assert "Feet, seat, spine" not in titles(client.get(ADDRESS))


def test_every_evidence_tag_is_explained(client: Client) -> None:
    shown = client.get(ADDRESS).content.decode()
    assert "Trials of this practice" in shown
    assert "Small studies" in shown
    assert "Many helpers use it" in shown


@pytest.mark.parametrize(
    ("state", "fits", "leaves_out"),
    [
        ("alarm", "Finger tracing", None),
        ("shut-down", "Feet, seat, spine", "Finger tracing"),
        ("calm", "Long out-breath", "Feet, seat, spine"),
    ],
)
def test_a_state_keeps_what_fits_it(
    client: Client, state: str, fits: str, leaves_out: str | None
) -> None:
    response = client.get(ADDRESS, {"state": state})
    assert fits in titles(response)
    assert leaves_out not in titles(response)
    assert f'href="?state={state}" aria-current="true"' in response.content.decode()


def test_an_unknown_state_shows_all(client: Client) -> None:
    assert len(titles(client.get(ADDRESS, {"state": "sideways"}))) == 5


def test_a_state_that_nothing_fits_says_so(client: Client) -> None:
    Exercise.objects.update(fits_calm=False)
    response = client.get(ADDRESS, {"state": "calm"})
    assert "None of the exercises is listed for this." in response.content.decode()


def test_a_visitor_costs_one_query_and_gets_no_cookie(
    client: Client, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        response = client.get(ADDRESS)
    assert not response.cookies
    assert "nothing you do here is stored" in response.content.decode()


def test_a_person_sees_their_own_header(
    mara: User, client_of: ClientOf, django_assert_num_queries: Any
) -> None:
    client = client_of(mara)
    with django_assert_num_queries(3):  # session, person, exercises
        shown = client.get(ADDRESS).content.decode()
    assert reverse("journal:entry_list") in shown
    assert "nothing you do here is stored" not in shown
